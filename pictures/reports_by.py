"""Reports counted by one thing as bars: how many were told, and how many of those are fixed.

Read at arm's length on a small phone, by colour-blind eyes too: what is fixed is a darker part and
a number, never a hue alone. Equal data give equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from locales import N_, sentence
from pictures.lettering import clean, font, width, wrap

WIDTH = 1080
LEAST_HEIGHT = 1080
MOST_ROWS = 60

_MARGIN = 64
_ROOM = WIDTH - 2 * _MARGIN
_LEADING = 1.25
_PAPER, _INK, _QUIET, _LINE = "#ffffff", "#16212c", "#55636f", "#d5dde4"
_FIXED, _REST = "#0b4a82", "#a9c5de"
_LABEL, _NOTE, _BAR, _GAP = 36.0, 28.0, 34.0, 26.0
# Rows beyond this many are set a little tighter.
_MANY = 12


@dataclass(frozen=True, slots=True)
class _Row:
    label: list[str]
    told: int
    fixed: int
    number: str
    note: list[str]


def draw(data: dict[str, Any], language: str) -> bytes:
    """A PNG, 1080 pixels wide and at least as high.

    data: heading, period and town (phrases); whole and each of rows: {"label": phrase, "told":
    reports, "fixed": how many of those are fixed, "half" and "most": phrases of the time within
    which half and nine in ten of the period's repairs were done, or None; "asked": about how many
    of those repairs neighbours were asked, "confirmed": how many they confirmed}.
    Bars stand in the order given, the longest fills the width. ValueError for data that cannot be
    figures.
    """
    rows: Sequence[Mapping[str, Any]] = data["rows"]
    if not 1 <= len(rows) <= MOST_ROWS:
        raise ValueError("figures have from 1 to 60 rows")
    if any(not 0 <= row["fixed"] <= row["told"] for row in rows):
        raise ValueError("no more is fixed than was told")
    if any(not 0 <= row["confirmed"] <= row["asked"] for row in rows):
        raise ValueError("figures have no more answers than questions")
    lines = 2 if len(rows) <= _MANY else 1
    return _Sheet(data, [_row(row, language, lines) for row in rows], language).drawn()


def _row(row: Mapping[str, Any], language: str, lines: int) -> _Row:
    number = sentence(row["told"], language, markup=False)
    label = clean(sentence(row["label"], language, markup=False)) or "—"
    room = _ROOM - width(number, _LABEL, bold=True) - 32
    note = wrap(_note(row, language), _NOTE, _ROOM, most=2)
    return _Row(wrap(label, _LABEL, room, most=lines), row["told"], row["fixed"], number, note)


def _note(row: Mapping[str, Any], language: str) -> str:
    """What stands under a bar."""
    if row["half"] is None or row["most"] is None:
        return _say(language, N_("{fixed} fixed"), fixed=row["fixed"])
    return _say(
        language,
        N_("{fixed} fixed · repairs: half in {half}, 9 of 10 in {most}"),
        fixed=row["fixed"],
        half=row["half"],
        most=row["most"],
    )


def _say(language: str, key: str, **values: Any) -> str:
    return clean(sentence({"key": key, "values": values}, language, markup=False))


class _Sheet:
    """A page on which things are set from the top down, in pixels."""

    def __init__(self, data: Mapping[str, Any], rows: list[_Row], language: str) -> None:
        self.rows, self.language = rows, language
        self.heading = [
            (text, 52.0, _INK, True) for text in self._wrapped(data["heading"], 52, bold=True)
        ] + [(text, 32.0, _QUIET, False) for text in self._wrapped(data["period"], 32)]
        self.figures = self._figures(data["whole"])
        self.town = self._wrapped(data["town"], 30, most=1)
        self.gap = _GAP if len(rows) <= _MANY else 18.0
        self.most = max(1, max(row.told for row in rows))
        above = _MARGIN + sum(size * _LEADING for _, size, _, _ in self.heading) + 36
        above += len(self.figures) * 40 * _LEADING + 36 + 64
        below = 100.0
        tall = above + sum(self._height(row) + self.gap for row in rows) + below
        self.height = max(LEAST_HEIGHT, round(tall))
        # A few rows do not huddle on top: they share the room that is left.
        self.air = min((self.height - tall) / len(rows), 60.0)
        self.y = 0.0
        self.figure = Figure(figsize=(WIDTH / 72, self.height / 72), dpi=72, facecolor=_PAPER)
        FigureCanvasAgg(self.figure)

    def _wrapped(self, phrase: Any, size: float, *, bold: bool = False, most: int = 2) -> list[str]:
        text = clean(sentence(phrase, self.language, markup=False))
        return wrap(text, size, _ROOM, bold=bold, most=most)

    def _figures(self, whole: Mapping[str, Any]) -> list[str]:
        """The whole in a few words, larger than the rest."""
        amount = {
            "key": N_("{count} report"),
            "plural": N_("{count} reports"),
            "count": whole["told"],
        }
        told = [clean(sentence(amount, self.language, markup=False)), _note(whole, self.language)]
        if whole["asked"]:
            told.append(
                _say(
                    self.language,
                    N_("Confirmed by neighbours: {confirmed} of the {asked} asked about"),
                    confirmed=whole["confirmed"],
                    asked=whole["asked"],
                )
            )
        return [line for text in told for line in wrap(text, 36, _ROOM, bold=True, most=2)]

    def drawn(self) -> bytes:
        """The PNG; without a program's name or a date in it, so equal data give equal bytes."""
        self._box(0, 0, WIDTH, 14, _FIXED)
        self.y = _MARGIN
        for text, size, colour, bold in self.heading:
            self._text(_MARGIN, text, size, colour, bold=bold)
            self.y += size * _LEADING
        self.y += 36
        for text in self.figures:
            self._text(_MARGIN, text, 36, _FIXED, bold=True)
            self.y += 40 * _LEADING
        self.y += 16
        self._legend()
        self.y += 84
        for row in self.rows:
            self._row(row)
        self._foot()
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=72, metadata={"Software": None})
        return file.getvalue()

    def _legend(self) -> None:
        x: float = _MARGIN
        for colour, words in ((_FIXED, N_("Fixed")), (_REST, N_("Not fixed"))):
            self._box(x, self.y, 32, 32, colour)
            text = _say(self.language, words)
            self._text(x + 46, text, 30, _INK)
            x += 46 + width(text, 30) + 48

    def _height(self, row: _Row) -> float:
        lines = len(row.label) * _LABEL + len(row.note) * _NOTE
        return lines * _LEADING + 6 + _BAR + 8

    def _row(self, row: _Row) -> None:
        self._text(WIDTH - _MARGIN, row.number, _LABEL, _INK, bold=True, right=True)
        for text in row.label:
            self._text(_MARGIN, text, _LABEL, _INK)
            self.y += _LABEL * _LEADING
        self.y += 6
        long = _ROOM * row.told / self.most
        dark = long * row.fixed / row.told if row.told else 0.0
        if row.told:
            self._box(_MARGIN, self.y, max(long, 4), _BAR, _REST)
        if row.fixed:
            self._box(_MARGIN, self.y, max(dark, 4), _BAR, _FIXED)
        self.y += _BAR + 8
        for text in row.note:
            self._text(_MARGIN, text, _NOTE, _QUIET)
            self.y += _NOTE * _LEADING
        self.y += self.gap + self.air

    def _foot(self) -> None:
        self.y = self.height - 76
        self._box(_MARGIN, self.y - 14, _ROOM, 2, _LINE)
        for text in self.town:
            self._text(_MARGIN, text, 30, _INK, bold=True)

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
