"""Whoever is long gone is told a month before, and then forgotten; not so who is still among us."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from actions import dormant
from actions.act import Act, system_act
from jobs import dormant as job
from storage.database import Database
from storage.person import GESTOR, Person, Role, by_telegram
from storage.report import Report
from storage.town import the_town
from storage.turn import Turn
from tests.actions.stage import Stage, keys
from tests.conftest import NOON, TownClock

MONTHS = 24
LONG_AGO = date(2024, 5, 20)


@pytest.fixture
def stage(database: Database, clock: TownClock) -> Stage:
    made = Stage(database, clock)
    set_months(made, MONTHS)
    return made


def set_months(stage: Stage, months: int | None) -> None:
    def work(turn: Turn) -> None:
        town = the_town(turn.session)
        assert town is not None
        town.dormant_months = months
        town.version += 1

    stage.turn(work)
    stage.world._asked = 0.0


def begin(stage: Stage) -> None:
    """What the hour does, and all that follows from it at this moment."""
    stage.turn(lambda turn: job.begin_looking(system_act(turn, stage.world)))
    stage.beat()


def known(stage: Stage, who: int) -> bool:
    return stage.read(lambda session: by_telegram(session, who)) is not None


def warned(stage: Stage, who: int) -> int:
    return sum(dormant.WARNING in keys(body) for body in stage.letters(who))


def test_told_once_and_forgotten_thirty_days_later(stage: Stage) -> None:
    rosa = stage.person("Rosa", seen_on=LONG_AGO)
    luis = stage.person("Luis", seen_on=NOON.date())
    begin(stage)
    stage.walk(NOON + timedelta(days=12))
    # Two years after the 20th of May 2024, less thirty days: that was in April.
    assert warned(stage, rosa) == 1
    assert warned(stage, luis) == 0
    stage.walk(NOON + timedelta(days=29))
    assert (known(stage, rosa), warned(stage, rosa)) == (True, 1)
    stage.walk(NOON + timedelta(days=32))
    assert not known(stage, rosa)
    assert known(stage, luis)
    # They hear nothing more of it, and nothing is owed to them.
    assert stage.letters(rosa) == []
    assert stage.outcomes("dormant") == ["forgotten"]


def test_not_told_before_their_time(stage: Stage) -> None:
    # Forgotten on the 4th of July 2026 at the earliest: told from the 4th of June on.
    rosa = stage.person("Rosa", seen_on=date(2024, 7, 4))
    begin(stage)
    stage.walk(NOON + timedelta(days=30))
    assert warned(stage, rosa) == 0
    stage.walk(NOON + timedelta(days=32))
    assert warned(stage, rosa) == 1


def test_whoever_writes_stays(stage: Stage) -> None:
    rosa = stage.person("Rosa", seen_on=LONG_AGO)
    begin(stage)
    stage.walk(NOON + timedelta(days=10))
    stage.act(rosa, Act.saw_them)
    stage.walk(NOON + timedelta(days=60))
    assert known(stage, rosa)
    assert stage.outcomes("dormant") == ["came back"]


def test_who_is_among_us_is_not_told(stage: Stage) -> None:
    gestora = stage.person("Marta", seen_on=LONG_AGO)
    waiting = stage.person("Luis", seen_on=LONG_AGO)

    def work(turn: Turn) -> None:
        ids = [stage.id_of(who) for who in (gestora, waiting)]
        turn.session.add(Role(person_id=ids[0], role=GESTOR, given_at=turn.now))
        turn.session.add(
            Report(
                code="R-9",
                person_id=ids[1],
                category_id=1,
                state="received",
                created_at=turn.now,
                changed_at=turn.now,
            )
        )

    stage.turn(work)
    begin(stage)
    stage.walk(NOON + timedelta(days=3))
    assert warned(stage, gestora) == warned(stage, waiting) == warned(stage, stage.admin) == 0
    # Once it is closed, nothing waits for them any more.
    stage.turn(lambda turn: setattr(turn.session.exec(select(Report)).one(), "state", "closed"))
    stage.walk(NOON + timedelta(days=5))
    assert warned(stage, waiting) == 1


def test_an_open_report_keeps_nobody_for_ever(stage: Stage) -> None:
    # Twice two years, less thirty days, are over on the 30th of May 2026.
    waiting = stage.person("Luis", seen_on=date(2022, 6, 29))

    def told(turn: Turn) -> None:
        report = Report(
            code="R-9",
            person_id=stage.id_of(waiting),
            category_id=1,
            words="El poste de mi casa.",
            state="received",
            created_at=turn.now,
            changed_at=turn.now,
        )
        turn.session.add(report)

    stage.turn(told)
    begin(stage)
    stage.walk(NOON + timedelta(days=24))
    assert warned(stage, waiting) == 0
    stage.walk(NOON + timedelta(days=28))
    assert warned(stage, waiting) == 1
    stage.walk(NOON + timedelta(days=60))
    assert not known(stage, waiting)
    report = stage.read(lambda session: session.exec(select(Report)).one())
    assert (report.state, report.person_id, report.words) == ("received", None, None)


def test_what_changed_in_the_thirty_days_counts(stage: Stage) -> None:
    rosa = stage.person("Rosa", seen_on=LONG_AGO)
    begin(stage)
    stage.walk(NOON + timedelta(days=2))
    set_months(stage, None)
    stage.walk(NOON + timedelta(days=60))
    assert known(stage, rosa)
    assert stage.outcomes("dormant") == ["stays"]


def test_from_before_anybody_counted_the_time_begins_now(stage: Stage) -> None:
    rosa = stage.person("Rosa")
    begin(stage)
    stage.walk(NOON + timedelta(days=2))
    assert warned(stage, rosa) == 0
    person = stage.read(lambda session: by_telegram(session, rosa))
    assert person is not None and person.seen_on == date(2026, 5, 5)


def test_a_town_that_forgets_nobody(stage: Stage) -> None:
    set_months(stage, None)
    rosa = stage.person("Rosa", seen_on=LONG_AGO)
    begin(stage)
    stage.walk(NOON + timedelta(days=3))
    assert warned(stage, rosa) == 0
    assert stage.outcomes(dormant.SCAN) == []


def test_seen_is_written_once_a_day(stage: Stage) -> None:
    rosa = stage.person("Rosa")
    stage.act(rosa, Act.saw_them)

    def again(turn: Turn) -> bool:
        from actions.act import actor_of
        from storage import person as people

        act = Act(turn, actor_of(turn.session, rosa, "", "es"), stage.world)
        act.saw_them()
        return turn.waits(people.SEEN, "row", act.actor.person_id)

    assert stage.turn(again) is False
    stage.clock.now += timedelta(days=1)
    assert stage.turn(again) is True


def test_many_are_told_in_pieces(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PIECE", 2)
    people = [stage.person(f"P{n}", seen_on=LONG_AGO) for n in range(5)]
    begin(stage)
    stage.walk(NOON + timedelta(days=2))
    assert [warned(stage, who) for who in people] == [1] * 5
    stage.walk(NOON + timedelta(days=33))
    left = stage.read(lambda session: session.exec(select(Person.telegram_id)).all())
    assert not set(left) & set(people)
