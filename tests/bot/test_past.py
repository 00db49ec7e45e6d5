"""The demo's past: plausible, the same for the same seed, and written in small pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from actions.reports import code_of
from actions.town import set_up
from bot import past, townfile
from bot.past import Progress, fill
from bot.past_story import NoPast
from civic.lifecycle import CLOSED, FIXED, OPEN, RECEIVED, may_move
from civic.territory import Atlas, Place
from storage.audit import Audit
from storage.database import Database
from storage.person import Person
from storage.report import Report, ReportEvent
from storage.town import Category, Territory, categories, territories
from storage.turn import Turn
from storage.writer import Writer
from tests.conftest import NOON, in_turn

Run = Callable[[Callable[[Turn], Any]], Any]


@pytest.fixture
def demo(database: Database) -> Database:
    """A database with the demo's town and nothing more."""
    plan = townfile.plan_of(townfile.read(townfile.DEMO))
    in_turn(database, NOON, lambda turn: set_up(turn, plan))
    return database


def fill_all(database: Database, seed: int = 7, **size: int) -> list[Progress]:
    told = []
    for _ in range(50):
        told.append(in_turn(database, NOON, lambda turn: fill(turn, seed, NOON, **size)))
        if told[-1].finished:
            return told
    raise AssertionError("the past does not end")


def rows(session: Session) -> int:
    """How many rows the past may write, all tables together."""
    return sum(
        session.exec(select(func.count()).select_from(table)).one()
        for table in (Person, Report, ReportEvent)
    )


def story(session: Session) -> list[Any]:
    return [
        row.model_dump()
        for table in (Person, Report, ReportEvent)
        for row in session.exec(select(table).order_by(col(table.id)))
    ]


def test_it_is_written_in_pieces_and_once(demo: Database) -> None:
    before, sizes = 0, []
    for _ in range(50):
        progress = in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON))
        with demo.read() as session:
            sizes.append(rows(session) - before)
            before = rows(session)
            assert session.exec(select(func.count()).select_from(Report)).one() == progress.done
        if progress.finished:
            break
    assert progress == Progress(180, 180)
    assert len(sizes) > 1 and max(sizes) <= past.MOST_ROWS
    # Once more, with another seed at another time: nothing is added.
    again = in_turn(demo, NOON, lambda turn: fill(turn, 8, NOON + timedelta(days=1), reports=300))
    assert again == progress
    with demo.read() as session:
        assert rows(session) == before


def test_the_same_seed_tells_the_same_story(demo: Database) -> None:
    fill_all(demo, reports=40)
    with demo.read() as session:
        first = story(session)
    in_turn(demo, NOON, forget)
    fill_all(demo, reports=40)
    with demo.read() as session:
        again = story(session)
    strip = {"id", "code", "report_id", "person_id", "territory_id", "category_id"}
    assert [{k: v for k, v in row.items() if k not in strip} for row in again] == [
        {k: v for k, v in row.items() if k not in strip} for row in first
    ]
    in_turn(demo, NOON, forget)
    fill_all(demo, seed=8, reports=40)
    with demo.read() as session:
        other = [r.words for r in session.exec(select(Report).order_by(col(Report.id)))]
    assert other != [row["words"] for row in first if "latitude" in row]


def forget(turn: Turn) -> None:
    for table in (ReportEvent, Report, Person, Audit):
        for row in turn.session.exec(select(table)):
            turn.session.delete(row)
        turn.session.flush()


def test_it_goes_on_where_it_was_killed(demo: Database) -> None:
    fill_all(demo, reports=120)
    with demo.read() as session:
        whole = [
            (r.words, r.created_at, r.state)
            for r in session.exec(select(Report).order_by(col(Report.id)))
        ]
    in_turn(demo, NOON, forget)
    in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON, reports=120))
    # The bot starts again an hour later and asks with what it now knows.
    later = NOON + timedelta(hours=1)
    for _ in range(5):
        in_turn(demo, later, lambda turn: fill(turn, 99, later, reports=120))
    with demo.read() as session:
        assert [
            (r.words, r.created_at, r.state)
            for r in session.exec(select(Report).order_by(col(Report.id)))
        ] == whole


