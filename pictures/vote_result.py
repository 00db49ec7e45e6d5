"""The result of a vote as bars: read at arm's length on a small phone, by colour-blind eyes too.

The winner is told by a star, bold type and a darker bar, so by more than its hue. Options stand
in the order of their votes, every number is written out, and equal data give equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from locales import N_, sentence
from pictures.lettering import clean, font, width, wrap

WIDTH = 1080
LEAST_HEIGHT = 1080
MOST_OPTIONS = 100

_MARGIN = 72
_ROOM = WIDTH - 2 * _MARGIN
_LEADING = 1.25
_PAPER, _INK, _QUIET = "#ffffff", "#16212c", "#55636f"
_SHARE_ROOM = "  100 %"
_WINNER, _OTHER, _TRACK, _LINE = "#0b4a82", "#85a9c9", "#e9eef3", "#d5dde4"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Sizes in pixels for so many options."""

    upto: int
    label: float
    bar: float
    gap: float
    lines: int
    beside: bool = False
    """Whether the numbers stand beside the bar, which leaves the label the whole width."""


# A phone shows at most 1280 pixels of a photo's longer side: long ballots get tighter rows.
_SCALES = (
    _Scale(4, 42, 42, 40, 4),
    _Scale(8, 36, 34, 34, 3),
    _Scale(14, 32, 24, 26, 2),
    _Scale(20, 32, 24, 26, 2, beside=True),
    _Scale(MOST_OPTIONS, 32, 22, 24, 1, beside=True),
)


@dataclass(frozen=True, slots=True)
class _Row:
    label: list[str]
    votes: int
    figures: tuple[str, str]
    wins: bool


def draw(data: dict[str, Any], language: str) -> bytes:
    """A PNG, 1080 pixels wide and at least as high.

    data: question and town (phrases); options, a list of {"label": phrase, "votes": int};
    ballots, how many were cast; eligible, how many could be, or None; closed, an ISO moment,
    shown on the clock of `zone` when given, else as it is written. Shares are of the ballots,
    since one ballot may approve several options. ValueError for data that cannot be a result.
    """
    options: list[Mapping[str, Any]] = data["options"]
    ballots: int = data["ballots"]
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise ValueError("a result has from 1 to 100 options")
    if any(not 0 <= option["votes"] <= ballots for option in options):
        raise ValueError("an option has between none and all of the ballots")
    scale = next(each for each in _SCALES if len(options) <= each.upto)
    rows = _rows(options, ballots, scale, language)
    beside = _figures_width(ballots, scale, language) if scale.beside else 0.0
    heading, footing = _heading(data, rows, language), _footing(data, language)
    return _Sheet(heading, rows, scale, footing, ballots, _ROOM - beside).drawn()


def _rows(
    options: list[Mapping[str, Any]], ballots: int, scale: _Scale, language: str
) -> list[_Row]:
    most = max(option["votes"] for option in options)
    rows = []
    for place, option in enumerate(options, start=1):
        votes: int = option["votes"]
        wins = votes == most > 0
        label = clean(sentence(option["label"], language, markup=False))
        if not label:
            label = _say(language, N_("Option {number}"), number=place)
        figures = sentence(votes, language, markup=False), _share(votes, ballots, language)
        taken = 0.0 if scale.beside else _figures_width(ballots, scale, language)
        indent = _star(scale) if wins else 0.0
        lines = wrap(label, scale.label, _ROOM - taken - indent, bold=wins, most=scale.lines)
        rows.append(_Row(lines, votes, figures, wins))
    return sorted(rows, key=lambda row: -row.votes)


def _share(votes: int, ballots: int, language: str) -> str:
    if not ballots:
        return ""
    percent = 100 * votes / ballots
    few = 0 < percent < 1
    share = max(0.1, round(percent, 1)) if few else round(percent)
    return _say(language, N_("{share}%"), share=share)


def _figures_width(ballots: int, scale: _Scale, language: str) -> float:
    """Room for the widest pair of numbers that this vote can show, and the space before it."""
    widest = sentence(ballots, language, markup=False)
    return width(widest, scale.label, bold=True) + width(_SHARE_ROOM + "  ", scale.label)


def _star(scale: _Scale) -> float:
    return scale.label * 1.15


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    colour: str
    bold: bool
    space: float
    """Pixels from the line above, on top of its own height."""


def _heading(data: Mapping[str, Any], rows: list[_Row], language: str) -> list[_Line]:
    lines = [_Line(_say(language, N_("Result of the vote")), 34, _WINNER, True, 0)]
    question = clean(sentence(data["question"], language, markup=False))
    for size, most in ((58, 3), (48, 5), (38, 9)):
        wrapped = wrap(question, size, _ROOM, bold=True, most=most)
        if wrapped and not wrapped[-1].endswith("…"):
            break
    lines += [
        _Line(text, size, _INK, True, 20 if at == 0 else 0) for at, text in enumerate(wrapped)
    ]
    for at, text in enumerate(_turnout(data, rows, language)):
        for row, part in enumerate(wrap(text, 34, _ROOM, most=2)):
            lines.append(_Line(part, 34, _QUIET, False, 18 if at == row == 0 else 0))
    return lines


def _turnout(data: Mapping[str, Any], rows: list[_Row], language: str) -> list[str]:
    ballots, eligible = data["ballots"], data.get("eligible")
    if not ballots:
        told = [_say(language, N_("Nobody voted."))]
    elif eligible:
        turnout = {
            "key": N_("{count} person voted, of {eligible} who could."),
            "plural": N_("{count} people voted, of {eligible} who could."),
            "count": ballots,
            "values": {"eligible": eligible},
        }
        told = [sentence(turnout, language, markup=False)]
    else:
        turnout = {
            "key": N_("{count} person voted."),
            "plural": N_("{count} people voted."),
            "count": ballots,
        }
        told = [sentence(turnout, language, markup=False)]
    tied = sum(row.wins for row in rows)
    if tied > 1:
        told.append(_say(language, N_("Tie between {number} options."), number=tied))
    return told


