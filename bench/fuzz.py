"""Forged buttons and malformed updates by the hundred thousand: nobody gains anything by them,
nothing breaks, and nobody else is kept waiting.

`python -m bench.fuzz --inputs 200000` sends them through the simulator to the real bot, from people
who have no role (strangers, neighbours, banned ones, a former gestora), while others talk to it.
What is not theirs in the database must be as it was, every tap must be answered, and nothing that
is well formed may fail. The exit code is 1 when one of these does not hold. The pauses after which
a failed update is tried again are cut short, since thousands of them fail on purpose.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlmodel import select

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from actions.town import set_up
from bench.common import percentile, result, say
from bench.conversing import spoken
from bench.fuzz_inputs import Input, inputs
from bench.fuzz_judge import crashes, escalations, standing, watched
from bot import intake as intakes
from bot import townfile
from bot.house import House
from bot.settings import Settings
from civic import moments
from civic.lifecycle import CLOSED, FIXED, HIDDEN, RECEIVED
from courier.limits import Limits
from handlers.start import CHOOSE_LANGUAGE
from simulator.errors import ActError
from simulator.person import Person as Phone
from simulator.server import Simulator
from storage import schema
from storage.call import Call
from storage.database import Database
from storage.group import Meeting, WorkingGroup
from storage.person import GESTOR, Person, Role
from storage.redaction import Redaction
from storage.report import Report
from storage.turn import Ledger, Turn

TOKEN = "7000000006:fuzz"  # noqa: S105
ADMIN, GESTORA, FIRST_OTHER, FIRST_FORGER = 5_000_900, 5_000_901, 5_000_001, 6_000_001
OTHERS, FORGERS = 4, 40
SHORT_RETRIES = (0.02, 0.02, 0.02)
MOST_WAITING = 50
"""So many inputs may be under way, which the bot has not applied: half of what Telegram hands out
at a time."""
LOOK_EVERY = 5_000
PATIENCE_S = 120.0


@dataclass(slots=True)
class Fuzz:
    """What happened so far; `wrong` are sentences."""

    inputs: int = 0
    taps: int = 0
    malformed: set[int] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    escalations: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    unanswered: int = 0


class Errors(logging.Handler):
    """Keeps every error that was logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """An update that fails is judged by what became of it, not by the log."""
        message = record.getMessage()
        if record.name != "cabildo.intake":
            self.told.append(f"{record.name}: {message}")


def people(turn: Turn, privacy: int, zone: ZoneInfo) -> None:
    """A gestora, neighbours with reports in every state, and those who forge."""

    def person(number: int, **values: Any) -> int:
        made = Person(
            telegram_id=number,
            name=f"P{number}",
            language="es",
            privacy_version=privacy,
            agreed_at=turn.now,
            created_at=turn.now,
            digest="daily",
            **values,
        )
        turn.session.add(made)
        turn.session.flush()
        assert made.id is not None
        return made.id

    gestora = person(GESTORA)
    turn.session.add(Role(person_id=gestora, role=GESTOR, given_at=turn.now))
    neighbours = [person(FIRST_OTHER + n) for n in range(OTHERS)]
    for number, state in enumerate((RECEIVED, RECEIVED, RECEIVED, FIXED, CLOSED, HIDDEN), start=1):
        turn.session.add(
            Report(
                code=f"R-{1000 + number}",
                person_id=neighbours[number % OTHERS],
                category_id=1 + number % 3,
                words="El poste de la esquina está apagado desde el lunes.",
                latitude=4.6,
                longitude=-74.1,
                state=state,
                # A repair that neighbours see may be doubted by whoever has joined it.
                private=state == FIXED or number == 2,
                created_at=turn.now,
                changed_at=turn.now,
                fixed_at=turn.now if state == FIXED else None,
            )
        )
    turn.session.flush()
    turn.session.add(
        Redaction(report_id=1, original="x", author_id=neighbours[1], created_at=turn.now)
    )
    turn.session.add(
        Call(words="Vengan", audience={"kind": "all"}, state="draft", made_by=gestora,
             created_at=turn.now)
    )  # fmt: skip
    group = turn.session.exec(select(WorkingGroup)).first()
    assert group is not None and group.id is not None
    starts = (turn.now + timedelta(days=30)).replace(second=0, microsecond=0)
    turn.session.add(
        Meeting(
            group_id=group.id, title="Jornada", place="El parque", called_by=gestora,
            starts_local=moments.to_local(starts, zone), starts_at=starts, created_at=turn.now,
        )
    )  # fmt: skip
    for number in range(FORGERS):
        # A stranger, a neighbour, a banned one, and one who was a gestora once.
        if number % 4 == 2:
            person(FIRST_FORGER + number, banned_until=turn.now + timedelta(days=300))
        elif number % 4:
            person(FIRST_FORGER + number)


