"""The town's clock: machine time plus an offset; a jump waits for the one who walks it.

`now` never goes back and never passes the target of a jump. A walker (a bot that follows this
clock) announces itself; while one is there a jump only sets the target, `now` stands still, and
the walker moves it on, step by step. Without a walker a jump applies at once. A walker that
falls silent in the middle of a jump is waited for: it may be busy with what is due.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

WALKER_PATIENCE = 10.0
"""Machine seconds after its last word for which a walker counts as present."""


class Clock:
    """Seconds since the epoch, as floats; `start` sets the first moment (default: now)."""

    def __init__(
        self, start: datetime | None = None, changed: Callable[[], None] | None = None
    ) -> None:
        self._offset = 0.0 if start is None else start.timestamp() - time.time()
        self._stands: float | None = None
        self._target: float | None = None
        self._walker_seen = float("-inf")
        self._walkers_waiting = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self._changed = changed
        self.jumped = 0.0
        """Seconds by which this clock was moved on beyond the machine's, all jumps together."""

    def now(self) -> float:
        """Town time."""
        return time.time() + self._offset if self._stands is None else self._stands

    @property
    def walking(self) -> bool:
        """A jump is on its way."""
        return self._target is not None

    @property
    def walker_present(self) -> bool:
        """Somebody follows the clock right now."""
        return self._walkers_waiting > 0 or time.monotonic() - self._walker_seen < WALKER_PATIENCE

    def jump(self, seconds: float) -> None:
        """Ask for a moment that many seconds after now (or after the present target)."""
        if not seconds > 0:
            raise ValueError("A jump goes forward: seconds must be above zero.")
        goal = (self.now() if self._target is None else self._target) + seconds
        try:
            datetime.fromtimestamp(goal, UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise ValueError("That jump goes beyond the calendar.") from error
        if self.walker_present:
            self._stands = self.now()
            self._target = goal
        else:
            self._arrive(goal)
        self._tell()

    def walk(self, moment: float | None = None) -> None:
        """The walker's word: it is here, and has got as far as `moment`."""
        self._walker_seen = time.monotonic()
        if self._target is None or moment is None:
            return
        if moment >= self._target - 0.001:
            self._arrive(self._target)
        else:
            self._go_on(moment)
            self._stands = max(self.now(), moment)
        self._tell()

    def leave(self) -> None:
        """The walker is known to be gone: a jump under way arrives at once."""
        self._walker_seen = float("-inf")
        if self._target is not None:
            self._arrive(self._target)
            self._tell()

    def state(self) -> dict[str, Any]:
        """{"now": iso, "target": iso or None, "walking": bool}, in UTC."""
        return {
            "now": _iso(self.now()),
            "target": None if self._target is None else _iso(self._target),
            "walking": self.walking,
        }

    async def wait(self, seconds: float, *, walker: bool = False) -> dict[str, Any]:
        """The state as soon as the target changes, or after that many machine seconds."""
        if walker:
            self._walker_seen = time.monotonic()
            self._walkers_waiting += 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        target = self._target
        try:
            async with asyncio.timeout(seconds):
                while self._target == target:
                    await future
                    self._waiting.discard(future)
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(future)
            if walker:
                self._walkers_waiting -= 1
                self._walker_seen = time.monotonic()
        return self.state()

    def _go_on(self, moment: float) -> None:
        self.jumped += max(0.0, moment - self.now())

    def _arrive(self, goal: float) -> None:
        self._go_on(goal)
        self._offset = goal - time.time()
        self._stands = None
        self._target = None

    def _tell(self) -> None:
        for future in list(self._waiting):
            if not future.done():
                future.set_result(None)
        if self._changed is not None:
            self._changed()


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def moment_of(text: str) -> float:
    """Seconds since the epoch of an ISO 8601 moment with its zone; ValueError otherwise."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return value.timestamp()
