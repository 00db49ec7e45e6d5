"""What is near is found by its squares, whatever there is elsewhere, and what is private is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session

from civic import nearness
from storage import neighbours
from storage.database import Database
from storage.person import Person
from storage.report import BEFORE, Report, ReportPhoto
from storage.support import Support
from storage.town import Category, Territory
from storage.turn import Turn
from tests.conftest import NOON

HERE = (6.2, -75.5)
TakeTurn = Callable[[Callable[[Turn], Any]], Any]


def people(turn: Turn) -> None:
    """Two neighbours and two categories, numbers 1 and 2."""
    for number in (1, 2):
        turn.session.add(
            Person(telegram_id=number, name="P", language="es", created_at=turn.now, id=number)
        )
        turn.session.add(Category(key=f"c{number}", names={"es": "C"}, id=number))
    turn.session.flush()


def report(turn: Turn, number: int, **values: Any) -> Report:
    """A report right here, told by the first neighbour."""
    told: dict[str, Any] = {
        "id": number,
        "code": f"R-{number}",
        "person_id": 1,
        "category_id": 1,
        "latitude": HERE[0],
        "longitude": HERE[1],
        "state": "received",
        "created_at": turn.now,
        "changed_at": turn.now,
        **values,
    }
    if told["latitude"] is not None:
        told["cell"] = nearness.cell(told["latitude"], told["longitude"])
    made = Report(**told)
    turn.session.add(made)
    turn.session.flush()
    return made


def found(database: Database, viewer: int, most: int = 25) -> list[int]:
    with database.read() as session:
        rows = neighbours.near(session, 1, nearness.cells(*HERE, 250), viewer, *HERE, most)
    return sorted(row.id for row in rows)


def test_open_public_and_of_the_category_nearest_first(
    take_turn: TakeTurn, database: Database
) -> None:
    def fill(turn: Turn) -> None:
        people(turn)
        report(turn, 1, latitude=HERE[0] + 0.001)
        report(turn, 2, latitude=HERE[0] + 0.0005)
        report(turn, 3, category_id=2)
        report(turn, 4, state="fixed")
        report(turn, 5, state="hidden")
        report(turn, 6, private=True)
        report(turn, 7, latitude=HERE[0] + 0.1)
        report(turn, 8, state="in_progress")

    take_turn(fill)
    assert found(database, viewer=2) == [1, 2, 8]
    assert found(database, viewer=2, most=2) == [2, 8]
    # One's own private one is known to oneself.
    assert found(database, viewer=1) == [1, 2, 6, 8]


NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None}


def test_without_a_point_and_in_a_barrio_newest_first(
    take_turn: TakeTurn, database: Database
) -> None:
    def fill(turn: Turn) -> None:
        people(turn)
        turn.session.add(Territory(id=7, key="t7", kind="barrio", name="T"))
        turn.session.flush()
        report(turn, 1, **NOWHERE, address="Calle 5", words="Un hueco")
        report(turn, 2, territory_id=7)
        report(turn, 3, **NOWHERE, territory_id=7)
        report(turn, 4, **NOWHERE, category_id=2)
        report(turn, 5, **NOWHERE, state="fixed", territory_id=7)
        report(turn, 6, **NOWHERE, private=True, territory_id=7)

    take_turn(fill)
    with database.read() as session:
        first, third = sorted(neighbours.without_point(session, 1, 2, 9))
        assert (third.id, third.territory_id, third.latitude, third.words) == (3, 7, None, None)
        assert (first.id, first.address, first.words) == (1, "Calle 5", "Un hueco")
        assert (first.code, first.person_id, first.state) == ("R-1", 1, "received")
        assert first.created_at == NOON
        assert {row.id for row in neighbours.without_point(session, 1, 1, 2)} == {6, 3}
        assert {row.id for row in neighbours.in_territory(session, 1, 7, 2, 9)} == {3, 2}
        assert {row.id for row in neighbours.in_territory(session, 1, 7, 2, 1)} == {3}
        assert {row.id for row in neighbours.in_territory(session, 1, 7, 1, 9)} == {6, 3, 2}


@pytest.mark.parametrize(
    ("index", "ask"),
    [
        ("report_near", lambda session: neighbours.without_point(session, 1, 2, 25)),
        ("report_there", lambda session: neighbours.in_territory(session, 1, 7, 2, 25)),
    ],
    ids=["without_point", "in_territory"],
)
def test_no_more_is_read_than_is_given(
    take_turn: TakeTurn, database: Database, index: str, ask: Callable[[Session], Any]
) -> None:
    """In the order of the index: they are not sorted, however many there are."""

    def fill(turn: Turn) -> None:
        people(turn)
        turn.session.add(Territory(id=7, key="t7", kind="barrio", name="T"))
        turn.session.flush()
        for number in range(1, 3001):
            kind = 1 if number % 50 == 0 else 2
            report(turn, number, **NOWHERE, territory_id=7, category_id=kind)

    take_turn(fill)
    told = planned(database, ask)
    assert index in told and "sort" not in told.lower() and "TEMP B-TREE" not in told, told


def planned(database: Database, ask: Callable[[Session], Any]) -> str:
    """How the database means to answer the one thing that is asked."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    with database.connect() as connection:
        connection.execute(text("ANALYZE"))
        event.listen(database.engine, "before_cursor_execute", note)
        with Session(connection) as session:
            ask(session)
        event.remove(database.engine, "before_cursor_execute", note)
        ((statement, values),) = asked
        word = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
        plan = connection.exec_driver_sql(f"{word} {statement}", values).all()
        connection.rollback()
    return " ".join(str(row) for row in plan)


