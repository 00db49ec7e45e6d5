"""A test waits for the thing itself, never for a moment that a slow machine may miss."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


async def until(true: Callable[[], Any], seconds: float = 20.0) -> None:
    """Wait until something holds. Raises TimeoutError when it takes longer."""
    async with asyncio.timeout(seconds):
        # What is waited for is any condition, and none of them tells of itself.
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
