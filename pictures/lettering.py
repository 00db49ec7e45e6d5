"""Lettering: whatever people wrote becomes lines that the font can show and the width can hold.

One font, which comes with matplotlib, so a picture looks the same on every machine. What it has
no glyph for is left out (emoji) or shown as a box (letters), never as noise; "$", "<" and "{"
are signs like any other.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, findfont, get_font

FAMILY = "DejaVu Sans"
_BOX = "\u25a1"
_ELLIPSIS = "\u2026"
_MARKS_KEPT = 2
_LONGEST = 1000


@lru_cache(maxsize=64)
def font(size: float, *, bold: bool = False) -> FontProperties:
    """The font at a size in pixels (figures are drawn at 72 dots an inch, so a point is one)."""
    return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=FAMILY))).get_charmap())


def clean(text: str) -> str:
    """The text as one line of glyphs that the font has; may come out empty."""
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text[:_LONGEST]):
        kind = unicodedata.category(sign)
        if sign.isspace():
            kept.append(" ")
        elif kind == "Mn" and "\ufe00" <= sign <= "\ufe0f":
            continue
        elif kind[0] == "M":
            marks += 1
            if marks <= _MARKS_KEPT and ord(sign) in _glyphs() and kind != "Me":
                kept.append(sign)
            continue
        elif kind[0] == "C" or (kind == "So" and unicodedata.east_asian_width(sign) == "W"):
            # Emoji are left out even where the font happens to draw a black one.
            continue
        elif ord(sign) in _glyphs():
            kept.append(sign)
        elif kind[0] in "LN":
            kept.append(_BOX)
        marks = 0
    return " ".join("".join(kept).split())


@lru_cache(maxsize=1)
def _renderer() -> RendererAgg:
    return RendererAgg(10, 10, 72)  # type: ignore[no-untyped-call]


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in pixels."""
    size_of = _renderer().get_text_width_height_descent
    wide, _, _ = size_of(text, font(size, bold=bold), False)  # type: ignore[no-untyped-call]
    return float(wide)


def wrap(text: str, size: float, room: float, *, bold: bool = False, most: int = 3) -> list[str]:
    """Lines no wider than `room` pixels, at most `most` of them; cut text ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}" if line else word
        if width(tried, size, bold=bold) <= room:
            line = tried
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, size, room, bold=bold)
        lines += full
        if len(lines) > most:
            break
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = lines[:most]
        last = lines[-1]
        while last and width(last + _ELLIPSIS, size, bold=bold) > room:
            last = last[:-1]
        lines[-1] = last.rstrip() + _ELLIPSIS
    return lines


def _broken(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    """A word cut where it must be to fit; most words come back whole."""
    parts: list[str] = []
    while word and width(word, size, bold=bold) > room:
        fits = max(1, int(len(word) * room / width(word, size, bold=bold)))
        while fits > 1 and width(word[:fits], size, bold=bold) > room:
            fits -= 1
        parts.append(word[:fits])
        word = word[fits:]
    return [*parts, word]