def found_town(url: str) -> None:
    """The demo's town with these people in it."""
    database = Database(url)
    schema.upgrade(database)
    plan = townfile.plan_of(townfile.read(townfile.DEMO))
    numbers = iter(range(1, 1000))
    with database.begin() as session:
        turn = Turn(session, Ledger(lambda: next(numbers)), datetime.now(UTC), 0.0)
        set_up(turn, plan)
        turn.flush()
    with database.begin() as session:
        turn = Turn(session, Ledger(lambda: 0), datetime.now(UTC), 0.0)
        people(turn, plan.privacy_version, ZoneInfo(plan.timezone))
    database.close()


class Stage:
    """The town, its bot and everybody who writes to it."""

    def __init__(self, sim: Simulator, house: House, seed: int) -> None:
        self.sim, self.house, self.seed = sim, house, seed
        self.fuzz = Fuzz()
        self.bot = next(iter(sim.world.bots.values()))
        self.outbox = sim.world.outboxes[self.bot.id]
        self.forgers: dict[int, Phone] = {}
        self._enough = False

    def phone(self, number: int) -> Phone:
        """Somebody who has pressed Start long ago."""
        phone = self.sim.person("V", language_code="es", id=number)
        self.sim.world.private(self.bot.id, number).started = True
        return phone

    async def run(self, number: int) -> None:
        """Send so many inputs while others talk."""
        for forger in range(FIRST_FORGER, FIRST_FORGER + FORGERS):
            phone = self.forgers[forger] = self.phone(forger)
            phone.says("/menu")
        others = [self.phone(n) for n in (*range(FIRST_OTHER, FIRST_OTHER + OTHERS), GESTORA)]
        await self.settled()
        before = self.look()
        talking = [asyncio.create_task(self.talk(phone)) for phone in others]
        for one in inputs(self.seed, number, list(self.forgers)):
            self.send(one)
            self.fuzz.inputs += 1
            if self.fuzz.inputs % 10 == 0:
                await self.room()
            if self.fuzz.inputs % LOOK_EVERY == 0:
                self.judge(before)
                say(f"{self.fuzz.inputs} inputs, {len(self.fuzz.escalations)} escalations")
        await self.settled()
        self._enough = True
        for task in talking:
            try:
                await task
            except AssertionError as error:
                self.fuzz.crashes.append(f"somebody was never answered: {error}")
        await self.settled()
        self.judge(before)
        answered = sum(len(phone.toasts) for phone in self.forgers.values())
        self.fuzz.unanswered = self.fuzz.taps - answered

    def send(self, one: Input) -> None:
        """Do what an input says, as its person."""
        phone = self.forgers[one.who]
        try:
            if one.kind == "tap":
                message = next(seen for seen in reversed(phone.inbox) if seen.rows)
                phone.taps(data=one.data, message=message, forged=True)
                self.fuzz.taps += 1
            elif one.kind == "text":
                phone.says(one.data)
            elif one.kind == "start":
                phone.starts(one.data)
            elif one.update is not None:
                kind, content = one.update
                number = self.outbox.put(kind, content, one.who)
                if number is not None:
                    self.fuzz.malformed.add(number)
        except (ActError, StopIteration):
            # Telegram would not let this through either.
            return

    async def room(self) -> None:
        """Wait while as much is under way as Telegram hands out at a time."""
        began = time.monotonic()
        while self.outbox.pending + self.house.intake.waiting > MOST_WAITING:
            await asyncio.sleep(0.002)
            if self.house.failed is not None and self.house.failed.done():
                raise RuntimeError(f"the bot has ended: {self.house.failed.exception()}")
            if time.monotonic() - began > PATIENCE_S:
                raise RuntimeError("the bot takes nothing more")

    async def settled(self) -> None:
        """Until everything is read, applied and answered."""
        async with asyncio.timeout(PATIENCE_S * 5):
            while True:
                while self.outbox.pending:  # noqa: ASYNC110 - the simulator tells nobody
                    await asyncio.sleep(0.01)
                await self.house.settle()
                while beside := [*self.house._tasks, *self.house.courier._asides]:
                    await asyncio.wait(beside)
                if not self.outbox.pending and not self.house.intake.waiting:
                    return

    async def talk(self, phone: Phone) -> None:
        """Somebody else talks meanwhile; how long each answer took is kept."""
        chance = random.Random(phone.id)
        steps = (("/menu", spoken("What shall we do?")), ("/idioma", spoken(CHOOSE_LANGUAGE)))
        while not self._enough:
            for said, wanted in steps:
                began = time.monotonic()
                phone.says(said)
                await phone.hears(wanted, timeout=PATIENCE_S)
                self.fuzz.waits.append((time.monotonic() - began) * 1000)
                await asyncio.sleep(chance.uniform(0.05, 0.3))

    def look(self) -> dict[str, list[tuple[str, ...]]]:
        """What is not theirs who forge, as it stands."""
        with self.house.database.read() as session:
            found = session.exec(
                select(Person.id, Person.telegram_id).where(Person.telegram_id >= FIRST_FORGER)
            ).all()
            theirs = {number for number, _ in found if number is not None}
            return standing(session, theirs)

    def judge(self, before: dict[str, list[tuple[str, ...]]]) -> None:
        """Compare what is not theirs with what it was; whoever came meanwhile is one of them."""
        after = self.look()
        with self.house.database.read() as session:
            failed = crashes(session, self.fuzz.malformed)
        self.fuzz.escalations = sorted({*self.fuzz.escalations, *escalations(before, after)})
        self.fuzz.crashes = sorted({*self.fuzz.crashes, *failed})


