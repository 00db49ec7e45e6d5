"""The courier's bench, seen from inside: one process delivers, one plays Telegram.

`cabildo` and `ptb` send the same letters to the same server and tell what it cost; `telegram` is
the simulator with its limits on; `town` delivers a call to it, with replies in between.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.common import answer

TOKEN = "7000000001:AAbenchAAbenchAAbenchAAbenchAAbenchA"  # noqa: S105
FIRST_CHAT = 100_001
WORDS = "Este sábado nos vemos en el salón comunal: traiga su silla y un vecino. {n}"
LEAVE = "No quiero más avisos"
UNDER_WAY = 64


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class _House:
    """A database, its writer and a courier in a folder of their own."""

    def __init__(self, folder: str, url: str, *, limited: bool) -> None:
        from datetime import UTC, datetime

        from courier import TELEGRAM, Courier, Limits
        from storage import METADATA
        from storage.database import Database
        from storage.writer import Writer

        self.database = Database(f"sqlite:///{Path(folder) / 'bench.sqlite'}")
        METADATA.create_all(self.database.engine)
        self.writer = Writer(self.database, lambda: datetime.now(UTC))
        self.writer.start()
        self.courier = Courier(
            token=TOKEN,
            api_base=url,
            database=self.database,
            writer=self.writer,
            language=lambda: "es",
            zone=lambda: "America/Bogota",
            limits=TELEGRAM if limited else Limits.off(UNDER_WAY),
        )

    async def owe_call(self, letters: int) -> None:
        """A call to so many people, a button under each letter."""
        from storage.letter import Lane
        from storage.parcel import button, message
        from storage.turn import Turn

        for start in range(0, letters, 500):

            def owe(turn: Turn, start: int = start) -> None:
                for n in range(start, min(start + 500, letters)):
                    words = WORDS.format(n=n)
                    turn.owe(
                        FIRST_CHAT + n,
                        message(words, [[button(LEAVE, "calls:off")]]),
                        lane=Lane.CALL,
                        call_id=1,
                    )

            await self.writer.write(owe)

    async def close(self) -> None:
        await self.courier.stop()
        await self.writer.close()
        self.database.close()


async def cabildo(url: str, letters: int) -> None:
    """Deliver a call without limits, claim and sent mark included; tell time and cost."""
    with tempfile.TemporaryDirectory() as folder:
        house = _House(folder, url, limited=False)
        await house.owe_call(letters)
        answer(ready=True)
        wall, cpu = time.perf_counter(), _cpu()
        await house.courier.start()
        await house.courier.settle()
        spent, took = _cpu() - cpu, time.perf_counter() - wall
        sent = house.courier.stats["sent"]
        await house.close()
    answer(letters=sent, cpu_us=spent / letters * 1e6, per_s=letters / took)


async def ptb(url: str, letters: int) -> None:
    """The same sends by plain python-telegram-bot over httpx, as many at once, kept nowhere."""
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
    from telegram.request import HTTPXRequest

    bot = Bot(TOKEN, base_url=f"{url}/bot", request=HTTPXRequest(connection_pool_size=UNDER_WAY))
    async with bot:
        numbers = iter(range(letters))
        sent = 0

        async def send() -> None:
            nonlocal sent
            for n in numbers:
                await bot.send_message(
                    FIRST_CHAT + n,
                    WORDS.format(n=n),
                    parse_mode="HTML",
                    reply_markup=InlineKeyboardMarkup(
                        [[InlineKeyboardButton(LEAVE, callback_data="calls:off")]]
                    ),
                )
                sent += 1

        answer(ready=True)
        wall, cpu = time.perf_counter(), _cpu()
        await asyncio.gather(*(send() for _ in range(UNDER_WAY)))
        spent, took = _cpu() - cpu, time.perf_counter() - wall
    answer(letters=sent, cpu_us=spent / letters * 1e6, per_s=letters / took)


async def town(url: str, letters: int, replies: int, per_s: float) -> None:
    """Deliver a call within Telegram's limits, with so many replies a second in between, each to
    somebody of their own; tell each reply's moment of being owed (CLOCK_MONOTONIC)."""
    from storage.parcel import message
    from storage.turn import Turn

    with tempfile.TemporaryDirectory() as folder:
        house = _House(folder, url, limited=True)
        await house.owe_call(letters)
        house.writer.on_owed = house.courier.owed
        owed: dict[int, float] = {}
        answer(ready=True)
        await house.courier.start()

        async def reply() -> None:
            for n in range(replies):
                chat = FIRST_CHAT + letters + n
                owed[chat] = time.monotonic()

                def owe(turn: Turn, chat: int = chat) -> None:
                    turn.owe(chat, message("Gracias, lo anotamos."))

                await house.writer.write(owe)
                await asyncio.sleep(1 / per_s)
                if house.courier.stats["sent"] - len(owed) >= letters - 1:
                    break

        talking = asyncio.create_task(reply())
        while house.courier.stats["sent"] < letters + len(owed) or not talking.done():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        stats = house.courier.stats
        await house.close()
    answer(owed=list(owed.items()), stats=stats)


async def telegram(people: int) -> None:
    """The simulator with its limits on and so many people; answers the bench's lines."""
    from simulator.server import Simulator

    async with Simulator(record="light", rate_limits=True, keep=1) as sim:
        sim.add_bot(TOKEN)
        for n in range(people):
            sim.person("V", id=FIRST_CHAT + n).starts()
        answer(url=sim.url)
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            question = json.loads(line)
            if question["do"] == "faults":
                sim.faults.set(question["faults"])
                answer()
            elif question["do"] == "clear":
                sim.record.clear()
                answer()
            else:
                calls = [
                    (entry["t"], entry["chat"], entry["status"])
                    for entry in sim.record.calls("sendMessage")
                ]
                answer(calls=calls, violations=len(sim.violations))


def main(arguments: list[str]) -> None:
    """`python -m bench.courier_children NAME ARGUMENTS...`"""
    name, rest = arguments[0], arguments[1:]
    play: dict[str, Any] = {
        "cabildo": lambda: cabildo(rest[0], int(rest[1])),
        "ptb": lambda: ptb(rest[0], int(rest[1])),
        "town": lambda: town(rest[0], int(rest[1]), int(rest[2]), float(rest[3])),
        "telegram": lambda: telegram(int(rest[0])),
    }
    asyncio.run(play[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
