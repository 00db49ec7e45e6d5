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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlmodel import col, select

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from actions.town import set_up
from bench.chaos_bot import BotProcess
from bench.chaos_judge import Calm, Facts, Kill, Verdict, is_call, judge, plain, said
from bench.chaos_people import Townspeople
from bench.common import result, say
from bot import townfile
from simulator.server import Simulator
from storage import inbox, schema
from storage.call import Call, CallRecipient
from storage.database import Database
from storage.letter import SENDING, STATE_NAMES, Letter
from storage.person import GESTOR, Person, Role
from storage.report import Report
from storage.town import Category
from storage.turn import Turn
from storage.writer import Writer
from tests import postgres as servers

TOKEN = "7000000003:chaos"  # noqa: S105
PATIENT, HASTY, POISONED = 16, 10, 3
QUIET, BLOCKED, GONE = 300, 8, 5
GESTORA = 900
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
    outages: list[tuple[float, float]] = field(default_factory=list)
    down: float | None = None

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    async def run(self, kills: int) -> Verdict:
        """Kill so many times; what became of the promises."""
        async with Simulator(record="full", seed=self.seed) as self.sim:
            self.sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
            self.bot = BotProcess(
                {"token": TOKEN, "api_base": self.sim.url, "database_url": self.url},
                self.folder / "bot.log",
            )
            people = Townspeople(self.sim, self.seed)
            listeners = people.listen(QUIET, BLOCKED, GONE)
            marta = self.sim.person("Marta", id=GESTORA)
            self.sim.world.private(int(TOKEN.partition(":")[0]), GESTORA).started = True
            await self._set_up(listeners)
            self.bot.start()
            try:
                await self._listening()
                calm = [await self._calm(people, hasty=hasty) for hasty in (False, True)]
                self.sim.faults.add(kind="duplicate", probability=0.05)
                self.sim.faults.add(kind="duplicate", probability=0.05, late=True)
                self.sim.faults.add(kind="duplicate_tap", probability=0.3)
                chats = people.talk(PATIENT, HASTY)
                people.call(marta)
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
                listeners,
                self.outages,
            )
        if not graceful:
            verdict.broken.append("SIGTERM did not end the bot in time")
        return verdict

    async def _set_up(self, listeners: list[int]) -> None:
        def agreed(turn: Turn) -> None:
            agreement: dict[str, Any] = {
                "language": "es",
                "privacy_version": 1,
                "agreed_at": turn.now,
                "created_at": turn.now,
            }
            for number in listeners:
                turn.session.add(Person(telegram_id=number, name="Oyente", **agreement))
            # No card for each report: the answers to her calls are what she waits for.
            gestora = Person(telegram_id=GESTORA, name="Marta", digest="daily", **agreement)
            turn.session.add(gestora)
            turn.session.flush()
            assert gestora.id is not None
            role = Role(person_id=gestora.id, role=GESTOR, given_at=turn.now)
            turn.session.add(role)

        database = Database(self.url)
        schema.upgrade(database)
        writer = Writer(database, lambda: datetime.now(UTC))
        writer.start()
        plan = townfile.plan_of(townfile.read(townfile.DEMO))
        # Every category alike, so that what is said can be compared word for word.
        alike = [
            replace(category, safety={}, questions=[], days_to_resolve=None)
            for category in plan.categories
        ]
        plan = replace(plan, categories=alike)
        await writer.write(lambda turn: set_up(turn, plan))
        await writer.write(agreed)
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
        if self.down is not None:
            self.outages.append((self.down, time.monotonic()))
            self.down = None

    async def _kill(self) -> None:
        """Kill the bot and start another: as it begins, at work, or while a call is leaving."""
        drawn = self.chance.random()
        if drawn < 0.15:
            await asyncio.sleep(self.chance.uniform(0.0, 0.8))
        elif drawn < 0.5:
            await self._listening()
            await asyncio.sleep(self.chance.uniform(0.05, 1.2))
        else:
            await self._listening()
            await self._call_leaving()
            await asyncio.sleep(self.chance.uniform(0.0, 0.3))
        await asyncio.to_thread(self.bot.kill)
        self.down = self.down or time.monotonic()
        under_way = await asyncio.to_thread(self._under_way)
        # Not before: what the bot sent in its last moment comes in while the database is read.
        self.kills.append(Kill(time.monotonic(), under_way))
        await asyncio.to_thread(self.bot.start)

    async def _call_leaving(self) -> None:
        """Until another letter of a call has left; in a lull, eight seconds at most."""
        entries = self.sim.record.entries
        deadline, seen = time.monotonic() + 8, len(entries)
        while time.monotonic() < deadline:
            new, seen = entries[seen:], len(entries)
            if any(is_call(entry) for entry in new):
                return
            await asyncio.sleep(0.005)

    def _under_way(self) -> tuple[tuple[int, int, int, int], ...]:
        """(letter, attempt, chat, lane) of what was claimed and not settled when the bot died."""
        query = f"select id, attempts, chat_id, lane from letter where state = {SENDING}"
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
            roll = session.exec(
                select(Call.words, Person.telegram_id, CallRecipient.skipped, Letter.state)
                .join(Call, col(Call.id) == CallRecipient.call_id)
                .join(Person, col(Person.id) == CallRecipient.person_id)
                .outerjoin(Letter, col(Letter.id) == CallRecipient.letter_id)
                .select_from(CallRecipient)
            )
            recipients = [
                (words, telegram, "skipped" if skipped else STATE_NAMES[state])
                for words, telegram, skipped, state in roll
            ]
            aside = len(inbox.set_aside_rows(session, 1000))
            waiting = len(inbox.leftovers(session))
        database.close()
        return Facts(reports, aside, waiting, recipients)


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
    "sent",
    "failed",
    "skipped",
    "uncertain",
    "calls_in_flight",
    "unaccounted",
)

if __name__ == "__main__":
    sys.exit(main())
