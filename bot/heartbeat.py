"""Every second: renew the lease, do what is due, and walk town time to where it is to be.

A jump is walked: at each moment something is due, it is done and its letters leave, then time
moves on. So two days at once still bring the reminder of the day before and then the last hour's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import jobs
from actions import drafts
from actions.act import system_act
from handlers.talk import half_done
from storage import due, inbox, lease, letter
from storage.turn import Turn

if TYPE_CHECKING:
    from bot.house import House

log = logging.getLogger("cabildo.heartbeat")

KEEP_UPDATES = timedelta(days=2)
KEEP_LETTERS = timedelta(days=7)
KEEP_DUE = timedelta(days=90)
CLEAN_EVERY = 3600.0
MOST_PIECES = 100_000
"""A scan that is not done after this many pieces has lost its way."""


class Heart:
    """The beat. It is the tick of the courier's JobQueue; the record is rows, never the queue."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._cleaned = 0.0
        self._renewed = 0.0

    async def beat(self) -> None:
        """One tick."""
        await self._renew()
        await self._scan()
        target = await self._house.clock.target()
        if target is not None:
            await self._walk(target)
        await self._clean()

    async def _walk(self, target: datetime) -> None:
        house = self._house
        while True:
            await house.settle()
            await self._scan()
            await house.courier.settle()
            now = house.clock.now()
            if now >= target:
                return
            soonest = await house.writer.write(self._next)
            step = target if soonest is None else min(target, max(soonest, now))
            if step <= now:
                # Due but not done (it waits for something): let time pass it by a little.
                step = min(target, now + timedelta(seconds=1))
            await house.clock.move(step)
            await self._renew()
            if step >= target:
                await self._scan()
                await house.courier.settle()
                return

    def _next(self, turn: Turn) -> datetime | None:
        act = system_act(turn, self._house.world)
        moments = [m for m in (due.next_moment(turn.session), drafts.next_moment(act)) if m]
        return min(moments, default=None)

    async def _scan(self) -> None:
        house = self._house
        for _ in range(MOST_PIECES):
            counts = await house.writer.write(self._piece)
            if counts:
                log.info("jobs: %s", counts)
            if not counts:
                return
            # Others' turns go in between pieces.
            await asyncio.sleep(0)
        log.error("the scan of what is due does not end")

    def _piece(self, turn: Turn) -> dict[str, int]:
        # What the turns before it in this batch have done counts.
        turn.flush()
        act = system_act(turn, self._house.world)

        def held(at: datetime) -> bool:
            # What was received after that moment keeps nothing from being done.
            late = max(0.0, (turn.now - at).total_seconds())
            return inbox.waiting_before(turn.session, turn.machine - late)

        counts = jobs.scan(act, held)
        for look in jobs.EVERY_BEAT:
            wrote = look(act)
            if wrote:
                counts[look.__name__] = wrote
        expired = drafts.expire(act)
        if expired:
            counts["expire"] = expired
        nudged = drafts.nudge(act, half_done)
        if nudged:
            counts["nudge"] = nudged
        return counts

    async def _renew(self) -> None:
        house = self._house
        now = time.time()
        if now - self._renewed < 4:
            return
        from bot.house import LEASE, LEASE_SECONDS

        kept = await house.writer.write(
            lambda turn: lease.take(turn.session, LEASE, house.holder, now, LEASE_SECONDS)
        )
        self._renewed = now
        if not kept and house.failed is not None and not house.failed.done():
            house.failed.set_exception(
                RuntimeError("Another process took over this database: this one stops.")
            )

    async def _clean(self) -> None:
        now = time.time()
        if now - self._cleaned < CLEAN_EVERY:
            return
        self._cleaned = now

        def clean(turn: Turn) -> None:
            inbox.prune(turn.session, now - KEEP_UPDATES.total_seconds())
            letter.prune(turn.session, now - KEEP_LETTERS.total_seconds())
            due.prune(turn.session, turn.now - KEEP_DUE)
            act = system_act(turn, self._house.world)
            for tidy in jobs.HOURLY:
                tidy(act)

        await self._house.writer.write(clean)
