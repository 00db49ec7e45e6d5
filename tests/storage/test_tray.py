"""Whatever a gestor chooses to see is found by index, in the order she chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from civic.lifecycle import CLOSED, FIXED, OPEN, RECEIVED
from storage import tray
from storage.database import Database
from storage.person import Person
from storage.report import Report
from storage.report_event import STATE, ReportEvent
from storage.town import Category, Territory
from storage.tray import SUPPORTED, Wanted
from storage.turn import Turn
from tests.conftest import NOON
from tests.storage.test_plans import whole_tables

Take = Callable[[Callable[[Turn], Any]], Any]

EVERY = [
    Wanted(),
    Wanted(territories=(1, 2)),
    Wanted(category=1),
    Wanted(states=(CLOSED,)),
    Wanted(until=NOON),
    Wanted(overdue=(NOON, NOON.date())),
    Wanted(assignee=1),
    Wanted(unassigned=True),
    Wanted(waits=1),
    Wanted(states=(FIXED,), denied=True),
    Wanted(states=(RECEIVED,), since=NOON, untouched=True, again=False),
    Wanted(states=(RECEIVED,), again=True),
    Wanted(states=(RECEIVED,), again=False),
    Wanted(order=SUPPORTED),
    Wanted(order=SUPPORTED, territories=(1,), unassigned=True),
    Wanted(states=(CLOSED,), order=SUPPORTED),
]


@pytest.mark.parametrize("wanted", EVERY, ids=str)
def test_no_choice_reads_the_whole_table(sqlite: Database, wanted: Wanted) -> None:
    seen: list[tuple[str, Any]] = []
    event.listen(
        sqlite.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_: seen.append((statement, values)),
    )
    with sqlite.connect() as connection:
        raw: Any = connection.connection.driver_connection
        with Session(connection) as session:
            tray.page(session, wanted, 10, 6)
            tray.how_many(session, wanted)
        asked = [one for one in seen if one[0].startswith("SELECT")]
        assert [whole_tables(raw, *one) for one in asked] == [[]] * len(asked)


def town(turn: Turn) -> None:
    session = turn.session
    session.add(Category(id=1, key="vias", names={"es": "Vías"}))
    session.add(Category(id=2, key="agua", names={"es": "Agua"}))
    session.add(Territory(id=1, key="centro", name="Centro"))
    session.add(Territory(id=2, key="sur", name="Sur"))
    session.add(Person(id=1, telegram_id=501, name="Marta", language="es", created_at=NOON))
    session.flush()
    told: list[dict[str, Any]] = [
        {},
        {
            "state": "planned",
            "supports": 2,
            "category_id": 2,
            "expected_on": NOON.date() - timedelta(days=1),
        },
        {"state": CLOSED},
        {"territory_id": 2, "assignee_id": 1, "due_at": NOON - timedelta(days=1)},
        {"state": "confirmed", "supports": 5, "assignee_id": 1, "due_at": NOON + timedelta(days=1)},
        {
            "changed_at": NOON + timedelta(hours=1),
            "due_at": NOON - timedelta(days=3),
            "expected_on": NOON.date(),
        },
        {"state": "hidden", "supports": 9},
    ]
    for number, values in enumerate(told, 1):
        report = {
            "code": f"R-{number}",
            "category_id": 1,
            "territory_id": 1,
            "state": RECEIVED,
            "created_at": NOON - timedelta(days=10 - number),
            "changed_at": NOON - timedelta(days=10 - number),
        }
        session.add(Report(id=number, **{**report, **values}))
    session.flush()
    happened: list[tuple[int, dict[str, Any]]] = [
        (6, {"kind": STATE, "before": "fixed", "after": RECEIVED}),
        # Told by somebody unknown: what Marta did about it is the team's.
        (1, {"kind": "addition"}),
        (4, {"kind": "assigned", "after": "1", "person_id": 1}),
        (4, {"kind": "supported"}),
        (5, {"kind": "assigned", "after": "1", "person_id": 1}),
        (5, {"kind": "answer", "person_id": 1}),
        (2, {"kind": "question", "person_id": 1}),
        (2, {"kind": "addition"}),
    ]
    for number, values in happened:
        session.add(ReportEvent(report_id=number, created_at=NOON, **values))
        session.flush()


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [1, 2, 4, 5, 6]),
        (Wanted(states=(CLOSED, "hidden")), [3, 7]),
        (Wanted(territories=(2,)), [4]),
        (Wanted(territories=(1, 2), category=1), [1, 4, 5, 6]),
        (Wanted(category=2), [2]),
        (Wanted(until=NOON - timedelta(days=7)), [1, 2]),
        (Wanted(overdue=(NOON, NOON.date())), [2, 4]),
        (Wanted(assignee=1), [4, 5]),
        (Wanted(unassigned=True), [1, 2, 6]),
        (Wanted(waits=1), [2, 4]),
        (Wanted(states=(RECEIVED,), untouched=True), [1, 6]),
        (Wanted(states=(RECEIVED,), since=NOON - timedelta(days=7)), [4, 6]),
        (Wanted(states=(RECEIVED,), again=True), [6]),
        (Wanted(states=(RECEIVED,), again=False), [1, 4]),
        (Wanted(order=SUPPORTED), [5, 2]),
        (Wanted(order=SUPPORTED, states=("hidden",)), [7]),
        (Wanted(order=SUPPORTED, states=("planned",)), [2]),
    ],
    ids=str,
)
def test_each_choice_in_its_order(take_turn: Take, wanted: Wanted, numbers: list[int]) -> None:
    take_turn(town)

    def asked(turn: Turn) -> tuple[list[int | None], list[int | None], int]:
        found = tray.page(turn.session, wanted, 0, 100)
        second = tray.page(turn.session, wanted, 1, 2)
        number = tray.how_many(turn.session, wanted)
        return [r.id for r in found], [r.id for r in second], number

    found, second, number = take_turn(asked)
    assert found == numbers
    assert second == numbers[1:3]
    if wanted.order != SUPPORTED:
        assert number == len(numbers)


def test_open_is_what_the_index_says() -> None:
    assert Wanted().states == OPEN
