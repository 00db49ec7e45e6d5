"""Town time may jump, in the demo and in tests; machine time never: each is asked for by name.

A jump is walked: time moves to the next due moment, what is due is done and its letters leave,
then time moves on.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import aiohttp

log = logging.getLogger("cabildo.clock")


class NoClock(RuntimeError):
    """No simulator's clock answers at the address that was given."""


class Clock(Protocol):
    """Where town time comes from. `now` may be asked from any thread."""

    def now(self) -> datetime: ...

    async def target(self) -> datetime | None:
        """The moment to walk to, when time is to jump."""
        ...

    async def move(self, moment: datetime) -> None:
        """Time has been walked to this moment."""
        ...

    async def close(self) -> None: ...


class MachineClock:
    """A real town: the machine's time, which never jumps."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def target(self) -> datetime | None:
        return None

    async def move(self, moment: datetime) -> None:
        raise RuntimeError("the machine's clock is not ours to move")

    async def close(self) -> None:
        return None


class SimulatedClock:
    """The simulator's clock, followed over HTTP; `url` is the simulator's address.

    Between jumps it runs with the machine's; while a jump is walked it stands at the last moment
    reached. When the simulator does not answer, time goes on as it last was; where it has never
    answered, `target` raises NoClock.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._lock = threading.Lock()
        self._offset = timedelta(0)
        self._standing: datetime | None = None
        self._answers: bool | None = None

    def now(self) -> datetime:
        with self._lock:
            if self._standing is not None:
                return self._standing
            return datetime.now(UTC) + self._offset

    async def target(self) -> datetime | None:
        state = await self._call("walk", {"now": self.now().isoformat()})
        if state is None:
            return None
        now, target = state
        with self._lock:
            if target is None:
                self._offset = now - datetime.now(UTC)
                self._standing = None
                return None
            self._standing = max(now, self._standing or now)
        return target

    async def move(self, moment: datetime) -> None:
        with self._lock:
            self._standing = moment
        await self._call("walk", {"now": moment.isoformat()})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _call(
        self, what: str, body: dict[str, Any]
    ) -> tuple[datetime, datetime | None] | None:
        """The moment it stands at, and the one to walk to; None where there is no answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        try:
            async with self._session.post(f"{self._url}/sim/clock/{what}", json=body) as answer:
                answer.raise_for_status()
                state = _moments(await answer.json())
        except (aiohttp.ClientError, TimeoutError, ValueError):
            if self._answers is None:
                raise NoClock("no simulator's clock answers") from None
            if self._answers:
                log.warning("the simulator's clock does not answer: time goes on without it")
            self._answers = False
            return None
        self._answers = True
        return state


def _moments(state: Any) -> tuple[datetime, datetime | None]:
    """Raises ValueError for what is no clock's."""
    try:
        now, target = state["now"], state.get("target")
        return (
            datetime.fromisoformat(now).astimezone(UTC),
            None if target is None else datetime.fromisoformat(target).astimezone(UTC),
        )
    except (KeyError, TypeError, AttributeError):
        raise ValueError("that is no clock") from None
