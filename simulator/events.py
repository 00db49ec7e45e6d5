"""What people see happen, numbered, for the page and for whoever waits: the last 5,000."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

KEPT = 5000


class Events:
    """A ring of events; listeners are called at once, streams read from a number on."""

    def __init__(self) -> None:
        self.seq = 0
        self._ring: deque[Json] = deque(maxlen=KEPT)
        self._listeners: list[Callable[[Json], None]] = []
        self._waiting: list[asyncio.Future[None]] = []

    def listen(self, listener: Callable[[Json], None]) -> Callable[[], None]:
        """Call `listener` with every event from now on; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, kind: str, **event: Any) -> None:
        """Something happened."""
        self.seq += 1
        event["seq"] = self.seq
        event["type"] = kind
        self._ring.append(event)
        for listener in tuple(self._listeners):
            listener(event)
        if self._waiting:
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()

    def after(self, seq: int) -> list[Json]:
        """Events later than `seq`; a single reset when some of them are forgotten."""
        missed = self.seq - seq
        if missed == 0:
            return []
        if missed < 0 or missed > len(self._ring):
            return [{"seq": self.seq, "type": "reset"}]
        ring = self._ring
        return [ring[index] for index in range(len(ring) - missed, len(ring))]

    async def wait(self) -> None:
        """Until the next event."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        finally:
            if future in self._waiting:
                self._waiting.remove(future)
