"""The processes of the growth bench: `telegram` with the people, `cabildo`, the bot, and `search`.

Each says a line when it is ready and answers the bench's lines until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from bench.common import answer, percentile

TOKEN = "7000000004:growth"  # noqa: S105
UNDER_WAY = 64
UPDATES_A_SECOND = 100
"""More than people of this bench send, and few enough for Telegram's numbers to hold for months."""


async def _lines() -> Any:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield json.loads(line)


async def telegram() -> None:
    """The simulator; on {"first", "places", "at_once"} so many people report. Tells the times."""
    from bench.growth_people import tell_all
    from bench.replay_citizens import answer_times
    from simulator.server import Simulator

    async with Simulator(record="light") as sim:
        bot = sim.add_bot(TOKEN, "growth_bot", "Growth")
        # What a later round sends must not look like an earlier one's updates sent again: the
        # town's inbox still knows those.
        sim.world.outboxes[bot.id].next_id = int(time.time() * UPDATES_A_SECOND) % 2_000_000_000
        answer(url=sim.url)
        async for asked in _lines():
            places = [tuple(place) for place in asked["places"]]
            steps = await tell_all(sim, bot.id, asked["first"], places, asked["at_once"])
            times = answer_times(sim.record.entries)
            answer(
                steps=steps,
                answered=len(times),
                p95=percentile(times, 0.95),
                p50=percentile(times, 0.5),
                violations=len(sim.violations),
            )


async def cabildo(url: str, database_url: str) -> None:
    """The bot as it runs for a town, with Telegram's rate limits off."""
    from bot import memory
    from bot.house import House
    from bot.settings import Settings
    from courier.limits import Limits

    settings = Settings(token=SecretStr(TOKEN), api_base=url, database_url=database_url)
    house = House(settings, limits=Limits.off(UNDER_WAY))
    await house.start()
    memory.settle()
    answer(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    await house.settle()
    await house.stop()
    answer(done=True)


def search(database_url: str, searches: int, seed: int) -> None:
    """The list of what may be the same, as a step of a report makes it, so many times beside
    something open."""
    from actions import nearby
    from actions.act import Act, Actor
    from actions.world import World
    from bench.growth_town import beside_open
    from storage.database import Database
    from storage.turn import Ledger, Turn

    database = Database(database_url)
    world = World()
    with database.read() as session:
        places = beside_open(session, searches + 50, seed)
    answer(ready=True)
    for _ in sys.stdin:
        times, found = [], 0
        for number, (category, latitude, longitude) in enumerate(places):
            answers = {
                "category": category,
                "details": "Hay un hueco en la esquina desde hace días",
                "place": {"latitude": latitude, "longitude": longitude},
            }
            began = time.perf_counter()
            with database.read() as session:
                turn = Turn(session, Ledger(lambda: 0), datetime.now(UTC), time.time())
                act = Act(turn, Actor(1, "V", "es", 1, 1), world)
                near = nearby.options(act, answers)
            if number >= 50:
                # The first ones read the file for the others.
                times.append((time.perf_counter() - began) * 1000)
                found += max(0, len(near) - 1)
        answer(p95=percentile(times, 0.95), p50=percentile(times, 0.5), found=found / searches)
    database.close()


def main(arguments: list[str]) -> None:
    """`python -m bench.growth_children NAME ...`"""
    name, *rest = arguments
    if name == "telegram":
        asyncio.run(telegram())
    elif name == "cabildo":
        asyncio.run(cabildo(*rest))
    else:
        search(rest[0], int(rest[1]), int(rest[2]))


if __name__ == "__main__":
    main(sys.argv[1:])
