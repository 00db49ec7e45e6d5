"""What is near is shown, nearest and most alike first; a message sent twice is one problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.duplicates import (
    MOST,
    TWICE_WITHIN,
    Telling,
    likeness,
    likest,
    nearest,
    same_address,
    sent_twice,
)
from civic.territory import distance
from tests.conftest import NOON

HERE = (6.2, -75.5)
METRE = 1 / 111_195
"""Degrees of latitude."""


@dataclass(frozen=True)
class Known:
    """A report, as much of it as is compared."""

    id: int
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    words: str | None = None


def told(number: int, metres: float, words: str | None = None) -> Known:
    """A report so many metres north of here."""
    return Known(number, HERE[0] + metres * METRE, HERE[1], words=words)


def numbers(found: list[tuple[Known, float]]) -> list[int]:
    return [one.id for one, _ in found]


def test_nearest_first_and_nobody_beyond_the_radius() -> None:
    found = nearest(*HERE, None, [told(1, 240), told(2, 90), told(3, 260), told(4, 30)], 250)
    assert numbers(found) == [4, 2, 1]
    assert [round(metres) for _, metres in found] == [30, 90, 240]


def test_what_sounds_alike_comes_before_what_is_a_little_nearer() -> None:
    lamp, bin_ = "El poste de la esquina está apagado", "La caneca está llena"
    found = nearest(
        *HERE, "poste apagado en la esquina", [told(1, 60, bin_), told(2, 80, lamp)], 250
    )
    assert numbers(found) == [2, 1]
    far = nearest(
        *HERE, "poste apagado en la esquina", [told(1, 60, bin_), told(2, 200, lamp)], 250
    )
    assert numbers(far) == [1, 2]


def test_no_more_than_a_person_compares() -> None:
    assert len(nearest(*HERE, None, [told(n, n) for n in range(50)], 250)) == MOST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calle 5 con carrera 8", "calle 5 con carrera 8, frente a la panadería"),
        ("Frente a la panadería El Trigo", "al frente de la panaderia el trigo"),
        ("Cra. 8 # 5-20", "Cra 8 #5-20"),
    ],
)
def test_the_same_address_in_other_words(one: str, other: str) -> None:
    assert same_address(one, other) >= 75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calle 5 con carrera 8", "Calle 5 con carrera 9"),
        ("Calle 5 con carrera 8", "Calle 15 con carrera 8"),
        ("Frente a la panadería El Trigo", "Detrás del cementerio"),
    ],
)
def test_another_corner_is_another_address(one: str, other: str) -> None:
    assert same_address(one, other) < 60


def test_without_a_point_address_and_words_decide() -> None:
    lamp = "El poste de la esquina está apagado"
    known = [
        Known(
            1,
            address="Calle 5 con carrera 8",
            words="No hay luz desde el lunes, el poste está apagado",
        ),
        Known(2, address="Calle 9 con carrera 1", words=lamp),
        # It has a point, and no address: what was told decides.
        Known(3, *HERE, words=lamp),
        Known(4, words="La caneca está llena"),
        Known(5),
    ]
    likely = likest("calle 5 con carrera 8", "Poste apagado", known)
    assert [one.id for one in likely] == [1, 3]
    assert likest("calle 5 con carrera 8", None, known) == known[:1]
    assert likest(None, None, known) == []
    assert numbers(nearest(*HERE, lamp, known, 250)) == [3]
    many = [Known(n, words=lamp) for n in range(50)]
    assert len(likest("aquí", lamp, many)) == MOST


points = st.tuples(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))


@given(
    st.lists(st.tuples(points, st.none() | st.text(max_size=30)), max_size=20),
    st.none() | st.text(max_size=30),
    st.floats(10, 5000),
)
def test_whatever_is_shown_is_near_and_none_twice(
    rows: list[tuple[tuple[float, float], str | None]], words: str | None, radius: float
) -> None:
    all_of_them = [
        Known(n, HERE[0] + north, HERE[1] + east, words=said)
        for n, ((north, east), said) in enumerate(rows)
    ]
    found = nearest(*HERE, words, all_of_them, radius)
    assert len(set(numbers(found))) == len(found) <= MOST
    inside = [
        t for t in all_of_them if distance(*HERE, t.latitude or 0, t.longitude or 0) <= radius
    ]
    assert len(found) == min(MOST, len(inside))
    assert all(metres <= radius for _, metres in found)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 100
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, None) == 0


def test_accents_and_capitals_do_not_matter() -> None:
    assert likeness("Hay un ÁRBOL caído", "arbol caido hay un") == 100


A_MINUTE = timedelta(minutes=1)


def test_sent_twice() -> None:
    before = Telling("hay un HUECO", HERE, "Calle 5 con 8", {"wide": 40}, NOON - A_MINUTE)
    now = Telling("Hay un hueco.", HERE, "calle 5, con 8", {"wide": 40}, NOON)

    def twice(was: Telling = before, **other: Any) -> bool:
        return sent_twice(replace(now, **other), was)

    assert twice()
    assert twice(replace(before, point=None), point=None)
    assert not twice(replace(before, at=NOON - TWICE_WITHIN - A_MINUTE))
    assert not twice(replace(before, words="Hay dos huecos"))
    # The same words of another corner are another hole; so is one whose place is not known.
    assert not twice(point=(HERE[0] + 100 * METRE, HERE[1]))
    assert not twice(point=None)
    assert not twice(replace(before, point=None), point=None, address="Carrera 20")
    assert not twice(address=None)
    # So is one that is wider.
    assert not twice(answers={"wide": 90})
    # Two voice notes are not known to say the same.
    assert not twice(replace(before, words=None), words=None)
