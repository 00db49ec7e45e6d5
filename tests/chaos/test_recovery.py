"""An update that fails again and again keeps nobody else waiting, not even while the bot starts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from bot import intake
from bot.intake import Held, Intake
from storage import inbox
from storage.writer import Writer

POISON, HEALTHY, BEHIND = 1, 2, 3


async def _left_over(writer: Writer, tried: Sequence[int]) -> None:
    """Three updates in two chats, kept by a process that died; `tried` ones for a second time."""
    arrivals = [
        inbox.Arrival(POISON, 10, "message", None, {}),
        inbox.Arrival(HEALTHY, 20, "message", None, {}),
        inbox.Arrival(BEHIND, 10, "message", None, {}),
    ]
    await writer.write(lambda turn: inbox.keep(turn.session, arrivals, time.time()))
    await writer.write(lambda turn: inbox.count_attempt(turn.session, tried))


@pytest.mark.parametrize("tried", [[], [POISON], [POISON, HEALTHY, BEHIND]])
async def test_a_start_waits_for_no_retry(writer: Writer, tried: list[int]) -> None:
    await _left_over(writer, tried)
    applied: list[int] = []

    async def apply(held: Held) -> bool:
        if held.update_id == POISON:
            raise ValueError("nobody can read this")
        await writer.write(lambda turn: turn.done(held.update_id))
        applied.append(held.update_id)
        return True

    house = Intake(writer, apply, lambda held, turn: None)
    async with asyncio.timeout(3):
        await house.recover()
    assert applied == [HEALTHY]
    assert house.waiting == 2
    async with asyncio.timeout(3):
        await house.stop()


async def test_a_chat_goes_on_in_order_once_its_poison_is_set_aside(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "RETRIES", (0.0, 0.0, 0.0))
    await _left_over(writer, [])
    seen: list[int] = []

    async def apply(held: Held) -> bool:
        seen.append(held.update_id)
        if held.update_id == POISON:
            raise ValueError("nobody can read this")
        await writer.write(lambda turn: turn.done(held.update_id))
        return True

    sorry: list[int] = []
    house = Intake(writer, apply, lambda held, turn: sorry.append(held.update_id))
    await house.recover()
    await house.settle()
    assert sorry == [POISON]
    assert [number for number in seen if number != POISON] == [HEALTHY, BEHIND]
    assert seen[-1] == BEHIND
    left = await writer.write(lambda turn: inbox.leftovers(turn.session))
    assert left == []
    await house.stop()
