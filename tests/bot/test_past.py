"""The demo's past: plausible, the same for the same seed, and written in small pieces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, func, select

import jobs
from actions.act import system_act
from actions.report_attributes import value
from actions.reports import code_of
from actions.town import set_up
from actions.world import TownView, World
from bot import past, townfile
from bot.demo import Groups, welcome
from bot.past import Progress, fill
from bot.past_story import NoPast
from civic import nearness, working_days
from civic.lifecycle import (
    BODY,
    CITIZEN,
    CLOSED,
    CLOSINGS,
    DUPLICATE,
    FIXED,
    NOT_NEEDED,
    NOT_RESPONSIBLE,
    OPEN,
    RECEIVED,
    STATES,
    USERS,
    may_move,
)
from civic.moments import days_later
from civic.territory import distance
from civic.working_days import end_of
from storage.audit import Audit
from storage.database import Database
from storage.due import Due
from storage.letter import Letter
from storage.person import GESTOR, LEADER, Person, holders
from storage.report import Report
from storage.report_event import (
    ANSWER,
    ASSIGNED,
    EVENTS,
    EXPECTED,
    MERGED,
    NOTE,
    QUESTION,
    ReportEvent,
)
from storage.support import NO, UNSURE, YES, Support, Verdict
from storage.town import Category, Territory, categories
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


TABLES: tuple[Any, ...] = (Person, Report, ReportEvent, Support, Verdict, Due)


def rows(session: Session) -> int:
    """How many rows the past may write, all tables together."""
    return sum(session.exec(select(func.count()).select_from(table)).one() for table in TABLES)


def story(session: Session) -> list[Any]:
    return [
        row.model_dump()
        for table in TABLES
        for row in session.exec(select(table).order_by(col(table.id)))
    ]


def test_it_is_written_in_pieces_and_once(demo: Database) -> None:
    with demo.read() as session:
        before, sizes = rows(session), []
    for _ in range(50):
        progress = in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON))
        with demo.read() as session:
            sizes.append(rows(session) - before)
            before = rows(session)
        if progress.finished:
            break
    assert progress == Progress(180, 180)
    assert len(sizes) > 1 and max(sizes) <= past.MOST_ROWS
    with demo.read() as session:
        assert session.exec(select(func.count()).select_from(Report)).one() == 180
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
    # On PostgreSQL the numbers go on: with them goes whatever names one.
    strip = {"id", "code", "report_id", "person_id", "duplicate_of", "key", "subject"}

    def told(row: dict[str, Any]) -> dict[str, Any]:
        merged = {"after"} if row.get("kind") == MERGED else set()
        return {k: v for k, v in row.items() if k not in strip | merged}

    assert [told(row) for row in again] == [told(row) for row in first]
    in_turn(demo, NOON, forget)
    fill_all(demo, seed=8, reports=40)
    with demo.read() as session:
        other = [r.words for r in session.exec(select(Report).order_by(col(Report.id)))]
    assert other != [row["words"] for row in first if "latitude" in row]


def forget(turn: Turn) -> None:
    for report in turn.session.exec(select(Report)):
        report.duplicate_of = None
    turn.session.flush()
    past_due = col(Due.kind).in_(("late", "follow_up"))
    turn.session.connection().execute(delete(Due).where(past_due))
    for table in (Verdict, Support, ReportEvent, Report, Person, Audit):
        turn.session.connection().execute(delete(table))


def test_it_goes_on_where_it_was_killed(demo: Database) -> None:
    fill_all(demo, reports=60)
    with demo.read() as session:
        whole = [
            (r.words, r.created_at, r.state, r.supports)
            for r in session.exec(select(Report).order_by(col(Report.id)))
        ]
    in_turn(demo, NOON, forget)
    in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON, reports=60))
    in_turn(demo, NOON, lambda turn: fill(turn, 7, NOON, reports=60))
    # The bot starts again an hour later and asks with what it now knows.
    later = NOON + timedelta(hours=1)
    for _ in range(5):
        in_turn(demo, later, lambda turn: fill(turn, 99, later, reports=60))
    with demo.read() as session:
        assert [
            (r.words, r.created_at, r.state, r.supports)
            for r in session.exec(select(Report).order_by(col(Report.id)))
        ] == whole


class Replay:
    """A report's events once more, by the rules alone; what they must have come to."""

    def __init__(self, report: Report, team: set[int], town: TownView) -> None:
        self.report = report
        self.team = team
        self.town = town
        self.state: str | None = None
        self.joined: set[int] = set()
        self.said: dict[tuple[int, int | None], str] = {}
        self.reopened = self.denied = 0
        self.fixed_at: datetime | None = None
        self.neighbours_at: datetime | None = None
        self.closing: ReportEvent | None = None
        self.expected: str | None = None
        self.term: datetime | None = None
        self.holder: str | None = None
        self.private = False

    def tell(self, event: ReportEvent) -> None:
        by_team = event.person_id in self.team
        if event.kind in (ASSIGNED, NOTE, EXPECTED, MERGED, ANSWER, QUESTION):
            assert by_team
        match event.kind:
            case "state":
                self._move(event, by_team)
            case "supported":
                assert event.person_id is not None and not self.private
                assert event.person_id != self.report.person_id
                assert event.person_id not in self.joined and self.state in OPEN
                self.joined.add(event.person_id)
            case "kept" | "verdict" | "unsure":
                self._judge(event)
            case "expected":
                assert self.state in OPEN and event.words and event.before == self.expected
                assert event.after is not None
                assert date.fromisoformat(event.after) >= event.created_at.date()
                self.expected = event.after
            case "assigned":
                assert event.before == self.holder and int(event.after or "") in self.team
                self.holder = event.after
            case "privacy":
                assert event.person_id == self.report.person_id and not self.joined
                self.private = True
            case "addition":
                assert event.person_id == self.report.person_id and event.words
            case "merged":
                assert self.state in (*OPEN, FIXED) and not self.private
            case _:
                assert event.words and event.kind in (ANSWER, QUESTION, NOTE)

    def _move(self, event: ReportEvent, by_team: bool) -> None:
        assert event.before == self.state
        after = event.after or ""
        if self.state is None:
            assert after == RECEIVED and not by_team
            assert event.person_id == self.report.person_id
        elif (self.state, after) == (FIXED, RECEIVED):
            # A neighbour's first No.
            assert self.denied == 1 and not by_team
        else:
            assert may_move(self.state, after, GESTOR if by_team else CITIZEN)
            assert by_team or event.person_id == self.report.person_id
        if after in OPEN and self.state not in OPEN:
            self.reopened += self.state is not None
            self.neighbours_at = None
            days = self.town.category(self.report.category_id)
            assert days is not None and days.days_to_resolve is not None
            town = self.town
            self.term = working_days.deadline(
                event.created_at, days.days_to_resolve, town.zone, town.weekend, town.holidays
            )
            self.expected = None
        if after == FIXED:
            self.fixed_at = event.created_at
            assert self.report.fixed_by == (BODY if by_team else USERS) or self.reopened
        if after == CLOSED:
            self.closing = event
        self.state = after

    def _judge(self, event: ReportEvent) -> None:
        assert self.state == FIXED and self.fixed_at is not None
        days = self.town.category(self.report.category_id)
        assert days is not None
        wait = days.follow_up_days or self.town.follow_up_days
        assert event.created_at > days_later(self.fixed_at, wait, self.town.zone)
        key = (self.reopened, event.person_id)
        assert key not in self.said
        teller = self.report.person_id
        # Whoever joined with a duplicate may be asked, too.
        assert event.person_id not in self.team
        self.said[key] = {"kept": YES, "verdict": NO, "unsure": UNSURE}[event.kind]
        self.denied += event.kind == "verdict"
        yes = [a for (asking, _), a in self.said.items() if (asking, a) == (self.reopened, YES)]
        if len(yes) == 3 and event.kind == "kept":
            self.neighbours_at = event.created_at
        if event.person_id == teller:
            assert self.report.fixed_by == BODY or self.reopened


