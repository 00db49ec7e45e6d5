"""Civic territory: a point is in one place, a name finds one place or none."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.territory import Atlas, Place, distance

STEP = 0.01


def square(west: float, south: float, size: float = STEP) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def grid(side: int) -> list[Place]:
    """A comuna (id 1) round side x side barrios, numbered from 2 by rows from the south-west."""
    whole = square(0, 0, STEP * side)
    places = [Place(1, "comuna", "Comuna Uno", None, whole)]
    for row in range(side):
        for column in range(side):
            number = 2 + row * side + column
            outline = square(column * STEP, row * STEP)
            places.append(Place(number, f"b{number}", f"Barrio {number}", 1, outline))
    return places


def test_the_deepest_place_wins_and_a_gap_belongs_to_the_parent() -> None:
    places = [p for p in grid(3) if p.id != 6]
    atlas = Atlas(places)
    found = atlas.locate(0.005, 0.005)
    assert found is not None and found.id == 2
    middle = atlas.locate(0.015, 0.015)
    assert middle is not None and middle.id == 1
    assert atlas.locate(0.05, 0.05) is None


def test_latitude_comes_first() -> None:
    atlas = Atlas([Place(1, "a", "A", None, square(-74.0, 4.0))])
    assert atlas.locate(4.005, -73.995) is not None
    assert atlas.locate(-73.995, 4.005) is None


@given(st.integers(0, 30), st.integers(0, 30))
def test_every_point_even_on_a_border_is_in_one_barrio(row: int, column: int) -> None:
    atlas = Atlas(grid(3))
    latitude, longitude = row * STEP / 10, column * STEP / 10
    found = atlas.locate(latitude, longitude)
    again = Atlas(grid(3)).locate(latitude, longitude)
    assert found is not None and found.id != 1
    assert again is not None and again.id == found.id
    column_of, row_of = (found.id - 2) % 3, (found.id - 2) // 3
    assert column_of * STEP - 1e-9 <= longitude <= (column_of + 1) * STEP + 1e-9
    assert row_of * STEP - 1e-9 <= latitude <= (row_of + 1) * STEP + 1e-9


@given(st.floats(), st.floats())
def test_no_coordinates_make_it_fail(latitude: float, longitude: float) -> None:
    Atlas(grid(2)).locate(latitude, longitude)


def test_holes_and_islands() -> None:
    ring = square(0, 0, 0.03)["coordinates"][0]
    hole = square(0.01, 0.01)["coordinates"][0]
    island = square(0.1, 0.1)["coordinates"]
    atlas = Atlas(
        [Place(7, "a", "A", None, {"type": "MultiPolygon", "coordinates": [[ring, hole], island]})]
    )
    assert atlas.locate(0.015, 0.015) is None
    assert atlas.locate(0.105, 0.105) is not None


def test_without_outlines_nothing_is_located() -> None:
    atlas = Atlas([Place(1, "a", "A", None), Place(2, "b", "B", 1)])
    assert not atlas.has_outlines
    assert atlas.locate(0, 0) is None
    assert Atlas([]).locate(0, 0) is None
    assert Atlas(grid(1)).has_outlines


def test_five_thousand_outlines_are_located_quickly() -> None:
    atlas = Atlas(grid(70))
    chance = random.Random(1)
    points = [(chance.random() * 0.7, chance.random() * 0.7) for _ in range(4000)]
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for latitude, longitude in points:
            atlas.locate(latitude, longitude)
        best = min(best, (time.process_time() - start) / len(points))
    # Far above what it costs (see the guides' figures): this catches a scan of every outline.
    assert best < 300e-6


def test_below_and_path() -> None:
    atlas = Atlas(
        [
            Place(3, "barrio", "Barrio", 2),
            Place(1, "town", "Town", None),
            Place(2, "comuna", "Comuna", 1),
            Place(4, "lost", "Lost", 99),
        ]
    )
    assert atlas.below(1) == {1, 2, 3}
    assert atlas.below(3) == {3}
    assert atlas.below(50) == {50}
    assert [place.id for place in atlas.path(3)] == [1, 2, 3]
    assert [place.id for place in atlas.path(4)] == [4]
    assert atlas.path(50) == ()
    assert [place.id for place in atlas.children(None)] == [1, 4]
    assert [place.id for place in atlas.children(1)] == [2]
    assert [place.id for place in atlas.leaves(None)] == [3, 4]
    assert [place.id for place in atlas.leaves(1)] == [3]
    assert atlas.leaves(3) == ()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12))
def test_below_is_the_converse_of_path(parents: list[int]) -> None:
    # Each place's parent is listed before it, so that there is no circle.
    atlas = Atlas(
        [Place(i, str(i), str(i), p if p < i else None) for i, p in enumerate(parents, start=1)]
    )
    for place in atlas.places:
        for other in atlas.places:
            above = place.id in {p.id for p in atlas.path(other.id)}
            assert (other.id in atlas.below(place.id)) == above


def test_what_is_no_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="circle"):
        Atlas([Place(1, "a", "A", 2), Place(2, "b", "B", 1)])
    with pytest.raises(ValueError, match="same id"):
        Atlas([Place(1, "a", "A", None), Place(1, "b", "B", None)])
    with pytest.raises(ValueError, match="no polygon"):
        Atlas([Place(1, "a", "A", None, {"type": "Point", "coordinates": [0, 0]})])


NAMED = Atlas(
    [
        Place(1, "c1", "Centro", None),
        Place(2, "b1", "Centro", 1),
        Place(3, "b2", "La Peña Alta", 1),
        Place(4, "b3", "La Peña", 1),
        Place(5, "b4", "San José", 1),
        Place(6, "c2", "Sur", None),
        Place(7, "b5", "San José", 6),
        Place(8, "b6", "Los Guayacanes", 6),
        Place(9, "b7", "Santa Rita", 6),
        Place(10, "b8", "Santa Rosa", 6),
    ]
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("la peña alta", 3),
        ("LA PENA ALTA!!", 3),
        ("la peña", 4),
        ("calle 5 con 3, barrio la pena alta, casa azul", 3),
        ("los guayacnes", 8),
        ("Guayacanes", 8),
        ("barrio Los Guayacanes", 8),
        ("frente al centro de salud", None),
        ("frente a la escuela, Centro", 2),
        ("esquina del barrio centro con 5", 2),
        ("carrera 3 por santa rita", 9),
        ("centro", 2),
        ("san jose", None),
        ("santa rit", 9),
        ("santa ros", 10),
        ("santa rota", None),
        ("surtidor", None),
        ("sur", 6),
        ("sul", None),
        ("", None),
        ("🙂", None),
    ],
)
def test_names(typed: str, expected: int | None) -> None:
    found = NAMED.named(typed)
    assert (found.id if found else None) == expected


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_no_words_make_it_fail(words: str) -> None:
    NAMED.named(words)


def test_distances() -> None:
    # A degree of latitude on the mean sphere.
    assert distance(0, 0, 1, 0) == pytest.approx(111_195, abs=1)
    assert distance(10, 20, 10, 20) == 0
    assert distance(0, 179.5, 0, -179.5) == pytest.approx(111_195, abs=1)


POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(POINTS, POINTS)
def test_distance_is_the_same_both_ways(a: tuple[float, float], b: tuple[float, float]) -> None:
    there = distance(*a, *b)
    assert 0 <= there <= 20_015_200
    assert there == pytest.approx(distance(*b, *a), rel=1e-9, abs=1e-6)
