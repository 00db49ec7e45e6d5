"""Whole conversations: people in the simulator talk to the real bot over the real HTTP Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.town import set_up
from bot import townfile
from bot.clock import HandClock
from bot.house import House
from bot.settings import Settings
from courier.limits import Limits
from simulator.person import Person
from simulator.server import Simulator
from storage.database import Database
from storage import schema
from tests.conftest import NOON, in_turn

TOKEN = "4242:conversation"
ADMIN = 900


@dataclass
class Town:
    """The demo's town with its bot running, and the people who talk to it."""

    sim: Simulator
    house: House
    clock: HandClock

    def person(self, name: str, language: str = "es", id: int | None = None) -> Person:
        """Somebody new in town."""
        return self.sim.person(name, language_code=language, id=id)

    async def citizen(self, name: str, language: str = "es", id: int | None = None) -> Person:
        """Somebody who has pressed Start and agreed to the privacy text."""
        person = self.person(name, language, id)
        person.starts("mine")
        await self.quiet()
        person.taps({"es": "Sí, estoy de acuerdo", "en": "I agree", "pt-br": "Concordo"}[language])
        await self.quiet()
        return person

    def places(self) -> list[dict[str, Any]]:
        """Well-known points of the town."""
        return townfile.demo_places()

    async def quiet(self) -> None:
        """Until the bot has read, applied and answered everything."""
        async with asyncio.timeout(20):
            while True:
                while any(outbox.pending for outbox in self.sim.world.outboxes.values()):
                    await asyncio.sleep(0.002)
                await self.house.settle()
                if not any(outbox.pending for outbox in self.sim.world.outboxes.values()):
                    return

    async def jump(self, **span: float) -> None:
        """Let town time walk on (hours=1, days=2)."""
        self.clock.jump(timedelta(**span))
        await self.house.heart.beat()
        await self.quiet()


def settings_for(database_url: str, api_base: str) -> Settings:
    """Settings of a bot that talks to a simulator."""
    return Settings(
        token=TOKEN,  # type: ignore[arg-type]
        api_base=api_base,
        database_url=database_url,
        admins=frozenset({ADMIN}),
        secret="a secret for the ballots of tests",  # type: ignore[arg-type]
    )


@pytest.fixture
async def town(empty_url: str) -> AsyncIterator[Town]:
    """The demo's town, on both databases, its clock at a Monday noon."""
    database = Database(empty_url)
    schema.upgrade(database)
    file = townfile.read(Path(townfile.TOWNS) / "demo.yaml")
    in_turn(database, NOON, lambda turn: set_up(turn, townfile.plan_of(file)))
    database.close()
    async with Simulator() as sim:
        sim.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
        clock = HandClock(NOON)
        house = House(settings_for(empty_url, sim.url), clock=clock, limits=Limits.off())
        await house.start()
        try:
            yield Town(sim, house, clock)
        finally:
            await house.stop()