@pytest.fixture
def peopled(demo: Database) -> Database:
    """The demo's town with its team, its leader and its past."""
    in_turn(demo, NOON, lambda turn: welcome(turn, Groups(-100, -200)))
    fill_all(demo)
    return demo


def test_every_story_is_one_that_the_rules_allow(peopled: Database) -> None:
    with peopled.read() as session:
        town = World().town(session)
        team = {person.id or 0 for person in holders(session, GESTOR)}
        assert len(team) == 2
        reports = {r.id or 0: r for r in session.exec(select(Report).order_by(col(Report.id)))}
        events: dict[int, list[ReportEvent]] = {number: [] for number in reports}
        for event in session.exec(select(ReportEvent).order_by(col(ReportEvent.id))):
            events[event.report_id].append(event)
        supports: dict[int, set[int]] = {number: set() for number in reports}
        for one in session.exec(select(Support)):
            supports[one.report_id].add(one.person_id)
        verdicts: dict[int, dict[tuple[int, int | None], str]] = {n: {} for n in reports}
        for given in session.exec(select(Verdict)):
            verdicts[given.report_id][(given.asking, given.person_id)] = given.answer
        copies: dict[int, list[Report]] = {number: [] for number in reports}
        for report in reports.values():
            if report.duplicate_of is not None:
                copies[report.duplicate_of].append(report)
        for number, report in reports.items():
            check_place(town, report)
            moments = [event.created_at for event in events[number]]
            assert moments == sorted(moments) and moments[-1] <= NOON
            replay = Replay(report, team, town)
            for event in events[number]:
                replay.tell(event)
            states = [e.created_at for e in events[number] if e.kind == "state"]
            assert (report.created_at, report.changed_at) == (states[0], states[-1])
            assert (report.state, report.reopened) == (replay.state, replay.reopened)
            assert (report.fixed_at, report.neighbours_at) == (
                replay.fixed_at,
                replay.neighbours_at,
            )
            assert report.private == replay.private
            assert str(report.assignee_id or "") == (replay.holder or "")
            assert str(report.expected_on or "") == (replay.expected or "")
            assert report.due_at == replay.term
            assert verdicts[number] == replay.said
            merged = {e.after for e in events[number] if e.kind == MERGED}
            assert merged == {copy.code for copy in copies[number]}
            waiting = {copy.person_id for copy in copies[number]}
            waiting |= {one for copy in copies[number] for one in supports[copy.id or 0]}
            waiting -= {report.person_id, None}
            assert supports[number] == replay.joined | waiting
            assert report.supports == len(supports[number])
            check_closing(report, replay.closing, team)
        made = [report.created_at for report in reports.values()]
        assert made == sorted(made)
        assert NOON - timedelta(days=121) < made[0] and made[-1] < NOON


