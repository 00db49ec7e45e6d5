"""The heartbeat ticks, late rather than never, never twice at once, whatever a tick does."""

from __future__ import annotations

import asyncio
import logging

import pytest
from telegram.ext import ExtBot

from courier.heartbeat import Heartbeat


async def test_it_begins_at_once_and_comes_sooner_when_asked_to() -> None:
    moments: list[float] = []
    enough = asyncio.Event()
    begun = asyncio.get_running_loop().time()

    async def tick() -> float | None:
        moments.append(asyncio.get_running_loop().time() - begun)
        if len(moments) == 3:
            enough.set()
        # The second one is wanted soon; the third as late as may be.
        return 0.1 if len(moments) == 1 else 900.0

    heartbeat = Heartbeat(ExtBot("1:AA"), tick, every=0.6)
    await heartbeat.start()
    await enough.wait()
    await heartbeat.stop()
    first, second, third = moments[:3]
    assert first < 0.5 and 0.1 <= second - first < 0.5
    assert third - second >= 0.5, "it comes as seldom as it was told, and never more seldom"


async def test_a_tick_that_fails_or_takes_long_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    running = most = begun = 0

    async def tick() -> None:
        nonlocal running, most, begun
        begun += 1
        running += 1
        most = max(most, running)
        try:
            if begun == 1:
                raise RuntimeError("Rosa's secret")
            await asyncio.sleep(0.12)
        finally:
            running -= 1

    heartbeat = Heartbeat(ExtBot("1:AA"), tick, every=0.05)
    await heartbeat.start()
    await asyncio.sleep(0.8)
    await heartbeat.stop()
    assert most == 1
    assert heartbeat.failures == 1
    assert heartbeat.ticks >= 3
    stopped = begun
    await asyncio.sleep(0.15)
    assert begun == stopped
    logged = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert [r.getMessage() for r in logged] == ["a tick failed (RuntimeError)"]


async def test_a_tick_that_never_ends_does_not_hold_up_the_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("courier.heartbeat.PATIENCE_S", 0.2)
    begun = asyncio.Event()

    async def tick() -> None:
        begun.set()
        await asyncio.Event().wait()

    heartbeat = Heartbeat(ExtBot("1:AA"), tick, every=0.05)
    await heartbeat.start()
    await begun.wait()
    async with asyncio.timeout(2):
        await heartbeat.stop()
