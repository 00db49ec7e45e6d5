"""The demo's town: complete in every language, and its map without gaps."""

from __future__ import annotations

import pytest
from shapely.geometry import shape

from bot import townfile
from bot.townfile import plan_of, read
from civic.territory import Atlas, Place
from civic.words import fold

LANGUAGES = {"es", "en", "pt_BR"}


def demo_atlas() -> tuple[Atlas, dict[str, int]]:
    plan = plan_of(read(townfile.DEMO))
    assert plan.territories is not None
    ids = {t.key: number for number, t in enumerate(plan.territories, start=1)}
    places = [
        Place(ids[t.key], t.key, t.name, ids[t.parent] if t.parent else None, t.outline)
        for t in plan.territories
    ]
    return Atlas(places), ids


def test_the_demo_town_is_complete() -> None:
    town = read(townfile.DEMO)
    plan = plan_of(town)
    assert plan.territories is not None
    assert [t.kind for t in plan.territories].count("comuna") == 2
    assert [t.kind for t in plan.territories].count("barrio") == 6
    assert len(plan.groups) == 3 and len(plan.categories) == 10
    assert [(len(v.options), v.at_most, v.closes_in_days) for v in plan.votes] == [(5, 2, 7)]
    assert set(plan.privacy) == set(plan.welcome) == LANGUAGES
    assert all(set(c.names) == LANGUAGES and c.emoji for c in plan.categories)
    assert all(set(c["name"]) == LANGUAGES for c in plan.contacts)
    assert all("/misdatos" in text for text in plan.privacy.values())
    for category in plan.categories:
        assert set(category.responsible) == LANGUAGES and category.days_to_resolve
        assert not category.safety or set(category.safety) == LANGUAGES
        assert len({fold(word) for word in category.keywords}) == len(category.keywords)
        for question in category.questions:
            assert set(question["text"]) == LANGUAGES
            assert all(set(choice["names"]) == LANGUAGES for choice in question["choices"])
    dangerous = [c.key for c in plan.categories if c.safety]
    assert dangerous == ["alumbrado", "alcantarillado", "animales"]
    assert {q["kind"] for c in plan.categories for q in c.questions} == {
        "text", "number", "choice", "yes_no", "date"
    }  # fmt: skip
    assert len(plan.templates) == 6
    assert all(set(t["text"]) == set(t["names"]) == LANGUAGES for t in plan.templates)
    assert {day.year for day in plan.holidays} == {2026, 2027}
    assert len(plan.holidays) == 2 * 18 and plan.dormant_months == 24
    for place in plan.territories:
        assert place.outline is not None
        assert (place.parent is None) == (place.kind == "comuna")


def test_every_barrio_of_the_demo_is_found_by_a_point_in_it() -> None:
    atlas, ids = demo_atlas()
    for place in atlas.places:
        inside = shape(place.outline).representative_point()
        found = atlas.locate(inside.y, inside.x)
        assert found is not None
        if place.parent_id is None:
            assert found.id in atlas.below(place.id) - {place.id}
        else:
            assert found.id == place.id
    assert len(ids) == 8


def test_the_demos_barrios_touch_and_do_not_overlap() -> None:
    atlas, _ = demo_atlas()
    barrios = [shape(p.outline) for p in atlas.places if p.parent_id is not None]
    comunas = [shape(p.outline) for p in atlas.places if p.parent_id is None]
    for group in (barrios, comunas):
        for i, one in enumerate(group):
            for other in group[:i]:
                assert one.intersection(other).area < 1e-12
    assert comunas[0].intersection(comunas[1]).length > 0.02
    # Without gaps: the comunas are what their barrios are, in one piece.
    for place in (p for p in atlas.places if p.parent_id is None):
        children = [shape(child.outline) for child in atlas.children(place.id)]
        assert shape(place.outline).area == pytest.approx(sum(c.area for c in children), rel=1e-6)
        assert shape(place.outline).geom_type == "Polygon"
        assert not shape(place.outline).interiors


def test_the_demos_map_and_places() -> None:
    atlas, _ = demo_atlas()
    names = [feature["properties"]["name"] for feature in townfile.demo_map()["features"]]
    assert names == [p.name for p in atlas.places if p.parent_id is not None] + ["Río Sereno"]
    places = townfile.demo_places()
    assert {"Parque Central", "Puesto de Salud"} <= {place["name"] for place in places}
    found = {}
    for place in places:
        barrio = atlas.locate(place["latitude"], place["longitude"])
        assert barrio is not None, place["name"]
        found[place["name"]] = barrio.name
    assert found["Parque Central"] == "Centro"
    assert found["Mirador de La Loma"] == "La Loma"
    assert found["Biblioteca Las Acacias"] == "Las Acacias"
    assert set(found.values()) == {p.name for p in atlas.places if p.parent_id is not None}