def check_place(town: TownView, report: Report) -> None:
    assert report.id is not None and report.code == code_of(report.id)
    assert report.latitude is not None and report.longitude is not None
    found = town.atlas.locate(report.latitude, report.longitude)
    assert found is not None and found.id == report.territory_id
    assert report.cell == nearness.cell(report.latitude, report.longitude)
    assert report.words is not None and 20 <= len(report.words) <= 200
    assert "{" not in report.words and "  " not in report.words
    category = town.category(report.category_id)
    assert category is not None
    kinds = {question["key"]: question for question in category.questions}
    for key, given in report.attributes.items():
        assert isinstance(given, {"yes_no": bool, "number": int}.get(kinds[key]["kind"], str))
        assert value(kinds[key], given)


def check_closing(report: Report, closing: ReportEvent | None, team: set[int]) -> None:
    if report.state != CLOSED:
        assert report.closed_as is None and report.duplicate_of is None
        assert report.responsible is None
        return
    assert closing is not None and report.closed_as in CLOSINGS
    assert (report.duplicate_of is not None) == (report.closed_as == DUPLICATE)
    assert (report.responsible is not None) == (report.closed_as == NOT_RESPONSIBLE)
    # A reason is read by the neighbour, but for what they took back or what is told elsewhere.
    own = closing.person_id not in team
    assert (closing.words is None) == (own or report.closed_as == DUPLICATE)
    if own:
        assert report.closed_as == NOT_NEEDED


def test_the_town_looks_lived_in(peopled: Database) -> None:
    with peopled.read() as session:
        reports = list(session.exec(select(Report)))
        states = Counter(report.state for report in reports)
        assert states[FIXED] > 60 and states[CLOSED] > 8
        assert all(states[state] > 1 for state in STATES)
        assert sum(report.reopened for report in reports) > 2
        assert len({report.territory_id for report in reports}) == 6
        assert len({report.category_id for report in reports}) == len(categories(session))
        assert len({report.words for report in reports}) > 170
        assert {report.closed_as for report in reports} == {None, *CLOSINGS}
        assert {report.fixed_by for report in reports} == {None, BODY, USERS}
        opened = [report for report in reports if report.state in OPEN]
        late = [report for report in opened if report.due_at and report.due_at < NOON]
        assert 5 < len(late) < len(opened) - 5
        assert sum(report.supports for report in reports) > 100
        assert sum(report.neighbours_at is not None for report in reports) > 1
        assert sum(report.expected_on is not None for report in opened) > 3
        assert 2 < sum(report.private for report in reports) < 25
        assert sum(bool(report.attributes) for report in reports) > 40
        assert len({report.assignee_id for report in opened}) == 3
        erased = [report for report in reports if report.person_id is None]
        assert 10 < len(erased) < 45
        kinds = Counter(event.kind for event in session.exec(select(ReportEvent)))
        assert set(kinds) == set(EVENTS) - {"redacted", "categorized", "located"}
        assert kinds["kept"] > 10 and kinds["answer"] > 10
        named = [person for person in session.exec(select(Person)) if person.pseudonym]
        assert 2 < len(named) < 20


