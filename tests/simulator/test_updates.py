"""getUpdates: numbers, confirmation, long polling, and one poll at a time."""

from __future__ import annotations

import asyncio
import time

from simulator import Person, Simulator
from tests.simulator.conftest import TOKEN, Api
from tests.waiting import until


def texts(updates: list[dict[str, object]]) -> list[str]:
    """The texts of message updates."""
    return [update["message"]["text"] for update in updates]  # type: ignore[index]


async def test_updates_come_again_until_confirmed(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getupdates

    An update is confirmed as soon as getUpdates is called with an offset higher than its id.
    """
    rosa.says("a")
    rosa.says("b")
    first = await api.updates()
    assert texts(first) == ["/start", "a", "b"]
    numbers = [update["update_id"] for update in first]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert await api.updates() == first
    assert texts(await api.updates(offset=numbers[1])) == ["a", "b"]
    assert texts(await api.updates()) == ["a", "b"]
    assert texts(await api.updates(limit=1)) == ["a"]
    assert await api.updates(offset=numbers[2] + 1) == []
    assert await api.updates() == []
    steps = [e["kind"] for e in api.sim.record.entries if e.get("update_id") == numbers[0]]
    assert steps == ["created", "handed", "handed", "confirmed"]


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(
    api: Api, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#getupdates"""
    for text in "abc":
        rosa.says(text)
    assert texts(await api.updates(offset=-2)) == ["b", "c"]
    assert texts(await api.updates()) == ["b", "c"]
    assert texts(await api.updates(offset=-9)) == ["b", "c"]


async def test_at_most_a_hundred_updates_at_once(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getupdates (limit 1-100, default 100)"""
    for number in range(120):
        rosa.says(str(number))
    assert len(await api.updates()) == 100
    assert len(await api.updates(limit=500)) == 100


async def test_a_long_poll_answers_with_the_news(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getupdates (timeout)"""
    first = await api.updates()
    offset = first[-1]["update_id"] + 1
    started = time.monotonic()
    assert await api.updates(offset=offset, timeout=1) == []
    assert time.monotonic() - started > 0.9
    poll = asyncio.create_task(api.updates(offset=offset, timeout=20))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    rosa.says("news")
    assert texts(await poll) == ["news"]
    assert time.monotonic() - started < 1


async def test_a_second_poll_ends_the_first(api: Api, sim: Simulator) -> None:
    """https://core.telegram.org/bots/api#getupdates"""
    poll = asyncio.create_task(api.raw("getUpdates", timeout=20))
    await until(lambda: sim.world.outboxes[4200].polling)
    assert await api.updates() == []
    status, body = await poll
    assert status == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running"
    )
    assert sim.violations[-1]["rule"] == "two polls at once"


async def test_a_poll_whose_caller_is_gone_disturbs_nobody(api: Api, sim: Simulator) -> None:
    """https://core.telegram.org/bots/api#getupdates"""
    poll = asyncio.create_task(api.raw("getUpdates", timeout=20))
    await until(lambda: sim.world.outboxes[4200].polling)
    poll.cancel()
    await until(lambda: not sim.world.outboxes[4200].polling)
    assert await api.updates() == []
    assert sim.violations == []


async def test_only_the_types_asked_for(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getupdates (allowed_updates; not for older updates)"""
    said = rosa.says("a")
    offset = (await api.updates(allowed_updates=["edited_message"]))[-1]["update_id"] + 1
    rosa.says("b")
    rosa.edits(said, "a!")
    (update,) = await api.updates(offset=offset)
    assert update["edited_message"]["text"] == "a!"
    assert update["edited_message"]["edit_date"]
    await api.updates(allowed_updates=[])
    rosa.says("c")
    assert (await api.updates(offset=-1))[0]["message"]["text"] == "c"


async def test_each_bot_has_its_own_updates(sim: Simulator, api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getupdates"""
    other = sim.add_bot("4300:other", "other_bot", "Other")
    rosa.at(other).starts("x")
    second = Api(api.session, sim, "4300:other")
    assert texts(await second.updates()) == ["/start x"]
    assert texts(await api.updates()) == ["/start"]


async def test_shutting_down_does_not_wait_for_polls() -> None:
    """https://core.telegram.org/bots/api#getupdates"""
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with Simulator() as sim:
            sim.add_bot(TOKEN)
            api = Api(session, sim, TOKEN)
            poll = asyncio.create_task(api.raw("getUpdates", timeout=50))
            events = await session.get(f"{sim.url}/sim/events?after=0")
            await asyncio.sleep(0.1)
            started = time.monotonic()
        assert time.monotonic() - started < 2
        events.close()
        await asyncio.gather(poll, return_exceptions=True)
