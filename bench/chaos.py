"""Kill the bot at random moments under load, on both databases, and judge by what people saw.

`python -m bench.chaos --kills N` kills N times on each database and prints one JSON object as its
last line; the exit code is 1 when a promise was broken. A seed repeats the people and the pauses
between kills, not the moments of the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlmodel import select

from actions.town import set_up
from bench.chaos_bot import BotProcess
from bench.chaos_judge import Calm, Facts, Kill, Verdict, judge, plain, said
from bench.chaos_people import Townspeople
from bench.common import result, say
from bot import townfile
from simulator.server import Simulator
from storage import inbox, schema
from storage.database import Database
from storage.letter import SENDING
from storage.person import Person
from storage.report import Report
from storage.town import Category
from storage.writer import Writer
from tests import postgres as servers

TOKEN = "7000000003:chaos"  # noqa: S105 (the simulator's, it opens nothing)
PATIENT, HASTY, POISONED = 16, 10, 3
KILLS_A_ROUND = 25
"""After so many kills a fresh town begins, so that the record of it fits in memory."""


@dataclass(slots=True)
class Stage:
    """A town, its people and its bot, on one database."""

    url: str
    folder: Path
    seed: int
    sim: Simulator = field(init=False)
    bot: BotProcess = field(init=False)
    chance: random.Random = field(init=False)
    kills: list[Kill] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    async def run(self, kills: int) -> Verdict:
        """Kill so many times; what became of the promises."""
        await self._set_up()
        async with Simulator(record="full", seed=self.seed) as self.sim:
            self.sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
            self.bot = BotProcess(
                {"token": TOKEN, "api_base": self.sim.url, "database_url": self.url},
                self.folder / "bot.log",
            )
            people = Townspeople(self.sim, self.seed)
            self.bot.start()
            try:
                await self._listening()
                calm = [await self._calm(people, hasty=hasty) for hasty in (False, True)]
                self.sim.faults.add(kind="duplicate", probability=0.05)
                self.sim.faults.add(kind="duplicate", probability=0.05, late=True)
                self.sim.faults.add(kind="duplicate_tap", probability=0.3)
                chats = people.talk(PATIENT, HASTY)
                poisoned = [self.sim.person(f"P{n}") for n in range(POISONED)]
                for person in poisoned:
                    person.starts()
                for person in poisoned:
                    people.poison(person)
                for _ in range(kills):
                    await self._kill()
                await self._listening()
                await people.finish()
                await self._quiet()
                graceful = await asyncio.to_thread(self.bot.stop)
            finally:
                if self.bot.running:
                    self.bot.kill()
            verdict = judge(
                self.sim.record,
                people.diary,
                self._facts(),
                self.kills,
                {chat: calm[way] for chat, way in chats.items()},
            )
        if not graceful:
            verdict.broken.append("SIGTERM did not end the bot in time")
        return verdict

    async def _set_up(self) -> None:
        database = Database(self.url)
        schema.upgrade(database)
        writer = Writer(database, lambda: datetime.now(UTC))
        writer.start()
        plan = townfile.plan_of(townfile.read(townfile.DEMO))
        await writer.write(lambda turn: set_up(turn, plan))
        await writer.close()
        database.close()

    async def _calm(self, people: Townspeople, *, hasty: bool) -> Calm:
        chat = await people.once(hasty=hasty)
        texts = plain([text for _, text in said(self.sim.record, chat)])
        return Calm(texts[:3], texts[3:])

    @property
    def _outbox(self) -> Any:
        return next(iter(self.sim.world.outboxes.values()))

    async def _listening(self) -> None:
        """Until the bot asks for updates; RuntimeError when it ended instead."""
        before = self.sim.record.counts["getUpdates 200"]
        while not self._outbox.polling and self.sim.record.counts["getUpdates 200"] == before:
            if not self.bot.running:
                log = (self.folder / "bot.log").read_text("utf-8", "replace")
                raise RuntimeError(f"the bot ended by itself: {log[-3000:]}")
            await asyncio.sleep(0.01)

    async def _kill(self) -> None:
        """Let the bot work for a while, or only just begin to, then kill it and start another."""
        if self.chance.random() < 0.2:
            await asyncio.sleep(self.chance.uniform(0.0, 0.8))
        else:
            await self._listening()
            await asyncio.sleep(self.chance.uniform(0.05, 1.2))
        await asyncio.to_thread(self.bot.kill)
        at = time.monotonic()
        self.kills.append(Kill(at, await asyncio.to_thread(self._under_way)))
        self.bot.start()

    def _under_way(self) -> tuple[tuple[int, int], ...]:
        """(chat, lane) of letters that were claimed and not settled when the bot died."""
        query = f"select chat_id, lane from letter where state = {SENDING}"  # noqa: S608
        if self.url.startswith("sqlite"):
            # A copy is read: the file as the dead bot left it is the next one's to recover.
            file = Path(self.url.removeprefix("sqlite:///"))
            with tempfile.TemporaryDirectory() as folder:
                for ending in ("", "-wal"):
                    if Path(f"{file}{ending}").exists():
                        shutil.copy(f"{file}{ending}", Path(folder) / f"copy{ending}")
                with contextlib.closing(sqlite3.connect(Path(folder) / "copy")) as copy:
                    return tuple(copy.execute(query).fetchall())
        with psycopg.connect(self.url) as connection:
            # The dead bot's last commit may still be under way in the server.
            others = (
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid()"
            )
            while (connection.execute(others).fetchone() or (0,))[0]:
                connection.rollback()
                time.sleep(0.01)
            return tuple(connection.execute(query).fetchall())

    async def _quiet(self) -> None:
        """Until everything is confirmed and applied and nothing was said for a second."""
        deadline = time.monotonic() + 90
        said_before, since = -1, time.monotonic()
        while time.monotonic() < deadline:
            await asyncio.sleep(0.2)
            told = sum(
                self.sim.record.counts[f"{method} 200"]
                for method in ("sendMessage", "editMessageText")
            )
            if told != said_before or self._outbox.pending:
                said_before, since = told, time.monotonic()
            if time.monotonic() - since > 1.0 and self._facts().aside >= POISONED:
                return

    def _facts(self) -> Facts:
        database = Database(self.url)
        with database.read() as session:
            rows = session.exec(
                select(Person.telegram_id, Report, Category)
                .where(Report.person_id == Person.id, Report.category_id == Category.id)
                .order_by(Report.id)  # type: ignore[arg-type]
            )
            reports = [
                (telegram, report.words or "", report.address, category.names["es"], report.code)
                for telegram, report, category in rows
            ]
            aside = len(inbox.set_aside_rows(session, 1000))
            waiting = len(inbox.leftovers(session))
        database.close()
        return Facts(reports, aside, waiting)


@contextlib.contextmanager
def fresh(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: sqlite, or a PostgreSQL server for it alone."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'chaos.sqlite'}"
        return
    server = servers.start(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def rehearse(kind: str, kills: int, seed: int, folder: Path) -> Verdict:
    """One round: a fresh town on a fresh database of that kind."""
    with fresh(kind, folder) as url:
        return asyncio.run(Stage(url, folder, seed).run(kills))


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args(arguments)
    kinds = [given.only] if given.only else ["sqlite", "postgresql"]
    by_database: dict[str, dict[str, Any]] = {}
    broken: list[str] = []
    runs = 0
    for kind in kinds:
        left, figures = given.kills, dict.fromkeys(_FIGURES, 0)
        while left > 0:
            kills = min(left, KILLS_A_ROUND)
            with tempfile.TemporaryDirectory(prefix="cabildo-chaos-") as folder:
                verdict = rehearse(kind, kills, given.seed + runs, Path(folder))
            runs += 1
            left -= kills
            figures["kills"] += kills
            for name in _FIGURES[1:]:
                figures[name] += getattr(verdict, name)
            broken += [f"{kind}: {line}" for line in verdict.broken]
            say(f"{kind}: {given.kills - left} of {given.kills} kills; {figures}")
        by_database[kind] = figures
    for line in broken[:40]:
        say(f"BROKEN {line[:400]}")
    total = {name: sum(figures[name] for figures in by_database.values()) for name in _FIGURES}
    result(
        "chaos",
        db="+".join(kinds),
        runs=runs,
        void_runs=0,
        server_core_busy=0.0,
        **total,
        broken=len(broken),
        by_database=by_database,
    )
    return 1 if broken else 0


_FIGURES = (
    "kills",
    "accepted",
    "lost",
    "doubled",
    "misordered",
    "in_flight_at_kills",
    "repeated_in_flight",
)

if __name__ == "__main__":
    sys.exit(main())