def test_the_duplicate_guard_has_something_to_show(peopled: Database) -> None:
    near = 0
    with peopled.read() as session:
        opened = [r for r in session.exec(select(Report)) if r.state in OPEN and not r.private]
        for one, other in combinations(opened, 2):
            if one.category_id != other.category_id:
                continue
            points = (one.latitude, one.longitude, other.latitude, other.longitude)
            near += distance(*(point or 0.0 for point in points)) < 250
    assert near > 3


def test_what_a_running_bot_would_have_planned_is_planned(peopled: Database) -> None:
    with peopled.read() as session:
        reports = {report.id: report for report in session.exec(select(Report))}
        planned = list(session.exec(select(Due).where(col(Due.kind).in_(("late", "follow_up")))))
        assert all(row.at > NOON and row.done_at is None for row in planned)
        asked = {row.subject for row in planned if row.kind == "follow_up"}
        fixed = {r.id for r in reports.values() if r.state == FIXED}
        assert 10 < len(asked) < len(fixed) and asked <= fixed
        town = World().town(session)
        for number, report in reports.items():
            category = town.category(report.category_id)
            assert category is not None
            days = category.follow_up_days or town.follow_up_days
            recent = report.state == FIXED and (
                report.fixed_at is not None and days_later(report.fixed_at, days, town.zone) > NOON
            )
            assert recent == (number in asked)
        steps = {row.subject: row for row in planned if row.kind == "late"}
        for number, report in reports.items():
            # Of each that is open and in time, the first step is to come; of those long overdue
            # the admins are reminded.
            assert report.due_at is not None
            ends = report.due_at
            if report.expected_on is not None:
                ends = max(ends, end_of(report.expected_on, town.zone))
            if report.state in OPEN and ends > NOON:
                assert number is not None and steps[number].facts["step"] == 1
                assert steps[number].at >= ends
        assert {n for n, r in reports.items() if r.state in OPEN} <= steps.keys()
        gone_up = [reports[n] for n, row in steps.items() if row.facts["step"] == 3]
        assert gone_up and all(r.due_at and r.due_at < NOON - timedelta(days=4) for r in gone_up)
        mornings = Counter(steps[n].at for n, r in reports.items() if n in steps)
        assert max(mornings.values()) < 25


def test_the_first_morning_after_is_short(peopled: Database) -> None:
    """What went up long ago does not go up again, and nobody of the past is written to."""
    world, told = World(), []

    def beat(turn: Turn) -> None:
        while jobs.scan(system_act(turn, world)):
            turn.flush()

    for days in range(1, 4):
        in_turn(peopled, NOON + timedelta(days=days), beat)
    with peopled.read() as session:
        for chat_id in session.exec(select(Letter.chat_id)):
            told.append(chat_id)
    assert max(Counter(told).values()) < 16
    assert all(number < past.FIRST_NUMBER for number in told)


def test_whoever_leads_a_group_is_soon_asked_about_what_they_joined(peopled: Database) -> None:
    with peopled.read() as session:
        leader = holders(session, LEADER)[0]
        joined = set(session.exec(select(Support.report_id).where(Support.person_id == leader.id)))
        soon = NOON + timedelta(days=14)
        asked = {
            row.subject
            for row in session.exec(select(Due).where(Due.kind == "follow_up", Due.at <= soon))
        }
        assert joined & asked
        assert leader.created_at < NOON - timedelta(days=120)


def test_nobody_of_the_past_is_written_to(demo: Database) -> None:
    fill_all(demo)
    with demo.read() as session:
        people = list(session.exec(select(Person)))
        assert len(people) == 60
        assert all(person.seen_on is not None for person in people)
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
