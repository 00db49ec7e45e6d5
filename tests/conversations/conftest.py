"""Whole conversations: people in the simulator talk to the real bot over the real HTTP Bot API."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from sqlalchemy import select

from actions.town import set_up
from bot import townfile
from bot.house import House
from bot.settings import Settings
from courier.limits import Limits
from simulator.chats import Private
from simulator.person import Person
from simulator.server import Simulator
from storage import letter, schema
from storage.database import Database
from storage.person import GESTOR, LEADER, Role, by_telegram
from storage.turn import Turn
from tests import conftest as ground
from tests.conftest import NOON, in_turn
from tests.conversations.talker import Talker, unfilled
from tests.handclock import HandClock

TOKEN = "4242:conversation"
ADMIN = 900

T = TypeVar("T")

THEIRS = frozenset({"blocked", "deactivated", "never_started", "kicked", "not_a_member"})
"""Why a letter may fail without anything being wrong with it."""


@dataclass
class Town:
    """The demo's town with its bot running, and the people who talk to it."""

    sim: Simulator
    house: House
    clock: HandClock
    languages: dict[int, str] = field(default_factory=dict)
    wrote: str = ""
    _read: int = 0
    _checked: int = 0

    def person(self, name: str, language: str = "es", id: int | None = None) -> Person:
        """Somebody new in town."""
        return self.sim.person(name, language_code=language, id=id)

    def talker(self, name: str, language: str = "es", id: int | None = None) -> Talker:
        """Somebody new in town, who waits for the bot after every gesture."""
        return Talker(self, self.person(name, language, id))

    async def neighbour(self, name: str, language: str = "es", id: int | None = None) -> Talker:
        """A talker who has pressed Start and agreed to the privacy text."""
        talker = self.talker(name, language, id)
        await talker.starts("mine")
        return await talker.taps("I agree")

    async def gestora(self, name: str, language: str = "es", id: int | None = None) -> Talker:
        """A neighbour who was made gestora."""
        talker = await self.neighbour(name, language, id)
        await self.turn(lambda turn: _give(turn, talker.id, GESTOR, None))
        return talker

    async def leader(self, name: str, group: int, language: str = "es") -> Talker:
        """A neighbour who was made leader of a group."""
        talker = await self.neighbour(name, language)
        await self.turn(lambda turn: _give(turn, talker.id, LEADER, group))
        return talker

    async def citizen(self, name: str, language: str = "es", id: int | None = None) -> Person:
        """Somebody who has pressed Start and agreed to the privacy text."""
        return (await self.neighbour(name, language, id)).person

    def places(self) -> list[dict[str, Any]]:
        """Well-known points of the town."""
        return townfile.demo_places()

    async def turn(self, work: Callable[[Turn], T]) -> T:
        """Something done in the database, in a turn of its own."""
        return await self.house.writer.write(work)

    async def quiet(self) -> None:
        """Until the bot has read, applied and answered everything."""
        async with asyncio.timeout(30):
            while True:
                await self._handed_over()
                await self.house.settle()
                while beside := [*self.house._tasks, *self.house.courier._asides]:
                    await asyncio.wait(beside)
                if not self._waiting() and not self.house.intake.waiting:
                    return

    def _waiting(self) -> bool:
        return any(outbox.pending for outbox in self.sim.world.outboxes.values())

    async def _handed_over(self) -> None:
        while self._waiting():  # noqa: ASYNC110 - the simulator tells nobody that it is empty
            await asyncio.sleep(0.001)

    async def jump(self, **span: float) -> None:
        """Let town time walk on (hours=1, days=2)."""
        self.clock.jump(timedelta(**span))
        self.sim.world.clock.jump(timedelta(**span).total_seconds())
        # The courier's own tick may be walking there too: whoever arrives first, all is done.
        while True:
            await self.house.heart.beat()
            await self.quiet()
            if self.clock.arrived:
                await self.house.heart.beat()
                await self.quiet()
                self.judge()
                return

    def judge(self) -> None:
        """Nothing is wrong with the house: see the module of Talker. Told once, then forgotten."""
        wrong: list[object] = [*self.sim.violations, *self._badly_said(), *self._badly_sent()]
        if self.house.intake.aside:
            wrong.append(f"{self.house.intake.aside} set aside")
        self.sim.violations.clear()
        self.house.intake.aside = 0
        assert not wrong, wrong

    def _badly_said(self) -> list[str]:
        found = []
        for said in self._said_since():
            text = str(said.get("text") or said.get("caption") or "")
            markup = said.get("reply_markup") or {}
            # Beside a file that is uploaded, it travels as text.
            markup = json.loads(markup) if isinstance(markup, str) else markup
            buttons = markup.get("inline_keyboard", [])
            labels = " ".join(button["text"] for row in buttons for button in row)
            if unfilled(f"{text} {labels}", self.wrote):
                found.append(text)
        return found

    def _badly_sent(self) -> list[str]:
        wrong = []
        letters = letter.TABLE
        with self.house.database.read() as session:
            for row in session.connection().execute(
                select(letters.c.id, letters.c.state, letters.c.verdict, letters.c.dedupe)
                .where(letters.c.id > self._checked)
                .order_by(letters.c.id)
            ):
                state = letter.STATE_NAMES[row.state]
                if row.state != letter.SENT and row.verdict not in THEIRS and state != "dropped":
                    wrong.append(f"letter {row.id} {row.dedupe or ''} {state}: {row.verdict}")
                self._checked = row.id
        return wrong

    def _said_since(self) -> list[dict[str, Any]]:
        found = []
        for entry in self.sim.record.after(self._read, "call"):
            self._read = entry["n"]
            if entry["method"] in ("sendMessage", "editMessageText", "sendPhoto"):
                found.append(entry.get("params") or {})
        return found

    def chat(self, person: Person) -> Private:
        """The private chat of a person and the bot."""
        chat = person.chat
        assert isinstance(chat, Private)
        return chat


