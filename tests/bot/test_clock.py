"""A jump is walked: what is due on the way is said in its own hour, once, and time goes on."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from actions import meeting_words
from bot.clock import MachineClock, SimulatedClock
from bot.house import House
from civic.moments import DAY_BEFORE, HOUR_BEFORE
from courier.limits import Limits
from simulator.server import Simulator
from storage import due
from storage.due import Due
from storage.group import WorkingGroup
from storage.person import by_telegram
from storage.turn import Turn
from tests.bot.test_house import answers, running, until
from tests.conftest import NOON
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_meeting import PARK, called, joined
from tests.handclock import HandClock


async def a_meeting(town: Town, days: int = 3) -> tuple[Talker, str]:
    """A member, and the words of their group's reminders; the meeting is at 18:00."""
    one = select(WorkingGroup.id).where(WorkingGroup.key == "parque-central")
    number = await town.turn(lambda turn: turn.session.exec(one).one())
    gloria, ana = await town.leader("Gloria", number or 0), await town.neighbour("Ana")
    await joined(ana, PARK)
    when = (town.clock.now() + timedelta(days=days)).astimezone(UTC)
    await called(gloria, "Más luz", f"{when:%d/%m} 18:00")
    await town.jump(seconds=1)
    assert "Más luz" in ana.texts
    return ana, PARK


def times_told(who: Talker, what: str, group: str) -> int:
    return who.texts.count(who.reads(meeting_words.NEWS[what], group=group))


