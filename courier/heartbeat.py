"""The heartbeat: one tick every real second, late rather than never, and never two at once.

It keeps no record of what is due: whatever it calls reads that from the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import Application, ContextTypes, ExtBot, JobQueue

log = logging.getLogger("cabildo.heartbeat")

EVERY_S = 1.0
PATIENCE_S = 10.0


class Heartbeat:
    """python-telegram-bot's JobQueue calling `tick` every `every` machine seconds."""

    def __init__(
        self, bot: ExtBot[Any], tick: Callable[[], Awaitable[None]], every: float = EVERY_S
    ) -> None:
        self._tick = tick
        self._every = every
        self._beating = False
        self._stopping = False
        self._queue: JobQueue[Any] = JobQueue()
        # Kept: the queue itself knows its application only weakly.
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(bot).updater(None).job_queue(self._queue).build()
        )
        self.ticks = 0
        self.failures = 0

    async def start(self) -> None:
        """Begin to tick."""
        self._queue.run_repeating(
            self._beat,
            interval=self._every,
            first=0.0,
            job_kwargs={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        await self._queue.start()

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
        if self._beating or self._stopping:
            return
        self._beating = True
        try:
            await self._tick()
        except Exception as error:
            self.failures += 1
            log.error("a tick failed (%s)", type(error).__name__)
        else:
            self.ticks += 1
        finally:
            self._beating = False