def _give(turn: Turn, telegram_id: int, role: str, group: int | None) -> None:
    person = by_telegram(turn.session, telegram_id)
    assert person is not None and person.id is not None
    turn.session.add(Role(person_id=person.id, role=role, group_id=group, given_at=turn.now))


def settings_for(database_url: str, api_base: str) -> Settings:
    """Settings of a bot that talks to a simulator."""
    return Settings(
        token=TOKEN,
        api_base=api_base,
        database_url=database_url,
        admins=frozenset({ADMIN}),
        secret="a secret for the ballots of tests",
    )


def found_town(database_url: str) -> None:
    """The demo's town in an empty database."""
    database = Database(database_url)
    schema.upgrade(database)
    file = townfile.read(Path(townfile.TOWNS) / "demo.yaml")
    in_turn(database, NOON, lambda turn: set_up(turn, townfile.plan_of(file)))
    database.close()


@asynccontextmanager
async def open_town(database_url: str) -> AsyncIterator[Town]:
    """A town whose bot runs on a database that has the town in it; its clock at a Monday noon."""
    async with Simulator() as sim:
        sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
        clock = HandClock(NOON)
        house = House(settings_for(database_url, sim.url), clock=clock, limits=Limits.off())
        await house.start()
        town = Town(sim, house, clock)
        try:
            yield town
        finally:
            # A test may have started the bot anew.
            await town.house.stop()


@pytest.fixture
async def town(empty_url: str) -> AsyncIterator[Town]:
    """A town of a test's own, on both databases."""
    found_town(empty_url)
    async with open_town(empty_url) as town:
        yield town


@pytest.fixture
async def small_town(sqlite_url: str) -> AsyncIterator[Town]:
    """A town of a test's own, on SQLite alone."""
    found_town(sqlite_url)
    async with open_town(sqlite_url) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def street(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """A town that a module's tests share, on both databases: each brings its own people."""
    if request.param == "sqlite":
        async with _shared(f"sqlite:///{tmp_path_factory.mktemp('street')}/town.sqlite") as town:
            yield town
        return
    server = request.getfixturevalue("postgres_server")
    name = f"street{uuid.uuid4().hex}"
    ground._make_database(server, name)
    async with _shared(server.url_of(name)) as town:
        yield town
    ground._drop_database(server, name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town that a module's tests share, on SQLite alone."""
    async with _shared(f"sqlite:///{tmp_path_factory.mktemp('lane')}/town.sqlite") as town:
        yield town


@asynccontextmanager
async def _shared(url: str) -> AsyncIterator[Town]:
    found_town(url)
    async with open_town(url) as town:
        yield town
