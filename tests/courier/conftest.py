"""A courier between a real database and a simulated Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from courier import Courier, Limits
from simulator.person import Person
from simulator.server import Simulator
from storage import letter
from storage.database import Database
from storage.letter import Lane, Letter
from storage.turn import Turn
from storage.writer import Writer

TOKEN = "7000000001:AAcourierAAcourierAAcourierAAcourie"


class Post:
    """What a test does with the courier: owe, wait, look."""

    def __init__(self, sim: Simulator, database: Database, writer: Writer) -> None:
        self.sim = sim
        self.database = database
        self.writer = writer
        self.answers = 0
        self.courier = self.another()

    def another(self, limits: Limits | None = None, **settings: Any) -> Courier:
        """A courier as after a restart: nothing but the database is the same."""
        settings.setdefault("api_base", self.sim.url)
        self.courier = Courier(
            token=TOKEN,
            database=self.database,
            writer=self.writer,
            language=lambda: "es",
            zone=lambda: "America/Bogota",
            limits=limits or Limits.off(),
            on_answer=self._answered,
            **settings,
        )
        self.writer.on_owed = self.courier.owed
        return self.courier

    def _answered(self) -> None:
        self.answers += 1

    async def owe(self, chat: int, parcel: dict[str, Any] | str, **how: Any) -> int:
        """Owe a letter (a bare text is a message) and return its number."""
        body = {"kind": "message", "text": parcel} if isinstance(parcel, str) else parcel
        return await self.writer.write(lambda turn: turn.owe(chat, body, **how))

    async def do(self, work: Callable[[Turn], Any]) -> Any:
        return await self.writer.write(work)

    def row(self, number: int) -> Letter:
        """A letter as it stands in the database."""
        with self.database.read() as session:
            found = session.get(Letter, number)
            assert found is not None
            return found

    def state(self, number: int) -> str:
        return letter.STATE_NAMES[self.row(number).state]

    async def until(self, what: Callable[[], Any], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until something is so."""
        async with asyncio.timeout(timeout):
            while not what():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def settled(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109
        assert await self.courier.settle(timeout), "the courier found no quiet"


def heard(someone: Person) -> list[str]:
    """What somebody was told, oldest first; what was deleted is not there."""
    return [s.text for s in someone.inbox if s.data.get("from", {}).get("is_bot")]


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A simulated Telegram with one bot."""
    async with Simulator() as simulator:
        simulator.add_bot(TOKEN)
        yield simulator


@pytest.fixture
async def post(sim: Simulator, database: Database, writer: Writer) -> AsyncIterator[Post]:
    """A started courier without limits."""
    made = Post(sim, database, writer)
    await made.courier.start()
    yield made
    await made.courier.stop()


@pytest.fixture
async def idle_post(sim: Simulator, database: Database, writer: Writer) -> AsyncIterator[Post]:
    """A courier that the test starts, and stops, itself."""
    made = Post(sim, database, writer)
    yield made
    await made.courier.stop()


REPLY, REMINDER, CALL = Lane.REPLY, Lane.REMINDER, Lane.CALL
