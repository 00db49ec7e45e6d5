"""The heartbeat: a tick at least every real second, late rather than never, never two at once.

It keeps no record of what is due: whatever it calls reads that from the database, and may say
that it wants to be called again sooner.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import Application, ContextTypes, ExtBot, JobQueue

log = logging.getLogger("cabildo.heartbeat")

EVERY_S = 1.0
SHORTEST_S = 0.02
"""So long at least others have the loop between two ticks."""
PATIENCE_S = 10.0


class Heartbeat:
    """python-telegram-bot's JobQueue calling `tick` at least every `every` machine seconds.

    `tick()` gives the machine seconds until it wants to be called, where that is sooner.
    """

    def __init__(
        self,
        bot: ExtBot[Any],
        tick: Callable[[], Awaitable[float | None]],
        every: float = EVERY_S,
    ) -> None:
        self._tick = tick
        self._every = every
        self._stopping = False
        self._queue: JobQueue[Any] = JobQueue()
        # Kept: the queue itself knows its application only weakly.
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(bot).updater(None).job_queue(self._queue).build()
        )
        self.ticks = 0
        self.failures = 0

    async def start(self) -> None:
        """Begin to tick, at once."""
        self._plan(0.0)
        await self._queue.start()

    def _plan(self, seconds: float) -> None:
        # Each tick plans the next: two can never meet, and a long one is not counted as missed.
        self._queue.run_once(self._beat, seconds, job_kwargs={"misfire_grace_time": None})

    async def stop(self) -> None:
        """No more ticks; one that is under way ends first, if it does so within PATIENCE_S."""
        self._stopping = True
        # One that never began, because the start failed before it, has nothing to end.
        if not self._queue.scheduler.running:
            return
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._queue.stop(wait=True)
        except TimeoutError:
            log.error("a tick does not end: it is left behind")
            if self._queue.scheduler.running:
                await self._queue.stop(wait=False)

    async def _beat(self, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if self._stopping:
            return
        began, wanted = time.monotonic(), None
        try:
            wanted = await self._tick()
        except Exception as error:
            self.failures += 1
            log.error("a tick failed (%s)", type(error).__name__)
        else:
            self.ticks += 1
        finally:
            if not self._stopping:
                rest = self._every - (time.monotonic() - began)
                self._plan(max(SHORTEST_S, rest if wanted is None else min(rest, wanted)))
