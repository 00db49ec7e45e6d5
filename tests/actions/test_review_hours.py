"""What was agreed on is the hour on the wall, also after the rules of the clock have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from actions import meeting_hours
from actions.act import system_act
from storage.database import Database
from storage.due import Due
from storage.letter import Lane
from tests.actions.stage import Stage
from tests.conftest import TownClock

WALL = "2026-05-07T18:30"


def test_a_meeting_stays_at_its_hour_when_the_clocks_rules_change(
    database: Database, clock: TownClock
) -> None:
    town = Stage(database, clock, timezone="America/Bogota")
    group = town.group()
    leader = town.leader("Luz", group)
    ana = town.member("Ana", group)
    meeting = town.meeting(leader, group, WALL)
    town.beat()
    # The same town, as a machine knows it whose time zone data is newer.
    town.world = replace(town.world, timezone="America/Caracas", _view=None)
    moved = town.turn(lambda turn: meeting_hours.keep_hours(system_act(turn, town.world)))
    assert moved == 1
    starts = datetime(2026, 5, 7, 22, 30, tzinfo=UTC)
    assert town.the_meeting(meeting).starts_at == starts
    planned = town.read(
        lambda session: session.exec(
            select(Due.at).where(Due.kind == "meeting_reminder").order_by(Due.at)  # type: ignore[arg-type]
        ).all()
    )
    assert planned == [starts - timedelta(days=1), starts - timedelta(hours=1)]
    told = len(town.letters(ana, Lane.REMINDER))
    town.walk(starts)
    assert len(town.letters(ana, Lane.REMINDER)) == told + 2
    assert not town.turn(lambda turn: meeting_hours.keep_hours(system_act(turn, town.world)))
