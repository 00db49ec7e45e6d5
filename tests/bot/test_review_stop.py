"""The house stops also without its database, waits for a line, and keeps Telegram's order."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import DeleteWebhook
from sqlalchemy.exc import OperationalError

from bot.house import House
from bot.intake import Held, _queue
from courier.limits import Limits
from simulator.server import Simulator
from tests.conversations.conftest import settings_for


async def test_it_stops_while_the_disk_is_full(
    small_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writer.PAUSES", (0.05, 0.05))
    house = House(settings_for(small_url, sim.url), limits=Limits.off())
    await house.start()
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def broken(*_: Any, **__: Any) -> Any:
        raise OperationalError("x", None, full)

    monkeypatch.setattr(house.writer, "_transaction", broken)
    sim.person("Rosa").starts()
    async with asyncio.timeout(10):
        while not house.writer.down:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with asyncio.timeout(30):
        await house.stop()


async def test_a_line_that_is_down_is_waited_for(
    small_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(settings_for(small_url, sim.url), limits=Limits.off())
    failures = iter([True, False])
    waited: list[float] = []

    async def ask() -> str:
        if next(failures):
            raise TelegramNetworkError(method=DeleteWebhook(), message="no line")
        return "there"

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.house.asyncio.sleep", sleep)
    assert await house.patiently(ask) == "there" and waited == [1.0]
    monkeypatch.undo()
    await house.stop()


def test_a_lane_keeps_telegrams_order() -> None:
    lane: deque[Held] = deque()
    for number in (7, 9, -3, 8, 5, 10):
        _queue(lane, Held(number, 1, {}))
    # The first one is being applied; the answer that came stays where it is.
    assert [held.update_id for held in lane] == [7, 9, -3, 5, 8, 10]
