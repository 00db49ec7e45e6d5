"""Towns' files for tests: the least one says, and places drawn beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

RING = [[-74.0, 4.0], [-73.9, 4.0], [-73.9, 4.1], [-74.0, 4.1], [-74.0, 4.0]]
VOTE = {"key": "v", "question": "q", "options": ["a", "b"]}
GROUP = {"key": "g", "name": "g", "theme": "t", "purpose": "p"}
SQUARE = {"type": "Polygon", "coordinates": [RING]}
CROSSED = {
    "type": "Polygon",
    "coordinates": [[[-74.0, 4.0], [-73.9, 4.1], [-73.9, 4.0], [-74.0, 4.1], [-74.0, 4.0]]],
}


def a_town(**changes: Any) -> dict[str, Any]:
    """The least that a town's file must say."""
    town: dict[str, Any] = {
        "name": "Pueblo",
        "timezone": "America/Lima",
        "emergency": "105",
        "privacy": {"version": 1, "text": {"es": "Guardamos lo que usted nos cuente."}},
        "categories": [{"key": "luz", "names": {"es": "Luz"}}],
    }
    return {key: value for key, value in (town | changes).items() if value is not None}


def written(folder: Path, town: Any) -> Path:
    """A town's file; text as it is."""
    path = folder / "town.yaml"
    path.write_text(town if isinstance(town, str) else yaml.safe_dump(town, allow_unicode=True))
    return path


def drawn(folder: Path, *features: tuple[dict[str, Any], Any]) -> None:
    """barrios.geojson, of features' properties and geometries."""
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
    }
    (folder / "barrios.geojson").write_text(json.dumps(collection))
