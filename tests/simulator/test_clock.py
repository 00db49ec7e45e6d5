"""The town's clock: jumps apply at once, or are walked by whoever follows it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from simulator import Person, Simulator
from simulator.clock import Clock, moment_of
from tests.simulator.conftest import Api

START = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)


def near(moment: float, expected: datetime) -> bool:
    """Within two seconds."""
    return abs(moment - expected.timestamp()) < 2


def test_a_jump_without_a_walker_applies_at_once() -> None:
    """Nobody follows the clock, so nothing has to happen in between."""
    clock = Clock(START)
    assert near(clock.now(), START)
    clock.jump(3600)
    assert near(clock.now(), START + timedelta(hours=1))
    assert not clock.walking
    first = clock.now()
    time.sleep(0.02)
    assert clock.now() > first


def test_a_jump_with_a_walker_is_walked() -> None:
    """`now` stands still between steps, never goes back and never passes the target."""
    clock = Clock(START)
    clock.walk()
    clock.jump(7200)
    stands = clock.now()
    assert clock.walking
    time.sleep(0.02)
    assert clock.now() == stands
    half = START + timedelta(hours=1)
    clock.walk(half.timestamp())
    assert clock.now() == half.timestamp()
    clock.walk((START - timedelta(days=1)).timestamp())
    assert clock.now() == half.timestamp()
    clock.jump(86400)
    clock.walk((START + timedelta(days=30)).timestamp())
    assert not clock.walking
    assert near(clock.now(), START + timedelta(hours=26))
    assert clock.state()["target"] is None


def test_a_walker_that_is_gone_holds_nobody_up() -> None:
    """When the bot is killed, a jump under way arrives, and later ones apply at once."""
    clock = Clock(START)
    clock.walk()
    clock.jump(3600)
    clock.leave()
    assert not clock.walking
    assert near(clock.now(), START + timedelta(hours=1))
    clock.jump(3600)
    assert near(clock.now(), START + timedelta(hours=2))


@pytest.mark.parametrize("seconds", [0, -5, float("nan"), float("inf"), 1e18])
def test_jumps_that_are_refused(seconds: float) -> None:
    """A jump goes forward, and not beyond the calendar."""
    with pytest.raises(ValueError, match="jump"):
        Clock(START).jump(seconds)


def test_a_moment_needs_a_zone() -> None:
    """Naive moments are nobody's."""
    assert moment_of("2026-03-05T18:30:00+00:00") == START.timestamp()
    with pytest.raises(ValueError, match="zone"):
        moment_of("2026-03-05T18:30:00")


async def test_a_walker_over_http_sets_the_date_of_messages(
    api: Api, sim: Simulator, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#message (date: when the message was sent)"""
    url = f"{sim.url}/sim/clock"

    async def post(step: str, **body: object) -> dict[str, object]:
        async with api.session.post(f"{url}/{step}", json=body) as response:
            answer = await response.json()
        assert isinstance(answer, dict)
        return answer

    await post("walk")
    waiting = asyncio.create_task(api.session.get(f"{url}?wait=5&walker=1"))
    await asyncio.sleep(0.1)
    jumped = await post("jump", seconds=2 * 86400)
    async with await waiting as response:
        told = await response.json()
    assert told["target"] == jumped["target"]
    assert told["walking"] is True
    half = moment_of(str(jumped["now"])) + 86400
    await post("walk", now=datetime.fromtimestamp(half, UTC).isoformat())
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="en camino")
    assert sent["date"] == int(half)
    done = await post("walk", now=jumped["target"])
    assert done["walking"] is False
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="llegó")
    assert abs(sent["date"] - moment_of(str(jumped["target"]))) <= 2
    kinds = [event["type"] for event in sim.world.events.after(0)]
    assert kinds.count("clock") >= 3


async def test_waiting_ends_by_itself(sim: Simulator) -> None:
    """A long poll answers with the state when nothing changes."""
    started = time.monotonic()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sim.url}/sim/clock?wait=0.3") as response:
            assert (await response.json())["walking"] is False
    assert 0.2 < time.monotonic() - started < 2
