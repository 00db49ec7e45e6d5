"""Outlines of places: joined, compared and mended, and never turned into another shape unseen.

An outline is a GeoJSON Polygon or MultiPolygon: longitude before latitude, in degrees (WGS 84).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from shapely.geometry import mapping, shape

MENDABLE: Final = 0.01
"""Which share of its area a broken outline may gain or lose by being mended."""
SAME: Final = 1e-9
"""Two outlines that differ by less than this share of their area were drawn as one."""

Outline = Mapping[str, Any]


def union(outlines: Sequence[Outline]) -> dict[str, Any]:
    """One outline around several. Raises ValueError for none."""
    if not outlines:
        raise ValueError("there is nothing to join")
    return plain(shapely.union_all([shape(one) for one in outlines]))


def same(one: Outline, other: Outline) -> bool:
    """Whether two outlines hold the same ground, wherever their rings begin."""
    if one == other:
        return True
    a, b = shape(one), shape(other)
    return bool(a.symmetric_difference(b).area <= SAME * max(a.area, b.area))


def mended(drawn: Any) -> Any | None:
    """A drawn shape without its small slips: spikes, loops, points said twice.

    None when mending would change what it holds: a bow tie has two halves, and nobody knows which
    was meant.
    """
    parts = [
        part
        for part in shapely.get_parts(shapely.make_valid(drawn))
        if part.geom_type in ("Polygon", "MultiPolygon")
    ]
    whole = shapely.union_all(parts) if parts else None
    if whole is None or not whole.area or abs(whole.area - drawn.area) > MENDABLE * whole.area:
        return None
    return whole


def plain(drawn: Any) -> dict[str, Any]:
    """A drawn Polygon or MultiPolygon as plain numbers in lists, which JSON keeps."""
    found = mapping(drawn)
    return {"type": found["type"], "coordinates": _lists(found["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(one) for one in value] if isinstance(value, list | tuple) else float(value)
