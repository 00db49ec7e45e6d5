"""GeoJSON (RFC 7946): a feature for each row, its point as longitude and latitude in degrees.

Properties are named by the columns' keys, the same in every language, and values are plain: keys
for choices with their names beside, moments in ISO 8601 with an offset.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from papers import table

LATITUDE, LONGITUDE = "latitude", "longitude"


def write(data: dict[str, Any], language: str) -> bytes:
    """The table (see papers.table); a row without columns latitude and longitude, or with empty
    ones, has no geometry. Raises KeyError for another shape."""
    read, zone = table.columns(data, language), ZoneInfo(data["zone"])
    features = []
    for row in data["rows"]:
        properties: dict[str, Any] = {}
        point: dict[str, float] = {}
        for column, plain in zip(read, row, strict=True):
            if column.key in (LATITUDE, LONGITUDE):
                if plain is not None:
                    point[column.key] = round(plain, 6)
                continue
            properties[column.key] = plain
            if column.kind in ("choice", "answers") and plain is not None:
                properties[f"{column.key}_name"] = column.cell(plain, zone)
        geometry = None
        if len(point) == 2:
            geometry = {"type": "Point", "coordinates": [point[LONGITUDE], point[LATITUDE]]}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    file = {"type": "FeatureCollection", "features": features}
    return json.dumps(file, ensure_ascii=False, allow_nan=False).encode() + b"\n"
