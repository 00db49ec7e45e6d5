"""A simulator and a small bot on a loop of their own, so that a synchronous test can drive both."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aiogram.exceptions import TelegramNetworkError

from simulator.person import Person
from simulator.server import Simulator
from tests.browser import townbot

T = TypeVar("T")

_BARRIOS = ("Centro", "San Martín", "El Molino", "La Ribera")


def square_town() -> dict[str, Any]:
    """Four square barrios round (-34.60, -58.40), each 0.01 degrees wide and high, as GeoJSON."""
    features = []
    for number, name in enumerate(_BARRIOS):
        west, south = -58.41 + number % 2 * 0.01, -34.61 + number // 2 * 0.01
        east, north = west + 0.01, south + 0.01
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


class Process:
    """The bot, polling, as something that can be killed and started again."""

    def __init__(self) -> None:
        self.url = ""
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Is it polling?"""
        return self._task is not None and not self._task.done()

    async def start(self) -> None:
        """Begin to poll."""
        if not self.running:
            self._task = asyncio.create_task(self._poll())

    async def kill(self) -> None:
        """Stop in the middle of whatever it does."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _poll(self) -> None:
        # aiogram's own polling leaves tasks behind when it is cancelled: this one just ends.
        bot = townbot.make_bot(self.url)
        dispatcher = townbot.make_dispatcher()
        offset = 0
        try:
            await townbot.introduce(bot)
            while True:
                try:
                    updates = await bot.get_updates(offset, timeout=5)
                except TelegramNetworkError:
                    await asyncio.sleep(0.2)
                    continue
                for update in updates:
                    offset = update.update_id + 1
                    await dispatcher.feed_update(bot, update)
        finally:
            await bot.session.close()


class Stage:
    """Holds the simulator while a test looks at its page; `port` as in Simulator."""

    def __init__(self, port: int = 0) -> None:
        self.process = Process()
        self.sim = Simulator(
            port=port,
            map=square_town(),
            places=[{"name": "Plaza Mayor", "latitude": -34.602, "longitude": -58.398}],
            process=self.process,
        )
        self.sim.add_bot(townbot.TOKEN, townbot.USERNAME, townbot.NAME, reads_groups=True)
        self.rosa = self.sim.person("Rosa", last_name="Quispe")
        self.julian = self.sim.person("Julián", last_name="Ortega")
        self.mary = self.sim.person("Mary", language_code="en")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """The page's address."""
        return self.sim.url

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 15) -> T:
        """Await something on the simulator's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def do(self, work: Callable[[], T]) -> T:
        """Call something on the simulator's loop."""

        async def call() -> T:
            return work()

        return self.run(call())

    def texts(self, person: Person) -> list[str]:
        """What stands in a person's chat, oldest first."""
        return self.do(lambda: [one.text for one in person.inbox])

    def open(self) -> None:
        """Start the loop, the simulator and the bot."""
        self._thread.start()
        self.run(self.sim.start())
        self.process.url = self.sim.url
        self.run(self.process.start())

    def close(self) -> None:
        """End all three."""
        self.run(self.process.kill())
        self.run(self.sim.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
