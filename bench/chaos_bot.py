"""The bot as chaos runs it: a process of its own that is there at once and may be killed any time.

It is forked from a server that has imported the libraries (importing them takes seconds) and has
no thread yet. One thing differs from `cabildo run`: unless told otherwise the courier keeps no rate
limits, so that more is under way when it dies.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bench.common import pin
from bot import memory
from bot.house import House
from bot.settings import Settings
from courier.limits import TELEGRAM, Limits

UNDER_WAY = 64

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bench.chaos_bot"])


def live(settings: dict[str, Any], log: str, limits: bool, core: int | None) -> None:
    """Run the bot until SIGTERM; what it logs goes to a file. `limits`: it keeps Telegram's."""
    os.setsid()
    if core is not None:
        pin(core)
    with Path(log).open("ab", buffering=0) as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", force=True)
    asyncio.run(_live(Settings(**settings), limits))


async def _live(settings: Settings, limits: bool) -> None:
    memory.settle()
    house = House(settings, limits=TELEGRAM if limits else Limits.off(UNDER_WAY))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await house.start()
    memory.settle()
    assert house.failed is not None
    waiting = asyncio.ensure_future(stop.wait())
    ends: set[asyncio.Future[Any]] = {waiting, house.failed}
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    await house.stop()
    if house.failed.done():
        house.failed.result()


class BotProcess:
    """One bot after another, on the same database."""

    def __init__(
        self, settings: dict[str, Any], log: Path, *, limits: bool = False, core: int | None = None
    ) -> None:
        self._settings = settings
        self._log = str(log)
        self._limits = limits
        self._core = core
        self._process: Any = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Fork a new one; it needs a moment until it listens."""
        self._process = FORKS.Process(
            target=live, args=(self._settings, self._log, self._limits, self._core)
        )
        self._process.start()

    def kill(self) -> None:
        """SIGKILL; returns when it is dead."""
        self._process.kill()
        self._process.join()

    def stop(self, patience: float = 20.0) -> bool:
        """SIGTERM; whether it ended by itself and well within so many seconds."""
        self._process.terminate()
        self._process.join(patience)
        if self._process.is_alive():
            self.kill()
            return False
        return bool(self._process.exitcode == 0)