def _footing(data: Mapping[str, Any], language: str) -> list[str]:
    town = clean(sentence(data["town"], language, markup=False)) if data.get("town") else ""
    zone, closed = data.get("zone"), data["closed"]
    if not zone:
        closed = datetime.fromisoformat(closed).replace(tzinfo=None).isoformat()
    moment = {"time": closed, "style": "full"}
    when = sentence(
        {"key": N_("Closed on {moment}"), "values": {"moment": moment}},
        language,
        zone or "UTC",
        markup=False,
    )
    return [*wrap(town, 32, _ROOM, bold=True, most=1), *wrap(clean(when), 28, _ROOM, most=2)]


def _say(language: str, key: str, **values: Any) -> str:
    return sentence({"key": key, "values": values}, language, markup=False)


class _Sheet:
    """A page on which things are set from the top down, in pixels."""

    def __init__(
        self,
        heading: list[_Line],
        rows: list[_Row],
        scale: _Scale,
        footing: list[str],
        ballots: int,
        track: float,
    ) -> None:
        self.heading, self.rows, self.scale, self.footing = heading, rows, scale, footing
        self.ballots, self.track = ballots, track
        above = _MARGIN + sum(line.space + line.size * _LEADING for line in heading) + 56
        below = 40 + 48 * len(footing) + _MARGIN * 0.6
        tall = above + sum(self._height(row) + scale.gap for row in rows) + below
        self.height = max(LEAST_HEIGHT, round(tall))
        # A short ballot does not huddle under its question: rows share the room that is left.
        self.air = min((self.height - tall) / len(rows), 80.0)
        self.y = 0.0
        self.figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72, facecolor=_PAPER)
        FigureCanvasAgg(self.figure)

    def drawn(self) -> bytes:
        """The PNG; without a program's name or a date in it, so equal data give equal bytes."""
        self._box(0, 0, WIDTH, 14, _WINNER)
        self.y = _MARGIN
        for line in self.heading:
            self.y += line.space
            self._text(_MARGIN, line.text, line.size, line.colour, bold=line.bold)
            self.y += line.size * _LEADING
        self.y += 56
        for row in self.rows:
            self._row(row)
        self._foot()
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=72, metadata={"Software": None})
        return file.getvalue()

    def _height(self, row: _Row) -> float:
        return len(row.label) * self.scale.label * _LEADING + 8 + self.scale.bar

    def _row(self, row: _Row) -> None:
        size, bar, beside = self.scale.label, self.scale.bar, self.scale.beside
        colour = _WINNER if row.wins else _INK
        left = _MARGIN + (_star(self.scale) if row.wins else 0)
        if row.wins:
            self._text(_MARGIN, "★", size, _WINNER)
        if not beside:
            self._figures(row, colour)
        for text in row.label:
            self._text(left, text, size, colour, bold=row.wins)
            self.y += size * _LEADING
        self.y += 8
        if beside:
            self.y += bar / 2 - size * 0.64  # the middle of the digits on the middle of the bar
            self._figures(row, colour)
            self.y -= bar / 2 - size * 0.64
        self._bar(self.track, _TRACK)
        if row.votes:
            # The whole track is all the ballots, so that a bar never says more than its share.
            long = self.track * row.votes / self.ballots
            self._bar(max(bar, long), _WINNER if row.wins else _OTHER)
        self.y += bar + self.scale.gap + self.air

    def _figures(self, row: _Row, colour: str) -> None:
        size = self.scale.label
        right: float = WIDTH - _MARGIN
        if row.figures[1]:
            self._text(right, row.figures[1], size, _QUIET, right=True)
            right -= width(_SHARE_ROOM, size)
        self._text(right, row.figures[0], size, colour, bold=True, right=True)

    def _foot(self) -> None:
        self.y = self.height - _MARGIN * 0.6 - 48 * len(self.footing)
        self._box(_MARGIN, self.y - 20, _ROOM, 2, _LINE)
        for at, text in enumerate(self.footing):
            town = at == 0 and len(self.footing) > 1
            size, colour = (32.0, _INK) if town else (28.0, _QUIET)
            self._text(_MARGIN, text, size, colour, bold=town)
            self.y += 48

    def _text(
        self,
        x: float,
        text: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        self.figure.text(
            x / WIDTH,
            1 - (self.y + size) / self.height,
            text,
            fontproperties=font(size, bold=bold),
            color=colour,
            ha="right" if right else "left",
            va="baseline",
            parse_math=False,
        )

    def _box(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self.figure.add_artist(
            Rectangle(
                (x / WIDTH, 1 - (y + high) / self.height),
                wide / WIDTH,
                high / self.height,
                transform=self.figure.transFigure,
                facecolor=colour,
                edgecolor="none",
            )
        )

    def _bar(self, wide: float, colour: str) -> None:
        """A bar with round ends, from the left margin, at the height reached."""
        bar = self.scale.bar
        radius = bar / 2
        # The patch is measured in pixels (a figure's dots are pixels here), from the bottom up.
        self.figure.add_artist(
            FancyBboxPatch(
                (_MARGIN + radius, self.height - self.y - radius),
                max(wide - bar, 0.01),
                0.01,
                boxstyle=f"round,pad={radius},rounding_size={radius}",
                transform=None,
                facecolor=colour,
                edgecolor="none",
                linewidth=0,
            )
        )
