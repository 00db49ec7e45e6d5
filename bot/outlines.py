"""Outlines as people draw them: checked before they are kept, and refused in one clear sentence.

GeoJSON writes longitude before latitude, in degrees (WGS 84). A ValueError raised here says what
is wrong and where; the reader of the town's file adds which file and which place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

_DEPTHS = {"Polygon": 2, "MultiPolygon": 3}
_WHERE = re.compile(r"^(.*)\[(\S+) (\S+)\]$")
_LIMITS = ((180.0, "longitude"), (90.0, "latitude"))


def outline(geometry: Any) -> dict[str, Any]:
    """A GeoJSON Polygon or MultiPolygon in plain numbers, without heights.

    Raises ValueError: another type, no numbers, outside the globe, or crossing itself.
    """
    if not isinstance(geometry, Mapping):
        raise ValueError("must be a GeoJSON geometry with type and coordinates")
    kind = geometry.get("type")
    if kind not in _DEPTHS:
        raise ValueError(f"must be a Polygon or a MultiPolygon, not {kind or 'nothing'}")
    coordinates = _numbers(geometry.get("coordinates"), _DEPTHS[kind])
    try:
        drawn = shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        raise ValueError("is not a polygon: a ring needs at least four points") from None
    if drawn.is_empty:
        raise ValueError("is empty")
    if not drawn.is_valid:
        raise ValueError(f"is not a valid outline: {_why(drawn)}")
    return {"type": kind, "coordinates": coordinates}


def union(outlines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One outline around several, as a GeoJSON geometry."""
    whole = shapely.union_all([shape(one) for one in outlines])
    drawn = mapping(whole)
    return {
        "type": drawn["type"],
        "coordinates": _numbers(drawn["coordinates"], _DEPTHS[drawn["type"]]),
    }


def _numbers(value: Any, depth: int) -> list[Any]:
    """Lists of lists, `depth` deep, of points: [longitude, latitude]."""
    if not isinstance(value, list | tuple) or (not depth and len(value) < 2):
        raise ValueError("needs coordinates: rings of longitude and latitude")
    if depth:
        return [_numbers(one, depth - 1) for one in value]
    return [_degrees(value[axis], axis) for axis in (0, 1)]


def _degrees(value: Any, axis: int) -> float:
    most, name = _LIMITS[axis]
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"has a {name} that is no number: {str(value)[:40]!r}") from None
    if not math.isfinite(number) or abs(number) > most:
        raise ValueError(
            f"has the {name} {number:g}: coordinates must be longitude and latitude in degrees "
            "(WGS 84), in this order"
        )
    return number


def _why(drawn: Any) -> str:
    reason = str(shapely.is_valid_reason(drawn))
    where = _WHERE.match(reason)
    if where is None:
        return reason.lower()
    return f"{where[1].lower()} at longitude {where[2]}, latitude {where[3]}"


@dataclass(frozen=True, slots=True)
class Feature:
    """One drawn place of a GeoJSON file: `number` counts from 1."""

    number: int
    properties: Mapping[str, Any]
    outline: dict[str, Any]


def text_of(feature: Feature, name: str) -> str:
    """A property as text ("15.0" is "15"), or "" where it has none."""
    value = feature.properties.get(name)
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def read_features(path: Path, name: str) -> list[Feature]:
    """The places of a GeoJSON FeatureCollection; `name` is the property to call them by in errors.

    Raises ValueError naming the file and the feature.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ValueError(f"{path.name} is not there") from None
    except OSError:
        raise ValueError(f"{path.name} cannot be read") from None
    except (ValueError, RecursionError):
        raise ValueError(f"{path.name} is not GeoJSON") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise ValueError(f"{path.name} is not a GeoJSON FeatureCollection with features")
    found = []
    for number, feature in enumerate(features, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            properties = {}
        called = f"{path.name}, feature {number}"
        if isinstance(properties.get(name), str):
            called += f" ({properties[name].strip()[:60]})"
        try:
            drawn = outline(feature.get("geometry") if isinstance(feature, dict) else None)
        except ValueError as error:
            raise ValueError(f"{called}: the outline {error}") from None
        found.append(Feature(number, properties, drawn))
    return found
