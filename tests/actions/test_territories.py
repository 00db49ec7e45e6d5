"""Places from official files: the same ones keep their numbers, and nothing is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from actions.territories import DrawnPlace, Joined, PlacesRefused, import_places
from actions.town import set_up
from actions.townplan import TerritoryPlan
from actions.world import World
from civic.outlines import same, union
from storage.audit import Audit
from storage.database import Database
from storage.town import Territory, territories, the_town
from storage.turn import Turn
from tests.actions.test_town import PLAN
from tests.conftest import TownClock, in_turn

Run = Callable[[Callable[[Turn], Any]], Any]
Import = Callable[..., tuple[Joined, Joined]]
BARE = replace(PLAN, territories=None, groups=[], votes=[])


def square(x: int, y: int = 0, side: int = 1) -> dict[str, Any]:
    """A square of hundredths of a degree."""
    left, low, far = -74 + x / 100, 4 + y / 100, side / 100
    ring = [[left, low], [left + far, low], [left + far, low + far], [left, low + far], [left, low]]
    return {"type": "Polygon", "coordinates": [ring]}


def place(
    name: str, outline: dict[str, Any], parent: str | None = None, key: str | None = None
) -> DrawnPlace:
    return DrawnPlace(f"x.geojson ({name})", name, key, parent, outline)


BARRIOS = [
    place("Zona 10", square(0), "Comuna 2"),
    place("Zona 9", square(1), "Comuna 2"),
    place("Alto", square(2), "Comuna 10"),
]
COMUNAS = [place("Comuna 10", square(2)), place("Comuna 2", square(0, 0, 2))]


@pytest.fixture
def bring(take_turn: Run) -> Import:
    def run(
        places: list[DrawnPlace], kind: str = "barrio", *, parents: bool = True
    ) -> tuple[Joined, Joined]:
        done: tuple[Joined, Joined] = take_turn(
            lambda turn: import_places(
                turn, places, kind=kind, parent_kind="comuna", parents=parents
            )
        )
        return done

    return run


def tree(database: Database) -> dict[str, Territory]:
    with database.read() as session:
        return {row.key: row for row in territories(session)}


def test_a_tree_is_built_in_the_order_of_names(bring: Import, database: Database) -> None:
    assert bring(BARRIOS) == (Joined(3), Joined(2))
    rows = tree(database)
    assert list(rows) == ["comuna-2", "comuna-10", "alto", "zona-9", "zona-10"]
    assert [row.kind for row in rows.values()] == ["comuna"] * 2 + ["barrio"] * 3
    assert rows["zona-9"].parent_id == rows["zona-10"].parent_id == rows["comuna-2"].id
    assert rows["alto"].parent_id == rows["comuna-10"].id
    made = rows["comuna-2"].outline
    assert made is not None and same(made, union([square(0), square(1)]))


def test_again_changes_nothing(bring: Import, take_turn: Run, database: Database) -> None:
    take_turn(lambda turn: set_up(turn, BARE))
    bring(BARRIOS)
    before = {key: row.model_dump() for key, row in tree(database).items()}
    assert bring(BARRIOS[::-1]) == (Joined(unchanged=3), Joined(unchanged=2))
    assert {key: row.model_dump() for key, row in tree(database).items()} == before
    with database.read() as session:
        town = the_town(session)
        assert town is not None and town.version == 2
        audit = session.exec(select(Audit).where(Audit.action == "import_territories")).one()
        assert audit.facts == {"territories": [3, 0], "parents": [2, 0]}
        assert World().town(session).territories[0].name == "Comuna 2"


@pytest.mark.parametrize("comunas_first", [True, False])
def test_the_parents_file_may_come_first_or_after(
    bring: Import, database: Database, comunas_first: bool
) -> None:
    # The drawn comuna is a little wider than its barrios.
    wide = [COMUNAS[0], place("COMUNA 2", square(0, 0, 3))]
    if comunas_first:
        assert bring(wide, "comuna", parents=False) == (Joined(2), Joined())
        assert bring(BARRIOS) == (Joined(3), Joined(unchanged=2))
    else:
        bring(BARRIOS)
        ids = {key: row.id for key, row in tree(database).items()}
        assert bring(wide, "comuna", parents=False) == (Joined(0, 1, 1), Joined())
        assert {key: row.id for key, row in tree(database).items()} == ids
    # What was drawn stays, whatever its children's outlines are.
    assert not any(count.changed for count in bring(BARRIOS))
    assert not any(count.changed for count in bring(wide, "comuna", parents=False))
    rows = tree(database)
    assert rows["comuna-2"].outline == square(0, 0, 3)
    assert rows["comuna-2"].name == "COMUNA 2" and len(rows) == 5
    assert rows["zona-9"].parent_id == rows["comuna-2"].id


def test_an_outline_made_around_children_follows_them(bring: Import, database: Database) -> None:
    bring(BARRIOS)
    grown = [replace(BARRIOS[0], outline=square(0, 1)), *BARRIOS[1:]]
    assert bring(grown) == (Joined(0, 1, 2), Joined(0, 1, 1))
    made = tree(database)["comuna-2"].outline
    assert made is not None and same(made, union([square(0, 1), square(1)]))
    # A barrio that goes to the other comuna changes both.
    moved = [replace(grown[0], parent="Comuna 10"), *grown[1:]]
    assert bring(moved) == (Joined(0, 1, 2), Joined(0, 2))
    rows = tree(database)
    for key, parts in (("comuna-2", [square(1)]), ("comuna-10", [square(0, 1), square(2)])):
        drawn = rows[key].outline
        assert drawn is not None and same(drawn, union(parts))


def test_what_is_not_in_the_file_stays_and_what_was_left_returns(
    bring: Import, take_turn: Run, database: Database
) -> None:
    listed = replace(BARE, territories=[TerritoryPlan("a", "ALTO"), TerritoryPlan("v", "Vereda")])
    take_turn(lambda turn: set_up(turn, listed))
    ids = {key: row.id for key, row in tree(database).items()}
    # Its name tells that it is the same, under the key that it has.
    assert bring(BARRIOS) == (Joined(2, 1), Joined(2))
    rows = tree(database)
    assert (rows["a"].id, rows["a"].name) == (ids["a"], "Alto")
    assert "alto" not in rows and rows["v"].name == "Vereda"
    take_turn(lambda turn: set_up(turn, replace(BARE, territories=[])))
    assert not tree(database)
    assert bring(BARRIOS) == (Joined(0, 3), Joined(0, 2))
    assert {row.id for key, row in tree(database).items() if key != "v"} == {
        row.id for key, row in rows.items() if key != "v"
    }
    take_turn(lambda turn: set_up(turn, BARE))
    assert len(tree(database)) == 5


def test_without_parents_in_the_file_everybody_stays_where_they_are(
    bring: Import, database: Database
) -> None:
    bring(BARRIOS)
    above = {key: row.parent_id for key, row in tree(database).items()}
    bare = [replace(barrio, parent=None) for barrio in BARRIOS]
    assert bring(bare, parents=False) == (Joined(unchanged=3), Joined(unchanged=2))
    assert {key: row.parent_id for key, row in tree(database).items()} == above
    # A file that tells parents, and none for this one, puts it at the top.
    assert bring([bare[0]]) == (Joined(0, 1), Joined(0, 1))
    rows = tree(database)
    assert rows["zona-10"].parent_id is None
    smaller = rows["comuna-2"].outline
    assert smaller is not None and same(smaller, square(1))


def test_a_barrio_named_like_the_comuna_around_it(bring: Import, database: Database) -> None:
    centro = [place("Centro", square(0), "Centro"), place("Loma", square(1), "Centro")]
    assert bring([*centro])[0] == Joined(2)
    rows = tree(database)
    assert rows["centro"].kind == "barrio"
    around = rows["comuna-centro"]
    assert (around.name, around.kind) == ("Centro", "comuna")
    assert rows["loma"].parent_id == rows["centro"].parent_id == around.id
    assert not any(count.changed for count in bring(centro))


def test_places_inside_one_another_in_one_file(bring: Import, database: Database) -> None:
    both = [place("Sector", square(0), "Vereda"), place("Vereda", square(0, 0, 2))]
    assert bring(both) == (Joined(2), Joined())
    rows = tree(database)
    assert rows["sector"].parent_id == rows["vereda"].id
    assert rows["vereda"].outline == square(0, 0, 2)


def test_a_key_tells_apart_what_is_called_the_same(bring: Import, database: Database) -> None:
    two = [place("Centro", square(0), key="c1"), place("Centro", square(1), key="c2")]
    assert bring(two, parents=False) == (Joined(2), Joined())
    renamed = [replace(two[0], name="Centro Viejo"), two[1]]
    assert bring(renamed, parents=False) == (Joined(0, 1, 1), Joined())
    assert {row.key: row.name for row in tree(database).values()} == {
        "c1": "Centro Viejo",
        "c2": "Centro",
    }


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (
            [place("Alto", square(0)), place("ALTO", square(1))],
            r"^x.geojson \(ALTO\): x.geojson \(Alto\) has the key alto too: name a property",
        ),
        ([place("🙂", square(0))], "its name cannot be its key"),
        ([place("Alto", square(0), key="a b")], "a b cannot be its key"),
        ([place("Norte", square(0))], r'the comuna Norte has the key norte: .* --kind "comuna"'),
        ([place("Alto", square(0), "🙂")], "no key can be made of its parent 🙂"),
        (
            [place("A", square(0), "B"), place("B", square(1), "A")],
            "^a would be inside itself$",
        ),
        (
            [
                place("A", square(0), key="1"),
                place("A", square(1), key="2"),
                place("B", square(2), "A"),
            ],
            "several places are called A: 1, 2",
        ),
    ],
)
def test_what_cannot_be_joined_changes_nothing(
    bring: Import, take_turn: Run, database: Database, places: list[DrawnPlace], sentence: str
) -> None:
    take_turn(lambda turn: set_up(turn, replace(BARE, territories=[PLAN.territories[1]])))  # type: ignore[index]
    before = {key: row.model_dump() for key, row in tree(database).items()}
    with pytest.raises(PlacesRefused, match=sentence):
        bring(places)
    assert {key: row.model_dump() for key, row in tree(database).items()} == before


@st.composite
def files(draw: st.DrawFn) -> list[DrawnPlace]:
    """Any barrios of a small world, each inside any comuna of it, or one, or nothing."""
    names = draw(st.lists(st.sampled_from("ABCDEF"), unique=True, min_size=1))
    return [
        place(
            name,
            square(draw(st.integers(0, 9)), ord(name) - 65),
            draw(st.sampled_from([None, "X", "Y", "A", "Comuna 2"])),
        )
        for name in names
    ]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(files(), min_size=1, max_size=4))
def test_whatever_is_imported_stays_and_twice_is_once(
    sqlite: Database, clock: TownClock, several: list[list[DrawnPlace]]
) -> None:
    def bring(places: list[DrawnPlace]) -> tuple[Joined, Joined]:
        return in_turn(
            sqlite,
            clock(),
            lambda turn: import_places(
                turn, places, kind="barrio", parent_kind="comuna", parents=True
            ),
        )

    in_turn(sqlite, clock(), lambda turn: turn.session.execute(delete(Territory)))
    known: dict[str, int | None] = {}
    for places in several:
        try:
            mine, _ = bring(places)
        except PlacesRefused as refused:
            assert "inside itself" in str(refused) or "has the key" in str(refused)
            continue
        assert mine.total == len(places)
        assert not any(count.changed for count in bring(places))
        rows = tree(sqlite)
        ids = {row.id: row for row in rows.values()}
        assert known.items() <= {key: row.id for key, row in rows.items()}.items()
        known = {key: row.id for key, row in rows.items()}
        for one in places:
            row = rows[one.name.lower()]
            above = ids.get(row.parent_id)
            assert row.outline == one.outline
            assert (above.name if above is not None else None) == one.parent
            if above is not None and above.kind == "comuna":
                below = [r.outline for r in rows.values() if r.parent_id == above.id and r.outline]
                assert above.outline is not None and same(above.outline, union(below))
