"""The two processes of a replay: `telegram` with the people, and `cabildo`, the bot, whole."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bench.common import answer, percentile
from bench.replay_citizens import GESTORAS, Filing, answer_times
from bench.replay_rows import plan_of, read

TOKEN = "7000000002:AAreplayAAreplayAAreplayAAreplayAAr"  # noqa: S105
UNDER_WAY = 64


async def telegram(file: str, citizens: int, at_once: int, seed: int) -> None:
    """The simulator, lengths and formats checked; on a line, everybody files. Tells the figures."""
    from simulator.server import Simulator

    rows = read(Path(file), citizens)
    async with Simulator(record="light") as sim:
        bot = sim.add_bot(TOKEN, "replay_bot", "Replay")
        for number in GESTORAS:
            sim.person("Gestora", language_code="es", id=number)
            sim.world.private(bot.id, number).started = True
        answer(url=sim.url)
        await asyncio.to_thread(sys.stdin.readline)
        filing = Filing(sim, rows, seed)
        took = await filing.all(at_once)
        times = answer_times(sim.record.entries)
        answer(
            took_s=took,
            steps=filing.steps,
            moves=filing.moves,
            answered=len(times),
            answer_ms=[round(percentile(times, share), 1) for share in (0.5, 0.95, 0.99)],
            violations=len(sim.violations),
            first_violations=[str(entry) for entry in sim.violations[:3]],
        )
        await asyncio.to_thread(sys.stdin.readline)


async def cabildo(file: str, citizens: int, url: str, database_url: str) -> None:
    """The bot as it runs for a town, with Telegram's rate limits off."""
    from actions.town import set_up
    from bot import memory
    from bot.house import House
    from bot.settings import Settings
    from courier.limits import Limits
    from storage import schema
    from storage.database import Database
    from storage.person import GESTOR, Person, Role
    from storage.turn import Turn
    from storage.writer import Writer

    plan = plan_of(read(Path(file), citizens))

    def team(turn: Turn) -> None:
        set_up(turn, plan)
        for number in GESTORAS:
            # No card for each report: what she opens herself is what she waits for.
            person = Person(
                telegram_id=number,
                name="Gestora",
                language="es",
                digest="daily",
                privacy_version=plan.privacy_version,
                agreed_at=turn.now,
                created_at=turn.now,
            )
            turn.session.add(person)
            turn.session.flush()
            assert person.id is not None
            turn.session.add(Role(person_id=person.id, role=GESTOR, given_at=turn.now))

    database = Database(database_url)
    schema.upgrade(database)
    writer = Writer(database, lambda: datetime.now(UTC))
    writer.start()
    await writer.write(team)
    await writer.close()
    database.close()
    settings = Settings(token=SecretStr(TOKEN), api_base=url, database_url=database_url)
    house = House(settings, limits=Limits.off(UNDER_WAY))
    await house.start()
    memory.settle()
    answer(ready=True)
    await asyncio.to_thread(sys.stdin.readline)
    await house.settle()
    await house.stop()
    answer(done=True)


def main(arguments: list[str]) -> None:
    """`python -m bench.replay_children NAME FILE CITIZENS ...`"""
    name, file, citizens, *rest = arguments
    if name == "telegram":
        asyncio.run(telegram(file, int(citizens), int(rest[0]), int(rest[1])))
    else:
        asyncio.run(cabildo(file, int(citizens), rest[0], rest[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
