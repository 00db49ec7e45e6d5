"""One job that fails harms no other: it rests, and time walks past it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from actions.act import Act
from bot import heartbeat
from bot.heartbeat import Heart
from jobs.registry import JOBS, Result
from storage import due
from storage.due import Due
from storage.writer import Writer
from tests.actions.stage import Stage
from tests.conftest import TownClock
from tests.handclock import HandClock


class Quiet:
    """A courier or a house with nothing to wait for."""

    failed = None

    async def settle(self) -> None:
        return None

    def time_passed(self, seconds: float) -> None:
        return None


def fails(act: Act, row: Due) -> Result:
    raise ZeroDivisionError


def heart(writer: Writer, stage: Stage, clock: Any = None) -> Heart:
    house: Any = SimpleNamespace(
        writer=writer,
        world=stage.world,
        clock=clock,
        courier=Quiet(),
        settle=Quiet().settle,
        holder="me",
        failed=None,
    )
    return Heart(house)


@pytest.fixture
def stage(writer: Writer, clock: TownClock) -> Stage:
    return Stage(writer._database, clock)


async def test_a_job_that_fails_keeps_no_other_from_being_done(
    writer: Writer, stage: Stage, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def works(act: Act, row: Due) -> Result:
        done.append(row.subject)
        return Result(wrote=1)

    monkeypatch.setitem(JOBS, "fails", fails)
    monkeypatch.setitem(JOBS, "works", works)
    looked: list[Act] = []

    def look(act: Act) -> int:
        looked.append(act)
        return 0

    monkeypatch.setitem(heartbeat.LOOKS, "breaks", lambda act: 1 // 0)
    monkeypatch.setitem(heartbeat.LOOKS, "looks", look)
    for number, kind in enumerate(("fails", "works", "works")):
        await writer.write(
            lambda turn, n=number, k=kind: due.plan(turn.session, f"k{n}", k, n, clock())  # type: ignore[misc]
        )
    await heart(writer, stage)._scan()
    assert sorted(set(done)) == [1, 2] and looked
    with writer._database.read() as session:
        assert [row.subject for row in due.pending(session, clock())] == [0]


async def test_time_walks_past_a_job_that_fails(
    writer: Writer, stage: Stage, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(JOBS, "fails", fails)
    await writer.write(lambda turn: due.plan(turn.session, "k", "fails", 1, clock()))
    hand = HandClock(clock())
    monkeypatch.setattr(writer, "_now", hand.now)
    beating = heart(writer, stage, hand)
    moves: list[object] = []
    move = hand.move

    async def moved(moment: Any) -> None:
        moves.append(moment)
        assert len(moves) < 100, "time walks second by second"
        await move(moment)

    monkeypatch.setattr(hand, "move", moved)
    await beating._walk(clock() + timedelta(days=2))
    assert hand.now() == clock() + timedelta(days=2)
