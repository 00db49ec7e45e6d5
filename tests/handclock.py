"""Town time that goes by hand: a test says when it moves on, and the heartbeat walks there."""

from __future__ import annotations

from datetime import datetime, timedelta


class HandClock:
    """It stands still until somebody asks it to jump."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._target: datetime | None = None

    def now(self) -> datetime:
        return self._now

    def jump(self, span: timedelta) -> None:
        """Ask for time to move on; the heartbeat walks there."""
        self._target = (self._target or self._now) + span

    @property
    def arrived(self) -> bool:
        return self._target is None

    async def target(self) -> datetime | None:
        return self._target

    async def move(self, moment: datetime) -> None:
        self._now = max(self._now, moment)
        if self._target is not None and self._now >= self._target:
            self._target = None

    async def close(self) -> None:
        return None