def test_it_does_not_read_what_is_elsewhere(take_turn: TakeTurn, database: Database) -> None:
    chance = random.Random(5)

    def fill(turn: Turn) -> None:
        people(turn)
        for number in range(1, 2001):
            report(
                turn,
                number,
                latitude=HERE[0] + chance.uniform(-0.2, 0.2),
                longitude=HERE[1] + chance.uniform(-0.2, 0.2),
                category_id=chance.choice((1, 2)),
                state=chance.choice(("received", "planned", "fixed", "closed")),
            )

    take_turn(fill)
    squares = nearness.cells(*HERE, 250)
    told = planned(database, lambda session: neighbours.near(session, 1, squares, 2, *HERE, 25))
    assert "report_near" in told, told


def test_a_page_of_what_they_told_and_joined(take_turn: TakeTurn, database: Database) -> None:
    def fill(turn: Turn) -> None:
        people(turn)
        for number in range(1, 7):
            report(turn, number, person_id=1 if number % 2 else 2)
        for number in (1, 3, 5):
            turn.session.add(Support(report_id=number, person_id=2, created_at=turn.now))
        # Joined, and hidden or made private since; one's own is one's own.
        for number, values in ((1, {"state": "hidden"}), (3, {"private": True})):
            for name, value in values.items():
                setattr(turn.session.get(Report, number), name, value)
        own = turn.session.get(Report, 2)
        assert own
        own.private, own.state = True, "hidden"

    take_turn(fill)
    with database.read() as session:
        assert [r.id for r in neighbours.theirs(session, 2, 0, 10)] == [6, 5, 4, 2]
        assert [r.id for r in neighbours.theirs(session, 2, 1, 2)] == [5, 4]
        assert [r.id for r in neighbours.theirs(session, 1, 0, 10)] == [5, 3, 1]
        assert [r.id for r in neighbours.newest_of(session, 1, 2)] == [5, 3]


def test_the_first_photo_that_may_be_seen(take_turn: TakeTurn, database: Database) -> None:
    def fill(turn: Turn) -> None:
        people(turn)
        for number in (1, 2, 3):
            report(turn, number)
        for report_id, file_id, values in (
            (1, "hidden", {"hidden": True}),
            (1, "file", {"kind": "document"}),
            (1, "first", {}),
            (1, "second", {}),
            (2, "voice", {"kind": "voice"}),
            (2, "after", {"moment": "after"}),
            (3, "file", {"kind": "document"}),
        ):
            shown: dict[str, Any] = {"moment": BEFORE, **values}
            turn.session.add(
                ReportPhoto(
                    report_id=report_id,
                    file_id=file_id,
                    unique_id=file_id,
                    created_at=turn.now,
                    **shown,
                )
            )

    take_turn(fill)
    with database.read() as session:
        assert neighbours.first_photos(session, [1, 2, 3]) == {1: "first", 3: None}
