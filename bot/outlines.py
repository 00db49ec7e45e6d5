"""Outlines as people draw them: checked before they are kept, and refused in one clear sentence.

GeoJSON writes longitude before latitude, in degrees (WGS 84). A ValueError raised here says what
is wrong and where; whoever reads the file adds which file and which place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

import shapely
from shapely.geometry import shape

from civic.outlines import mended, plain

_DEPTHS = {"Polygon": 2, "MultiPolygon": 3}
_WHERE = re.compile(r"^(.*)\[(\S+) (\S+)\]$")
_LIMITS = ((180.0, "longitude"), (90.0, "latitude"))
_METRES = 1000.0
_LEAST_POINTS = 4


def outline(geometry: Any) -> dict[str, Any]:
    """A GeoJSON Polygon or MultiPolygon in plain numbers, without heights.

    Small slips (a spike, a loop) are mended. Raises ValueError: another type, no numbers, outside
    the globe, a ring that is not closed, or one that crosses itself so that nobody knows what it
    holds.
    """
    if geometry is None:
        raise ValueError("is missing: the geometry is null")
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if not isinstance(kind, str):
        raise ValueError("must be a GeoJSON geometry with type and coordinates")
    if kind not in _DEPTHS:
        raise ValueError(f"must be a Polygon or a MultiPolygon, not {kind[:40] or 'nothing'}")
    coordinates = _numbers(geometry.get("coordinates"), _DEPTHS[kind])
    for ring in coordinates if kind == "Polygon" else chain.from_iterable(coordinates):
        if len(ring) < _LEAST_POINTS:
            raise ValueError("is not a polygon: a ring needs at least four points")
        if ring[0] != ring[-1]:
            raise ValueError("is not closed: a ring must end at the point where it began")
    try:
        drawn = shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        raise ValueError("is not a polygon: a part of it has no ring") from None
    if drawn.is_empty:
        raise ValueError("is empty")
    if drawn.is_valid:
        return {"type": kind, "coordinates": coordinates}
    whole = mended(drawn)
    if whole is None:
        raise ValueError(f"is not a valid outline: {_why(drawn)}")
    return plain(whole)


def _numbers(value: Any, depth: int) -> list[Any]:
    """Lists of lists, `depth` deep, of points: [longitude, latitude]."""
    if not isinstance(value, list | tuple) or (not depth and len(value) < 2):
        raise ValueError("needs coordinates: rings of longitude and latitude")
    if depth:
        return [_numbers(one, depth - 1) for one in value]
    return [_degrees(value[axis], axis) for axis in (0, 1)]


def _degrees(value: Any, axis: int) -> float:
    most, name = _LIMITS[axis]
    if not isinstance(value, int | float | str):
        raise ValueError(f"has a {name} that is no number")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"has a {name} that is no number: {str(value)[:40]!r}") from None
    if not math.isfinite(number) or abs(number) > most:
        metres = "; these look like metres on a map" if abs(number) > _METRES else ""
        raise ValueError(
            f"has the {name} {number:g}: coordinates must be longitude and latitude in degrees "
            f"(WGS 84), in this order{metres}"
        )
    return number


def _why(drawn: Any) -> str:
    reason = str(shapely.is_valid_reason(drawn))
    where = _WHERE.match(reason)
    if where is None:
        return reason.lower()
    return f"{where[1].lower()} at longitude {where[2]}, latitude {where[3]}"