def test_every_report_is_plausible(demo: Database) -> None:
    fill_all(demo)
    with demo.read() as session:
        places = territories(session)
        atlas = Atlas([Place(p.id or 0, p.key, p.name, p.parent_id, p.outline) for p in places])
        reports = list(session.exec(select(Report).order_by(col(Report.id))))
        events: dict[int, list[ReportEvent]] = {}
        for event in session.exec(select(ReportEvent).order_by(col(ReportEvent.id))):
            events.setdefault(event.report_id, []).append(event)
        for report in reports:
            assert report.id is not None and report.code == code_of(report.id)
            assert report.latitude is not None and report.longitude is not None
            found = atlas.locate(report.latitude, report.longitude)
            assert found is not None and found.id == report.territory_id
            assert report.words is not None and 20 <= len(report.words) <= 200
            assert "{" not in report.words and "  " not in report.words
            check_life(report, events[report.id])
        made = [report.created_at for report in reports]
        assert made == sorted(made)
        assert NOON - timedelta(days=121) < made[0] and made[-1] < NOON


def check_life(report: Report, events: list[ReportEvent]) -> None:
    moments = [event.created_at for event in events]
    assert moments == sorted(moments) and moments[-1] <= NOON
    assert report.created_at == moments[0]
    state = None
    for event in events:
        if event.kind != "state":
            continue
        assert event.before == state
        if state is None:
            assert event.after == RECEIVED
        else:
            role = "citizen" if (state, event.after) == (FIXED, RECEIVED) else "gestor"
            assert may_move(state, event.after or "", role)
            assert report.changed_at >= event.created_at
        assert (event.words is not None) == (event.after == CLOSED)
        state = event.after
    assert report.state == state
    fixed = [event.created_at for event in events if event.after == FIXED]
    assert report.fixed_at == (fixed[-1] if fixed else None)
    assert report.reopened == sum(event.kind == "verdict" for event in events)


def test_the_town_looks_lived_in(demo: Database) -> None:
    fill_all(demo)
    with demo.read() as session:
        reports = list(session.exec(select(Report)))
        states = Counter(report.state for report in reports)
        assert states[FIXED] > 60 and states[CLOSED] > 8
        assert all(states[state] > 2 for state in OPEN)
        assert sum(report.reopened for report in reports) > 2
        assert len({report.territory_id for report in reports}) == 6
        assert len({report.category_id for report in reports}) == len(categories(session))
        assert len({report.words for report in reports}) > 170
        erased = [report for report in reports if report.person_id is None]
        assert 10 < len(erased) < 45
        kinds = Counter(event.kind for event in session.exec(select(ReportEvent)))
        assert kinds["kept"] > 10 and kinds["answer"] > 10


def test_nobody_of_the_past_is_written_to(demo: Database) -> None:
    fill_all(demo)
    with demo.read() as session:
        people = list(session.exec(select(Person)))
        assert len(people) == 60
        assert all(person.telegram_id >= past.FIRST_NUMBER for person in people)
        assert all(person.telegram_id < 2**52 for person in people)
        assert not any(person.reachable for person in people)
        assert all(person.territory_id is not None for person in people)


async def test_the_whole_of_it_through_the_writer(demo: Database, writer: Writer) -> None:
    told: list[str] = []
    assert (await past.write_all(writer, told.append)).finished
    assert len(told) > 1 and told[-1] == "  180 of 180 reports"
    with demo.read() as session:
        assert session.exec(select(func.count()).select_from(Report)).one() == 180


def test_a_town_without_outlines_has_no_past(demo: Database) -> None:
    def undraw(turn: Turn) -> None:
        for place in turn.session.exec(select(Territory)):
            place.outline = None

    in_turn(demo, NOON, undraw)
    with pytest.raises(NoPast):
        in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON))


def test_a_town_with_other_categories_has_no_past(demo: Database) -> None:
    def rename(turn: Turn) -> None:
        for category in turn.session.exec(select(Category)):
            category.key = f"x-{category.key}"

    in_turn(demo, NOON, rename)
    with pytest.raises(NoPast):
        in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON))
