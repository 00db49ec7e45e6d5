"""What is near: a point lies in one square of a grid, and a circle touches a few of them.

The grid makes a search cheap; the distance itself decides. Points are degrees (WGS 84). What is
near a point is sought in the fine grid, and whose circle a point lies in, in the wide one.
"""

from __future__ import annotations

import math
from typing import Final

STEP: Final = 0.0025
"""The side of a square in degrees: about 278 m from south to north, less from west to east."""
WIDE: Final = 0.05
"""The side of a square of the wide grid: about 5.6 km from south to north."""
_METRES: Final = 111_195.0
"""Of one degree of latitude on the sphere that civic.territory.distance measures on."""


def cell(latitude: float, longitude: float, step: float = STEP) -> int:
    """The square a point lies in: at most 144,000 x 72,001 of them, so past 32 bits."""
    columns = round(360 / step)
    return _row(latitude, step) * columns + math.floor((longitude + 180) / step) % columns


def cells(latitude: float, longitude: float, metres: float, step: float = STEP) -> list[int]:
    """Every square that a circle around a point touches (and some that it just misses)."""
    columns = round(360 / step)
    high = metres / _METRES
    widest = math.cos(math.radians(min(89.0, abs(latitude) + high)))
    wide = high / widest
    rows = range(_row(latitude - high, step), _row(latitude + high, step) + 1)
    first = math.floor((longitude - wide + 180) / step)
    last = math.floor((longitude + wide + 180) / step)
    return [row * columns + column % columns for row in rows for column in range(first, last + 1)]


def _row(latitude: float, step: float) -> int:
    return math.floor((max(-90.0, min(90.0, latitude)) + 90) / step)
