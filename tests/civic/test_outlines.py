"""Outlines joined, compared and mended without becoming other places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from civic.outlines import mended, plain, same, union


def square(x: float, y: float, side: float = 1.0) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_neighbours_become_one_piece() -> None:
    whole = union([square(0, 0), square(1, 0)])
    assert whole["type"] == "Polygon"
    assert shape(whole).equals(shape(square(0, 0)).union(shape(square(1, 0))))
    apart = union([square(0, 0), square(5, 5)])
    assert apart["type"] == "MultiPolygon" and shape(apart).area == pytest.approx(2)
    with pytest.raises(ValueError, match="nothing"):
        union([])


def test_the_same_ground_is_the_same_wherever_its_ring_begins() -> None:
    one = square(0, 0)
    ring = one["coordinates"][0]
    turned = {"type": "Polygon", "coordinates": [[*ring[2:-1], *ring[:3]]]}
    several = {"type": "MultiPolygon", "coordinates": [one["coordinates"]]}
    assert same(one, turned) and same(one, several)
    assert not same(one, square(0, 0, 1.001))
    assert not same(one, square(3, 3))


@given(st.permutations([square(0, 0), square(1, 0), square(0, 1), square(1, 1), square(4, 4)]))
def test_the_order_of_joining_does_not_matter(parts: list[dict[str, Any]]) -> None:
    assert same(union(parts), union(parts[::-1]))
    assert same(union(parts), union([square(0, 0, 2), square(4, 4)]))


def test_a_small_slip_is_mended() -> None:
    loop = [[0, 0], [1, 0], [1, 1], [0.001, 1], [-0.001, 1.001], [0, 1.001], [0, 0]]
    drawn = shape({"type": "Polygon", "coordinates": [loop]})
    assert not drawn.is_valid
    whole = mended(drawn)
    assert whole is not None and whole.is_valid
    assert whole.area == pytest.approx(1, abs=0.01)
    kept = plain(whole)
    assert shape(kept).equals(whole)


@pytest.mark.parametrize(
    "ring",
    [
        [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]],
        # A tenth of it lies on the other side.
        [[0, 0], [1, 0], [1, 1], [-0.3, 1], [0.3, 1.4], [0, 0]],
        [[0, 0], [1, 1], [2, 2], [0, 0]],
    ],
)
def test_what_could_be_two_things_is_not_mended(ring: list[list[float]]) -> None:
    drawn = shape({"type": "Polygon", "coordinates": [ring]})
    assert not drawn.is_valid
    assert mended(drawn) is None