async def test_two_days_at_once_bring_both_reminders_each_in_its_hour(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, group = await a_meeting(town)
    told: dict[str, datetime] = {}
    move = town.clock.move

    async def noting(moment: datetime) -> None:
        # Whatever has left by now left at the hour that time stands at.
        for what in (DAY_BEFORE, HOUR_BEFORE):
            if times_told(ana, what, group):
                told.setdefault(what, town.clock.now())
        await move(moment)

    monkeypatch.setattr(town.clock, "move", noting)
    await town.jump(days=2)
    assert times_told(ana, DAY_BEFORE, group) == 0
    await town.jump(days=2)
    assert (times_told(ana, DAY_BEFORE, group), times_told(ana, HOUR_BEFORE, group)) == (1, 1)
    # Noon in the tests is 17:00 UTC on a Monday: 18:00 in Bogotá is 23:00 UTC.
    starts = NOON.replace(hour=23) + timedelta(days=3)
    assert told == {
        DAY_BEFORE: starts - timedelta(days=1),
        HOUR_BEFORE: starts - timedelta(hours=1),
    }


async def test_one_jump_over_the_whole_meeting(small_town: Town) -> None:
    ana, group = await a_meeting(small_town)
    await small_town.jump(days=28)
    assert (times_told(ana, DAY_BEFORE, group), times_told(ana, HOUR_BEFORE, group)) == (1, 1)
    texts = ana.texts
    first = texts.index(ana.reads(meeting_words.NEWS[DAY_BEFORE], group=group))
    assert first < texts.index(ana.reads(meeting_words.NEWS[HOUR_BEFORE], group=group))
    await small_town.jump(days=28)
    assert (times_told(ana, DAY_BEFORE, group), times_told(ana, HOUR_BEFORE, group)) == (1, 1)


async def test_a_reminder_missed_while_the_bot_was_down(small_town: Town) -> None:
    ana, group = await a_meeting(small_town)
    await small_town.house.stop()
    # It comes back 20 hours before: late, but in time to be of use.
    await small_town.clock.move(NOON.replace(hour=23) + timedelta(days=2, hours=4))
    small_town.house = House(small_town.house.settings, clock=small_town.clock, limits=Limits.off())
    await small_town.house.start()
    await small_town.jump(seconds=1)
    assert times_told(ana, DAY_BEFORE, group) == 1
    await small_town.jump(days=2)
    assert (times_told(ana, DAY_BEFORE, group), times_told(ana, HOUR_BEFORE, group)) == (1, 1)


async def test_a_bot_that_was_down_for_the_whole_meeting_reminds_nobody_of_it(
    small_town: Town,
) -> None:
    ana, group = await a_meeting(small_town)
    await small_town.house.stop()
    await small_town.clock.move(NOON + timedelta(days=5))
    small_town.house = House(small_town.house.settings, clock=small_town.clock, limits=Limits.off())
    await small_town.house.start()
    await small_town.jump(seconds=1)
    assert (times_told(ana, DAY_BEFORE, group), times_told(ana, HOUR_BEFORE, group)) == (0, 0)


async def test_what_must_wait_keeps_time_from_neither_ending_nor_moving(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something due that waits (a vote for its ballots) is passed by, and done when it can be."""
    waits = True
    real = due.pending

    def pending(*given: Any, **more: Any) -> Any:
        return [] if waits else real(*given, **more)

    monkeypatch.setattr(due, "pending", pending)
    await small_town.turn(
        lambda turn: due.plan(turn.session, "x", "digest", 1, NOON + timedelta(seconds=2))
    )
    async with asyncio.timeout(20):
        await small_town.jump(seconds=12)
    assert small_town.clock.now() == NOON + timedelta(seconds=12)
    waits = False
    await small_town.jump(seconds=1)
    done = await small_town.turn(lambda turn: turn.session.exec(select(Due.done_at)).all())
    assert None not in [at for at in done if at is not None]


async def test_an_hourly_digest_over_28_days_is_walked_in_seconds(small_town: Town) -> None:
    gloria = await small_town.gestora("Gloria")

    def plan(turn: Turn) -> None:
        person = by_telegram(turn.session, gloria.id)
        assert person is not None and person.id is not None
        for hour in range(1, 28 * 24 + 1):
            at = NOON + timedelta(hours=hour)
            due.plan(turn.session, f"digest:{person.id}:{at.isoformat()}", "digest", person.id, at)

    await small_town.turn(plan)
    begun = time.process_time()
    await small_town.jump(days=28)
    # The processor's time, not the wall's: others may be at work on this machine.
    took = time.process_time() - begun
    open_ = await small_town.turn(lambda turn: due.next_moment(turn.session))
    assert open_ is None or open_ > small_town.clock.now()
    assert took < 20, took


# the clocks themselves


async def test_a_town_on_the_machines_clock_never_jumps() -> None:
    clock = MachineClock()
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 1
    assert await clock.target() is None
    with pytest.raises(RuntimeError):
        await clock.move(NOON)


async def test_a_hand_clock_stands_until_it_is_moved() -> None:
    clock = HandClock(NOON)
    clock.jump(timedelta(hours=2))
    clock.jump(timedelta(hours=1))
    assert await clock.target() == NOON + timedelta(hours=3)
    assert clock.now() == NOON
    await clock.move(NOON - timedelta(hours=5))
    assert clock.now() == NOON
    await clock.move(NOON + timedelta(hours=3))
    assert clock.arrived and clock.now() == NOON + timedelta(hours=3)


async def test_the_simulators_clock_is_followed_and_walked() -> None:
    async with Simulator(start=NOON) as sim:
        clock = SimulatedClock(sim.url)
        assert await clock.target() is None
        assert abs((clock.now() - NOON).total_seconds()) < 5
        sim.clock.jump(86_400)
        target = await clock.target()
        assert target is not None and abs((target - NOON).total_seconds() - 86_400) < 5
        stood = clock.now()
        await asyncio.sleep(0.05)
        assert clock.now() == stood
        await clock.move(stood + timedelta(hours=3))
        assert clock.now() == stood + timedelta(hours=3)
        assert abs(sim.clock.now() - clock.now().timestamp()) < 0.01
        await clock.move(target)
        assert await clock.target() is None
        assert clock.now() >= target
        later = clock.now()
        await asyncio.sleep(0.02)
        assert clock.now() > later
        await clock.close()


async def test_a_simulator_that_is_gone_for_a_while_stops_no_clock() -> None:
    sim = Simulator(start=NOON)
    await sim.start()
    clock = SimulatedClock(sim.url)
    await clock.target()
    await sim.close()
    before = clock.now()
    assert await clock.target() is None
    assert timedelta(0) <= clock.now() - before < timedelta(seconds=5)
    await sim.start()
    sim.clock.jump(3600)
    assert await clock.target() is not None
    await clock.close()
    await sim.close()


async def test_a_simulator_that_is_gone_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    sim = Simulator(start=NOON)
    await sim.start()
    clock = SimulatedClock(sim.url)
    await clock.target()
    await sim.close()
    for _ in range(3):
        assert await clock.target() is None
    assert len(caplog.records) == 1
    await clock.close()


async def test_the_demos_clock_walks_a_house(small_url: str, sim: Simulator) -> None:
    """On the courier's own tick, as in the demo; nobody in the test beats the heart."""
    async with running(small_url, sim, clock=sim.url) as house:
        await until(lambda: sim.clock.walker_present)
        rosa = sim.person("Rosa")
        rosa.starts("mine")
        await until(lambda: answers(rosa))
        rosa.taps("Sí, estoy de acuerdo")
        await until(lambda: len(answers(rosa)) > 1)
        rosa.says("/reportar")
        await until(lambda: any("Alumbrado" in button for button in rosa.last.buttons))
        said = len(answers(rosa))
        sim.clock.jump(2 * 3600)
        await until(lambda: not sim.clock.walking, 30)
        # The reminder of what she left half-finished came an hour after she left it.
        await until(lambda: len(answers(rosa)) > said)
        sent = datetime.fromtimestamp(rosa.last.data["date"], UTC)
        ago = (house.clock.now() - sent).total_seconds()
        assert 3500 < ago < 3700
