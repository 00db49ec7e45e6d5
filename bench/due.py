"""Thousands are to be asked at the same moment whether it was fixed: each is, once and in time.

`python -m bench.due` plans 10,000 follow-ups for one moment, on both databases, while people talk
to the bot: half of the runs undisturbed, in the other half the bot is killed in the middle and
started again at once. It goes by what a reader of the database sees and by the simulator's record:
`written_s_p99` is when 99 in 100 letters could be read, after the moment they were due. Telegram's
limits are kept while it is measured; afterwards the rest leaves without them, to see that each
arrives once. The exit code is 1 when somebody was asked twice or never.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import col

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from actions.town import set_up
from bench.chaos_bot import BotProcess
from bench.common import cores, percentile, pin, quartiles, result, say
from bench.conversing import spoken
from bot import townfile
from civic.lifecycle import BODY, FIXED
from handlers.start import CHOOSE_LANGUAGE
from simulator.server import Simulator
from storage import schema
from storage.database import Database
from storage.due import Due
from storage.letter import FAILED, TABLE, UNCERTAIN, Lane
from storage.person import Person
from storage.report import Report
from storage.turn import Ledger, Turn
from tests import postgres as servers

TOKEN = "7000000005:due"  # noqa: S105
FIRST, TALKERS = 3_000_001, range(3_900_001, 3_900_009)
AHEAD_S = 4.0
"""The moment is so long after everything stands still."""
TALKING_S = 5.0
"""So long people are listened to once everything is written: a few answers are no percentile."""
PATIENCE_S = 120.0
EVERY_S = 0.02
"""How often a reader looks."""


@dataclass(slots=True)
class Run:
    """What one run showed; times in seconds."""

    written: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    doubled: int = 0
    missed: int = 0
    uncertain: int = 0
    violations: int = 0


def fill(url: str, number: int) -> None:
    """A town in which so many reports are fixed, each told by somebody of their own."""
    database = Database(url)
    schema.upgrade(database)
    now = datetime.now(UTC)
    plan = replace(townfile.plan_of(townfile.read(townfile.DEMO)), votes=[])
    with database.begin() as session:
        set_up(Turn(session, Ledger(lambda: 0), now, 0.0), plan)
    with database.begin() as session:
        agreed: dict[str, Any] = {
            "name": "V",
            "language": "es",
            "privacy_version": plan.privacy_version,
            "agreed_at": now,
            "created_at": now,
        }
        models: tuple[Any, ...] = (Person, Report, Due)
        people, reports, due = [model.__table__ for model in models]
        numbers = [*range(FIRST, FIRST + number), *TALKERS]
        session.connection().execute(
            people.insert(), [{"telegram_id": n, **agreed} for n in numbers]
        )
        told = now - timedelta(days=40)
        known = session.connection().execute(
            select(people.c.id).where(people.c.telegram_id < FIRST + number)
        )
        rows = [
            {
                "code": f"R-{at}",
                "person_id": person,
                "category_id": 1,
                "words": "Un poste apagado",
                "attributes": {},
                "outside": False,
                "private": False,
                "state": FIXED,
                "created_at": told,
                "changed_at": told,
                "fixed_at": told,
                "fixed_by": BODY,
                "reopened": 0,
                "supports": 0,
            }
            for at, (person,) in enumerate(known)
        ]
        session.connection().execute(reports.insert(), rows)
        fixed = session.connection().scalars(select(reports.c.id)).all()
        later = now + timedelta(days=1)
        session.connection().execute(
            due.insert(),
            [
                {
                    "key": f"follow_up:{report}:{told.isoformat()}",
                    "kind": "follow_up",
                    "subject": report,
                    "facts": {},
                    "at": later,
                    "progress": 0,
                }
                for report in fixed
            ],
        )
    database.close()


class Reader(threading.Thread):
    """Counts, over and over, how many letters somebody else can read."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self._database = Database(url)
        self._number = number
        self.seen: list[tuple[float, int]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        query = select(func.count()).select_from(TABLE).where(TABLE.c.lane == int(Lane.REMINDER))
        while not self.enough.is_set():
            with self._database.read() as session:
                count = session.connection().scalar(query) or 0
            self.seen.append((time.time(), count))
            if count >= self._number:
                break
            self.enough.wait(EVERY_S)
        self._database.close()

    def share(self) -> float:
        """How much of it is written."""
        return self.seen[-1][1] / self._number if self.seen else 0.0

    def times(self, since: float) -> list[float]:
        """For each letter, how long after a moment it could be read."""
        found: list[float] = []
        for at, count in self.seen:
            found += [at - since] * (count - len(found))
        return found


async def talk(sim: Simulator, number: int, enough: asyncio.Event, run: list[Any]) -> None:
    """Somebody asks the bot something, again and again; (when, how long) of each answer."""
    person = sim.someone(number)
    chance = random.Random(number)
    menu, words = spoken("What shall we do?"), spoken(CHOOSE_LANGUAGE)
    while not enough.is_set():
        for said, wanted in (("/menu", menu), ("/idioma", words)):
            began = time.time()
            person.says(said)
            await person.hears(lambda seen, wanted=wanted: wanted in seen.text, timeout=PATIENCE_S)
            run.append((began, time.time() - began))
            # Telegram lets a chat have a message a second: whoever asks oftener waits for that.
            await asyncio.sleep(chance.uniform(1.1, 1.9))


async def one_run(url: str, number: int, seed: int, core: int, *, kill: bool) -> Run:
    """Everything comes due once."""
    fill(url, number)
    run = Run()
    waits: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="cabildo-due-") as folder:
        async with Simulator(record="light") as sim:
            bot = sim.add_bot(TOKEN, "due_bot", "Due")
            for chat in (*range(FIRST, FIRST + number), *TALKERS):
                sim.person("V", language_code="es", id=chat)
                sim.world.private(bot.id, chat).started = True
            settings = {"token": TOKEN, "api_base": sim.url, "database_url": url}
            process = BotProcess(settings, Path(folder) / "bot.log", limits=True, core=core)
            process.start()
            enough = asyncio.Event()
            reader = Reader(url, number)
            try:
                talkers = [asyncio.create_task(talk(sim, n, enough, waits)) for n in TALKERS]
                await until(lambda: len(waits) >= 2 * len(TALKERS))
                moment = time.time() + AHEAD_S
                await asyncio.to_thread(come_due, url, moment)
                reader.start()
                killed: float | None = None
                if kill:
                    wanted = random.Random(seed).uniform(0.15, 0.75)
                    await until(lambda: reader.share() >= wanted)
                    process.kill()
                    killed = time.time()
                    process.start()
                await until(lambda: not reader.is_alive())
                # The letters go on leaving, and people go on talking.
                await asyncio.sleep(TALKING_S)
                enough.set()
                await asyncio.gather(*talkers)
                if killed is not None:
                    waits = but_while_down(waits, killed)
                run.written = reader.times(moment)
                run.waits = [took for at, took in waits if at + took >= moment]
                await asyncio.to_thread(process.stop)
                process = BotProcess(settings, Path(folder) / "bot.log")
                process.start()
                await arrived(url)
                await asyncio.to_thread(process.stop)
            finally:
                reader.enough.set()
                if process.running:
                    process.kill()
            judge(run, sim, url, number)
    return run


