"""Places drawn in a file beside the town's: which are used, and what is said of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from bot.townfile import BadTownFile, plan_of, read
from tests.bot.towns import CROSSED, RING, SQUARE, a_town, drawn, written


def test_places_drawn_in_a_file(tmp_path: Path) -> None:
    east = {"type": "Polygon", "coordinates": [[[x + 0.1, y, 2600] for x, y in RING]]}
    drawn(
        tmp_path,
        ({"N": "Norte", "C": 15.0}, SQUARE),
        ({"N": "Oriente", "C": 15.0}, east),
        ({"N": "Vereda", "C": None}, {"type": "MultiPolygon", "coordinates": [[RING]]}),
    )
    source = {"file": "barrios.geojson", "name": "N", "parent": "C", "parent_label": "Comuna {}"}
    plan = plan_of(read(written(tmp_path, a_town(territories=source))))
    assert plan.territories is not None
    assert [(t.key, t.name, t.kind, t.parent) for t in plan.territories] == [
        ("comuna-15", "Comuna 15", "comuna", None),
        ("norte", "Norte", "barrio", "comuna-15"),
        ("oriente", "Oriente", "barrio", "comuna-15"),
        ("vereda", "Vereda", "barrio", None),
    ]
    whole = shape(plan.territories[0].outline)
    assert whole.area == pytest.approx(0.02)
    # Heights are left out.
    assert plan.territories[2].outline is not None
    assert len(plan.territories[2].outline["coordinates"][0][0]) == 2


def test_a_parent_that_is_a_feature_itself(tmp_path: Path) -> None:
    drawn(tmp_path, ({"N": "Todo", "C": None}, SQUARE), ({"N": "Parte", "C": "Todo"}, SQUARE))
    source = {"file": "barrios.geojson", "name": "N", "parent": "C"}
    plan = plan_of(read(written(tmp_path, a_town(territories=source))))
    assert plan.territories is not None
    assert [(t.key, t.parent) for t in plan.territories] == [("todo", None), ("parte", "todo")]


@pytest.mark.parametrize(
    ("features", "source", "sentence"),
    [
        (None, {}, "territories: barrios.geojson is not there"),
        ("{", {}, "territories: barrios.geojson is not GeoJSON"),
        ("[]", {}, "is not a GeoJSON FeatureCollection"),
        ([({"N": "A"}, SQUARE)], {"name": ""}, "territories.name: must not be empty"),
        ([({"N": "A"}, SQUARE)], {"extra": "x"}, "territories.extra: is not a setting"),
        ([({"N": "A"}, SQUARE)], {"parent_label": "x"}, "territories.parent_label: must hold {}"),
        (
            [({"N": "A", "n": 1}, SQUARE)],
            {"key": "K"},
            "territories: barrios.geojson: there is no property K: the features have N, n",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "B", "K": "b"}, SQUARE)],
            {"key": "K"},
            "feature 1 (A): the property K is missing",
        ),
        ([({"Nom": "A"}, SQUARE)], {"name": "nom"}, "no property nom (is it Nom?): the features"),
        ([({}, SQUARE)], {}, "there is no property N, since the features have none"),
        ([({"N": "x" * 65}, SQUARE)], {}, "feature 1: the name has 65 characters, over 64"),
        (
            [({"N": "A"}, SQUARE), ({"M": "B"}, SQUARE)],
            {},
            "territories: barrios.geojson, feature 2: the property N is missing",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "La Loma"}, CROSSED)],
            {},
            "territories: barrios.geojson, feature 2 (La Loma): the outline is not a valid outline",
        ),
        ([({"N": "A"}, None)], {}, "feature 1 (A): the outline is missing: the geometry is null"),
        ([({"N": "A"}, "x")], {}, "feature 1 (A): the outline must be a GeoJSON geometry"),
        ([({"N": "A"}, {"type": ["Polygon"]})], {}, "(A): the outline must be a GeoJSON geometry"),
        ([({"N": "A"}, {"type": ""})], {}, "(A): the outline must be a Polygon or a MultiPolygon"),
        (
            [({"N": "A"}, {"type": "GeometryCollection", "geometries": [SQUARE]})],
            {},
            "the outline must be a Polygon or a MultiPolygon, not GeometryCollection",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [RING, []]})],
            {},
            "feature 1 (A): the outline is not a polygon: a ring needs at least four points",
        ),
        (
            [({"N": "A"}, {"type": "MultiPolygon", "coordinates": [[RING], [[]]]})],
            {},
            "feature 1 (A): the outline is not a polygon: a ring needs at least four points",
        ),
        (
            [({"N": "A"}, {"type": "MultiPolygon", "coordinates": [[RING], []]})],
            {},
            "feature 1 (A): the outline is not a polygon: a part of it has no ring",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[[[]], 0]]]})],
            {},
            "feature 1 (A): the outline has a longitude that is no number",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [RING[:-1]]})],
            {},
            "feature 1 (A): the outline is not closed: a ring must end at the point where it began",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[363000.5, 6168000.0]]]})],
            {},
            "the outline has the longitude 363000: coordinates must be longitude and latitude in "
            "degrees (WGS 84), in this order; these look like metres on a map",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[10**400, 0]]]})],
            {},
            "the outline has a longitude that is no number",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "La \ud800Loma"}, SQUARE)],
            {},
            "barrios.geojson, feature 2: the property N holds the character U+D800, which cannot",
        ),
        (
            [({"N": "A", "C": "1\0"}, SQUARE)],
            {"parent": "C"},
            "barrios.geojson, feature 1: the property C holds the character U+0000, which cannot",
        ),
        (
            [({"N": "A", "K": "\x07a"}, SQUARE)],
            {"key": "K"},
            "barrios.geojson, feature 1: the property K holds the character U+0007, which cannot",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "A"}, SQUARE)],
            {},
            "territories[1].key: a is the key of territories[0] too",
        ),
    ],
)
def test_drawings_that_cannot_be_used(
    tmp_path: Path, features: Any, source: dict[str, Any], sentence: str
) -> None:
    if isinstance(features, str):
        (tmp_path / "barrios.geojson").write_text(features)
    elif features:
        drawn(tmp_path, *features)
    territories = {"file": "barrios.geojson", "name": "N"} | source
    with pytest.raises(BadTownFile) as refused:
        read(written(tmp_path, a_town(territories=territories)))
    assert sentence in str(refused.value)