async def fuzz(url: str, number: int, seed: int) -> Fuzz:
    """Send so many inputs to a bot on an empty database."""
    found_town(url)
    errors = Errors()
    logging.getLogger().addHandler(errors)
    pauses = intakes.RETRIES
    intakes.RETRIES = SHORT_RETRIES
    try:
        async with Simulator(record="off", keep=60) as sim:
            sim.add_bot(TOKEN, "fuzz_bot", "Fuzz")
            settings = Settings(
                token=SecretStr(TOKEN),
                api_base=sim.url,
                database_url=url,
                admins=frozenset({ADMIN}),
                secret=SecretStr("a secret for ballots"),
            )
            house = House(settings, limits=Limits.off())
            await house.start()
            stage = Stage(sim, house, seed)
            try:
                with watched(range(FIRST_FORGER, FIRST_FORGER + FORGERS)) as passed:
                    await stage.run(number)
            finally:
                await house.stop()
    finally:
        intakes.RETRIES = pauses
        logging.getLogger().removeHandler(errors)
    stage.fuzz.crashes += errors.told
    stage.fuzz.escalations += passed
    return stage.fuzz


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=64)
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.CRITICAL)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="cabildo-fuzz-") as folder:
        url = f"sqlite:///{Path(folder) / 'fuzz.sqlite'}"
        told = asyncio.run(fuzz(url, given.inputs, given.seed))
    for line in [*told.escalations, *told.crashes][:40]:
        say(f"WRONG {line}")
    result(
        "fuzz",
        db="sqlite",
        runs=1,
        inputs=told.inputs,
        taps=told.taps,
        malformed=len(told.malformed),
        escalations=len(told.escalations),
        crashes=len(told.crashes),
        unanswered=told.unanswered,
        others=len(told.waits),
        others_ms_p95=round(percentile(told.waits, 0.95), 1) if told.waits else None,
        seed=given.seed,
    )
    return 1 if told.escalations or told.crashes or told.unanswered else 0


if __name__ == "__main__":
    sys.exit(main())