def but_while_down(waits: list[tuple[float, float]], killed: float) -> list[tuple[float, float]]:
    """The (when, how long) of those who did not speak to nobody, and wait for the start: answered
    before it was killed, or asked after the first answer since."""
    up = min((at + took for at, took in waits if at + took > killed), default=float("inf"))
    return [(at, took) for at, took in waits if at + took <= killed or at >= up]


async def until(true: Callable[[], bool]) -> None:
    """Look again and again until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - a thread and a database tell nobody
            await asyncio.sleep(0.005)


def come_due(url: str, moment: float) -> None:
    """All of it is due at this moment."""
    database = Database(url)
    at = datetime.fromtimestamp(moment, UTC)
    with database.begin() as session:
        rows = update(Due).where(col(Due.kind) == "follow_up").values(at=at)
        session.connection().execute(rows)
    database.close()


async def arrived(url: str) -> None:
    """Until nothing is owed any more."""
    database = Database(url)
    began = time.time()
    while time.time() < began + 10 * PATIENCE_S:
        with database.read() as session:
            left = session.connection().scalar(
                select(func.count()).select_from(TABLE).where(TABLE.c.state < 2)
            )
        if not left:
            break
        await asyncio.sleep(0.2)
    database.close()


def judge(run: Run, sim: Simulator, url: str, number: int) -> None:
    """By what arrived, and by what was owed to each."""
    asked = range(FIRST, FIRST + number)
    heard = Counter(
        int(entry["chat"])
        for entry in sim.record.entries
        if entry["kind"] == "call"
        and entry["method"] == "sendMessage"
        and int(entry["chat"]) in asked
        and entry.get("status", 200) == 200
    )
    database = Database(url)
    with database.read() as session:
        letters = (
            session.connection()
            .execute(
                select(TABLE.c.chat_id, TABLE.c.state).where(TABLE.c.lane == int(Lane.REMINDER))
            )
            .all()
        )
    database.close()
    owed = Counter(row.chat_id for row in letters)
    lost = {row.chat_id for row in letters if row.state in (UNCERTAIN, FAILED)}
    run.uncertain = sum(row.state == UNCERTAIN for row in letters)
    run.doubled = sum(n > 1 for n in owed.values()) + sum(n > 1 for n in heard.values())
    run.missed = sum(not owed[chat] for chat in asked)
    run.missed += sum(not heard[chat] and chat not in lost and owed[chat] > 0 for chat in asked)
    run.violations = len(sim.violations)


@contextlib.contextmanager
def database_of(kind: str) -> Iterator[str]:
    """The address of an empty database, gone at the end."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="cabildo-due-") as folder:
            yield f"sqlite:///{Path(folder) / 'due.sqlite'}"
        return
    server = servers.start(durable=True)
    try:
        yield server.url
    finally:
        server.stop()


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.due", description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--db", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs, with and without")
    parser.add_argument("--seed", type=int, default=28)
    given = parser.parse_args(arguments)
    own, other = cores()
    pin(other)
    figures: dict[str, Any] = {}
    calm: list[Run] = []
    killed: list[Run] = []
    for kind in given.db:
        found: dict[bool, list[Run]] = {False: [], True: []}
        for number in range(given.rounds):
            for kill in (False, True):
                with database_of(kind) as url:
                    run = asyncio.run(one_run(url, given.due, given.seed + number, own, kill=kill))
                found[kill].append(run)
                late = percentile(run.written, 0.99) if run.written else float("nan")
                wait = percentile(run.waits, 0.95) * 1000
                say(
                    f"{kind}{', killed' if kill else ''}: written in {late:.2f} s (p99), "
                    f"{run.doubled} doubled, {run.missed} missed, replies {wait:.0f} ms (p95)"
                )
        for kill, name in ((False, ""), (True, "_killed")):
            p99 = [percentile(run.written, 0.99) for run in found[kill]]
            figures[f"written_s_p99{name}_{kind}"] = [round(v, 3) for v in quartiles(p99)]
            waits = [percentile(run.waits, 0.95) * 1000 for run in found[kill]]
            figures[f"reply_ms_p95{name}_{kind}"] = [round(v, 1) for v in quartiles(waits)]
        calm += found[False]
        killed += found[True]
    runs = [*calm, *killed]
    doubled, missed = sum(run.doubled for run in runs), sum(run.missed for run in runs)
    violations = sum(run.violations for run in runs)

    def worst(name: str) -> float:
        found: float = max(figures[f"{name}_{kind}"][1] for kind in given.db)
        return found

    os.sched_setaffinity(0, {own, other})
    result(
        "due",
        db="+".join(given.db),
        runs=len(runs),
        due=given.due,
        written_s_p99=worst("written_s_p99"),
        written_s_p99_killed=worst("written_s_p99_killed"),
        doubled=doubled,
        missed=missed,
        uncertain=sum(run.uncertain for run in runs),
        reply_ms_p95=worst("reply_ms_p95"),
        reply_ms_p95_killed=worst("reply_ms_p95_killed"),
        violations=violations,
        **figures,
    )
    return 1 if doubled or missed or violations else 0


if __name__ == "__main__":
    sys.exit(main())
