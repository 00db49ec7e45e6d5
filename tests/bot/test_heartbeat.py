"""A step of a walk costs one write, and every job still runs at its own moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from actions.act import Act
from bot.heartbeat import Heart
from jobs.registry import JOBS, Result
from storage import due
from storage.due import Due
from storage.turn import Turn
from storage.writer import Writer
from tests.actions.stage import Stage
from tests.conftest import TownClock
from tests.handclock import HandClock

HOUR = timedelta(hours=1)


class Walk:
    """A heart on a clock of its own; `ran` holds (subject, the moment it was to run, when it did).

    `leaving` is awaited whenever the courier is asked to let its letters leave.
    """

    def __init__(self, writer: Writer, stage: Stage, now: datetime) -> None:
        self.writer = writer
        self.begins = now
        self.clock = HandClock(now)
        self.ran: list[tuple[int, datetime, datetime]] = []
        self.leaving: Callable[[], Awaitable[None]] | None = None
        house: Any = SimpleNamespace(
            writer=writer,
            world=stage.world,
            clock=self.clock,
            courier=SimpleNamespace(settle=self._leave, time_passed=lambda seconds: None),
            settle=self._nothing,
            holder="me",
            failed=None,
        )
        self.heart = Heart(house)

    async def _nothing(self) -> None:
        return None

    async def _leave(self) -> None:
        if self.leaving is not None:
            await self.leaving()

    def runs(self, act: Act, row: Due) -> Result:
        """What the job "notes" does."""
        self.ran.append((row.subject, row.at, act.now))
        return Result(wrote=1)

    async def plan(self, subject: int, hours: float, kind: str = "notes") -> None:
        def plan(turn: Turn) -> None:
            at = self.begins + hours * HOUR
            due.plan(turn.session, f"{kind}:{subject}", kind, subject, at)

        await self.writer.write(plan)

    async def to(self, hours: float) -> int:
        """Walk there; how many turns the writer did on the way."""
        before = self.writer.turns
        await self.heart._walk(self.begins + hours * HOUR)
        assert self.clock.now() == self.begins + hours * HOUR
        return self.writer.turns - before

    @property
    def in_time(self) -> bool:
        return all(at == ran for _, at, ran in self.ran)


@pytest.fixture
def walk(writer: Writer, clock: TownClock, monkeypatch: pytest.MonkeyPatch) -> Walk:
    one = Walk(writer, Stage(writer._database, clock), clock())
    monkeypatch.setattr(writer, "_now", one.clock.now)
    monkeypatch.setitem(JOBS, "notes", one.runs)
    return one


async def test_a_step_costs_one_write(walk: Walk) -> None:
    for hour in range(1, 41):
        await walk.plan(hour, hour)
    turns = await walk.to(48)
    assert [subject for subject, _, _ in walk.ran] == list(range(1, 41))
    assert walk.in_time
    # One at the beginning, one for each step and the last; now and then the lease.
    assert turns < 40 + 2 + 10


async def test_what_is_planned_while_letters_leave_is_done_at_its_moment(walk: Walk) -> None:
    await walk.plan(1, 1)
    await walk.plan(2, 10)
    wanted = [3, 4]

    async def answered() -> None:
        if walk.ran and wanted:
            subject = wanted.pop(0)
            await walk.plan(subject, subject)

    walk.leaving = answered
    await walk.to(12)
    assert [subject for subject, _, _ in walk.ran] == [1, 3, 4, 2]
    assert walk.in_time


async def test_what_a_job_plans_for_at_once_is_done_before_time_moves(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins(act: Act, row: Due) -> Result:
        due.plan(act.session, "at once", "notes", 7, act.now)
        due.plan(act.session, "soon", "notes", 8, act.now + timedelta(seconds=1))
        return Result(wrote=1)

    monkeypatch.setitem(JOBS, "begins", begins)
    await walk.plan(1, 1, "begins")
    await walk.plan(9, 5)
    await walk.to(6)
    assert [subject for subject, _, _ in walk.ran] == [7, 8, 9]
    assert walk.in_time


async def test_another_turn_of_the_same_batch_is_heard(walk: Walk) -> None:
    """What is planned in the very transaction of a piece, after it, is not walked past."""
    piece = walk.heart._piece
    together: list[bool] = []

    def plan(turn: Turn) -> None:
        due.plan(turn.session, "notes:2", "notes", 2, walk.begins + 2 * HOUR)

    def with_another(turn: Turn) -> Any:
        found = piece(turn)
        if not together:
            # As the writer does with two turns of one batch.
            plan(turn)
            walk.writer.turns += 1
            together.append(True)
        return found

    walk.heart._piece = with_another  # type: ignore[method-assign]
    await walk.plan(3, 9)
    await walk.to(10)
    assert [subject for subject, _, _ in walk.ran] == [2, 3]
    assert walk.in_time


async def test_a_walk_with_nothing_to_do_is_short(walk: Walk) -> None:
    assert await walk.to(28 * 24) < 6
