"""What is near: a point lies in one square of a grid, and a circle touches a few of them.

The grid makes a search cheap; the distance itself decides. Points are degrees (WGS 84).
"""

from __future__ import annotations

import math
from typing import Final

STEP: Final = 0.0025
"""The side of a square in degrees: about 278 m from south to north, less from west to east."""
_COLUMNS: Final = round(360 / STEP)
_METRES: Final = 111_195.0
"""Of one degree of latitude on the sphere that civic.territory.distance measures on."""


def cell(latitude: float, longitude: float) -> int:
    """The square a point lies in: at most 144,000 x 72,001 of them, so past 32 bits."""
    return _row(latitude) * _COLUMNS + _column(longitude)


def cells(latitude: float, longitude: float, metres: float) -> list[int]:
    """Every square that a circle around a point touches (and some that it just misses)."""
    high = metres / _METRES
    widest = math.cos(math.radians(min(89.0, abs(latitude) + high)))
    wide = high / widest
    rows = range(_row(latitude - high), _row(latitude + high) + 1)
    first = math.floor((longitude - wide + 180) / STEP)
    last = math.floor((longitude + wide + 180) / STEP)
    return [row * _COLUMNS + column % _COLUMNS for row in rows for column in range(first, last + 1)]


def _row(latitude: float) -> int:
    return math.floor((max(-90.0, min(90.0, latitude)) + 90) / STEP)


def _column(longitude: float) -> int:
    return math.floor((longitude + 180) / STEP) % _COLUMNS
