"""What memory has no room for stays in the table and is read on, lane by lane, in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from courier.window import LANES, Window
from storage import delivery
from storage.database import Database

log = logging.getLogger("cabildo.courier")

# A wrong wall clock must not hold a letter for years.
FURTHEST_S = 3600.0


class Shelf:
    """Fills the window from the table; `on_read` is called after each reading."""

    def __init__(self, database: Database, window: Window, on_read: Callable[[], None]) -> None:
        self._database = database
        self._window = window
        self._on_read = on_read
        self._readers: dict[int, asyncio.Task[None]] = {}

    @property
    def reading(self) -> bool:
        """Whether a reading is under way."""
        return bool(self._readers)

    def refill(self) -> None:
        """Begin to read for the most urgent lane that runs low, one at a time: read side by side,
        a reminder could be known, and leave, before the reply that was owed before it."""
        if self._readers:
            return
        for lane in range(LANES):
            room = self._window.room(lane)
            if room:
                self._readers[lane] = asyncio.create_task(self._read(lane, room))
                return

    def close(self) -> None:
        """Read no more."""
        for reader in self._readers.values():
            reader.cancel()

    async def _read(self, lane: int, room: int) -> None:
        after, seen = self._window.high[lane], self._window.seen(lane)
        try:
            rows = await asyncio.to_thread(self._open_rows, lane, after, room)
        except Exception as error:
            log.error("owed letters could not be read (%s)", type(error).__name__)
            await asyncio.sleep(1.0)
        else:
            now, wall = time.monotonic(), time.time()
            self._window.refill(
                lane,
                [
                    (
                        row["id"],
                        row["chat_id"],
                        now + min(FURTHEST_S, max(0.0, row["not_before"] - wall)),
                    )
                    for row in rows
                ],
                seen=seen,
                more=len(rows) == room,
            )
        finally:
            del self._readers[lane]
            self._on_read()

    def _open_rows(self, lane: int, after: int, most: int) -> list[dict[str, Any]]:
        with self._database.read() as session:
            return delivery.open_rows(session, lane, after, most)
