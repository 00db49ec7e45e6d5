"""In quiet hours nothing comes that can wait; afterwards all of it does, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from actions import (
    bans,
    dormant,
    drafts,
    follow_ups,
    group_words,
    groups,
    meetings,
    quiet,
    redacting,
    reports,
    roles,
)
from actions.act import Act, system_act
from handlers.half_done import reminder
from handlers.talk import Talk
from storage import person as stored
from storage.due import Due
from storage.letter import Lane
from storage.person import Person
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys


@pytest.fixture
def town(stage: Stage) -> Office:
    return office(stage)


def sleeps(town: Office, who: int, hours: int = 8) -> None:
    """Somebody is quiet from now on, for so many hours."""
    start = town.stage.clock.now.astimezone(town.stage.zone).hour
    end = (start + hours) % 24
    town.stage.act(who, lambda act: quiet.set_hours(act, start, end))


def wakes(town: Office, hours: int = 8) -> None:
    town.stage.walk(town.stage.clock.now + timedelta(hours=hours))


def redacted(town: Office) -> str:
    report = town.report(town.rosa)
    sleeps(town, town.rosa)
    town.stage.act(town.marta, lambda act: redacting.redact(act, report, "w"))
    return redacting.TOLD


def banned(town: Office) -> str:
    report = town.report(town.rosa)
    sleeps(town, town.rosa)
    rosa = town.stage.id_of(town.rosa)
    town.stage.act(town.marta, lambda act: bans.ban(act, report, rosa, 7, "Insultos"))
    return bans.TOLD


def role_ended(town: Office) -> str:
    sleeps(town, town.luis)
    luis = town.stage.id_of(town.luis)
    role = town.stage.read(lambda session: stored.roles_of(session, luis)[0].id)
    town.rosa = town.luis
    town.stage.act(town.marta, lambda act: roles.end(act, role or 0))
    return roles.ENDED


def leader_wrote(town: Office) -> str:
    stage = town.stage
    group = stage.group()
    stage.act(town.rosa, lambda act: groups.join(act, group))
    leader = stage.leader("Lidia", group)
    sleeps(town, town.rosa)
    stage.act(leader, lambda act: groups.write(act, group, "Nos vemos."))
    stage.beat()
    return group_words.WRITTEN


def expired(town: Office) -> str:
    stage = town.stage
    stage.act(town.rosa, lambda act: Talk(act, town.rosa).begin("report"))
    stage.all_leaves()
    stage.clock.forward(hours=73)
    sleeps(town, town.rosa)
    stage.turn(lambda turn: drafts.expire(system_act(turn, stage.world)))
    return drafts.EXPIRED


def long_away(town: Office) -> str:
    stage = town.stage
    away = (stage.clock.now - timedelta(days=900)).date()

    def look(act: Act) -> None:
        act.session.exec(select(Person).where(Person.telegram_id == town.rosa)).one().seen_on = away
        act.session.flush()
        object.__setattr__(act.town, "dormant_months", 12)
        dormant.warn(act, 0, 100)

    sleeps(town, town.rosa)
    stage.turn(lambda turn: look(system_act(turn, stage.world)))
    return dormant.WARNING


@pytest.mark.parametrize(
    "happens", [redacted, banned, role_ended, leader_wrote, expired, long_away]
)
def test_it_waits_and_comes_once(town: Office, happens: Callable[[Office], str]) -> None:
    said = happens(town)
    before = [body for body in town.stage.letters(town.rosa) if said in keys(body)]
    assert before == []
    wakes(town)
    assert len([body for body in town.stage.letters(town.rosa) if said in keys(body)]) == 1
    held = town.stage.read(
        lambda session: session.exec(select(Due).where(Due.kind == quiet.HELD)).all()
    )
    assert [(row.facts, row.outcome) for row in held] == [({}, "told")]


def test_whoever_is_quiet_no_more_gets_it_at_once_and_who_is_again_later(town: Office) -> None:
    stage = town.stage
    redacted(town)
    stage.act(town.rosa, lambda act: quiet.set_hours(act, None, None))
    stage.beat()
    assert redacting.TOLD in town.told(town.rosa)
    town.rosa = town.ana
    redacted(town)
    stage.clock.forward(hours=7, minutes=30)
    sleeps(town, town.ana, 3)
    stage.walk(stage.clock.now + timedelta(hours=2))
    assert redacting.TOLD not in town.told(town.ana)
    stage.walk(stage.clock.now + timedelta(hours=2))
    assert redacting.TOLD in town.told(town.ana)


def test_a_draft_is_reminded_of_in_the_morning_unless_they_came_back(town: Office) -> None:
    stage = town.stage
    for who in (town.rosa, town.ana):
        stage.act(who, lambda act, chat=who: Talk(act, chat).begin("report"))  # type: ignore[misc]
    stage.all_leaves()
    stage.clock.forward(minutes=61)
    for who in (town.rosa, town.ana):
        sleeps(town, who)

    def nudge() -> int:
        return stage.turn(lambda turn: drafts.nudge(system_act(turn, stage.world), reminder))

    nudge()
    assert nudge() == 0
    assert all(stage.letters(who, Lane.REMINDER) == [] for who in (town.rosa, town.ana))
    assert stage.turn(lambda turn: drafts.next_moment(system_act(turn, stage.world))) is not None
    stage.act(town.ana, lambda act: Talk(act, town.ana).go("cancel"))
    wakes(town)
    nudge()
    nudge()
    assert len(stage.letters(town.rosa, Lane.REMINDER)) == 1
    assert stage.letters(town.ana, Lane.REMINDER) == []


def test_of_a_meeting_what_can_wait_does_and_what_cannot_does_not(town: Office) -> None:
    stage = town.stage
    group = stage.group()
    stage.act(town.rosa, lambda act: groups.join(act, group))
    leader = stage.leader("Lidia", group)
    sleeps(town, town.rosa)
    at = (stage.clock.now + timedelta(days=2, hours=3)).astimezone(stage.zone)
    meeting = stage.meeting(leader, group, at.strftime("%Y-%m-%dT%H:%M"))
    stage.beat()
    assert stage.letters(town.rosa) == []
    wakes(town)
    assert len(stage.letters(town.rosa)) == 1
    # The day before it comes while they are quiet, and waits; moved, it is told at once.
    stage.walk(at - timedelta(days=1))
    assert len(stage.letters(town.rosa)) == 1
    stage.act(leader, lambda act: meetings.cancel(act, meeting))
    stage.beat()
    assert len(stage.letters(town.rosa)) == 2
    stage.walk(at + timedelta(hours=8))
    assert len(stage.letters(town.rosa)) == 2


def test_a_new_meeting_that_is_too_soon_does_not_wait(town: Office) -> None:
    stage = town.stage
    group = stage.group()
    stage.act(town.rosa, lambda act: groups.join(act, group))
    leader = stage.leader("Lidia", group)
    sleeps(town, town.rosa)
    at = (stage.clock.now + timedelta(hours=6)).astimezone(stage.zone)
    stage.meeting(leader, group, at.strftime("%Y-%m-%dT%H:%M"))
    stage.beat()
    assert len(stage.letters(town.rosa)) == 1


@pytest.mark.parametrize("meanwhile", ["nothing", "left", "other hours"])
def test_whether_it_was_fixed_is_asked_of_who_still_waits_for_it(
    town: Office, meanwhile: str
) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    town.joins(town.ana, report)

    def fixed(act: Act) -> None:
        found = reports.get(act, report)
        found.state, found.fixed_at = "fixed", act.now

    stage.act(town.marta, fixed)
    sleeps(town, town.ana)
    stage.turn(lambda turn: follow_ups.ask(system_act(turn, stage.world), {report: 0}, 100))
    if meanwhile == "left":
        stage.act(town.ana, lambda act: reports.unsupport(act, report))
    stage.clock.forward(hours=7)
    if meanwhile == "other hours":
        sleeps(town, town.ana, 4)
    wakes(town, 2)
    asked = follow_ups.QUESTION in town.told(town.ana)
    assert asked == (meanwhile == "nothing")
    wakes(town)
    assert (follow_ups.QUESTION in town.told(town.ana)) == (meanwhile != "left")
