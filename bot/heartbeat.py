"""Every second, and whenever something is due: renew the lease, do it, and walk town time to where
it is to be.

A jump is walked: at each moment something is due, it is done and its letters leave, then time
moves on. So two days at once still bring the reminder of the day before and then the last hour's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import jobs
from actions import drafts
from actions.act import Act, system_act
from handlers.half_done import reminder
from storage import due, inbox, lease
from storage.retention import Piece, Until, forget_letters
from storage.turn import Turn
from storage.writer import WriterClosed

if TYPE_CHECKING:
    from bot.house import House

log = logging.getLogger("cabildo.heartbeat")

KEEP_UPDATES = timedelta(days=2)
KEEP_LETTERS = timedelta(days=7)
KEEP_LISTS = timedelta(days=30)
KEEP_DUE = timedelta(days=90)
# Longer than what is due: nothing that is done twice may find its letters forgotten.
KEEP_KEYS = timedelta(days=180)
A_PIECE = 1000
CLEAN_EVERY = 3600.0
MOST_PIECES = 100_000
"""A scan that is not done after this many pieces has lost its way."""


def _nudge(act: Act) -> int:
    return drafts.nudge(act, reminder)


def _forget_piece(until: Until, after: int, turn: Turn) -> Piece:
    return forget_letters(turn.session, until, after, A_PIECE)


def _prune_piece(after: int, turn: Turn) -> Piece:
    return due.prune(turn.session, turn.now - KEEP_DUE, after, A_PIECE)


LOOKS: dict[str, Callable[[Act], int]] = {
    **{look.__name__: look for look in jobs.EVERY_BEAT},
    "expire": drafts.expire,
    "nudge": _nudge,
}
"""What is looked at on every beat, beside what is due."""


class _Rest:
    """What failed rests, longer each time, by its name; a restart wakes everybody up."""

    SHORTEST, LONGEST = 30.0, 3600.0

    def __init__(self) -> None:
        self._until: dict[int | str, tuple[float, float]] = {}

    def failed(self, name: int | str) -> None:
        """It is not tried again for a while (machine seconds)."""
        _, pause = self._until.get(name, (0.0, self.SHORTEST / 2))
        pause = min(2 * pause, self.LONGEST)
        self._until[name] = (time.monotonic() + pause, pause)

    def names(self) -> set[int | str]:
        """Who rests now."""
        now = time.monotonic()
        return {name for name, (until, _) in self._until.items() if until > now}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a piece did, when the next thing is due, and whether to look again at once.

    `turns` is how many turns the writer has done while nothing came after this one.
    """

    counts: dict[str, int]
    soonest: datetime | None
    more: bool
    turns: int


class Heart:
    """The beat. It is the tick of the courier's JobQueue; the record is rows, never the queue."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._cleaned = 0.0
        self._renewed = 0.0
        self._rest = _Rest()

    async def beat(self) -> float | None:
        """One tick; the seconds until the next thing is due, None when nothing is known to be."""
        await self._renew()
        found = await self._scan()
        target = await self._house.clock.target()
        if target is not None:
            await self._walk(target)
        await self._clean()
        if target is not None or found.soonest is None:
            return None
        left = (found.soonest - self._house.clock.now()).total_seconds()
        # What is due and not done waits for something else than time.
        return left if left > 0 else None

    async def _walk(self, target: datetime) -> None:
        house = self._house
        while True:
            await house.settle()
            found = await self._scan()
            await house.courier.settle()
            now = house.clock.now()
            if now >= target:
                return
            soonest = found.soonest
            if house.writer.turns != found.turns:
                # What letters or people have set going since may be due sooner.
                soonest = await house.writer.write(self._next)
            step = target if soonest is None else min(target, max(soonest, now))
            if step <= now:
                # Due but not done (it waits for something): let time pass it by a little.
                step = min(target, now + timedelta(seconds=1))
            await house.clock.move(step)
            house.courier.time_passed((step - now).total_seconds())
            await self._renew()
            if step >= target:
                await self._scan()
                await house.courier.settle()
                return

    def _next(self, turn: Turn) -> datetime | None:
        act = system_act(turn, self._house.world)
        asleep = self._rest.names()
        moments = [due.next_moment(turn.session, {n for n in asleep if isinstance(n, int)})]
        if not asleep & {"nudge", "expire"}:
            moments.append(drafts.next_moment(act))
        return min((m for m in moments if m), default=None)

    async def _scan(self) -> _Found:
        """Do everything that is due; what the last piece found."""
        for _ in range(MOST_PIECES):
            # A long roll takes longer than a lease.
            await self._renew()
            found = await self._once()
            if found.counts:
                log.info("jobs: %s", found.counts)
            if not found.more:
                return found
            # Others' turns go in between pieces.
            await asyncio.sleep(0)
        log.error("the scan of what is due does not end")
        return found

    async def _once(self) -> _Found:
        """One piece of everything; where it fails, each alone, so that only the guilty rests."""
        write = self._house.writer.write
        try:
            return await write(self._piece, alone=True)
        except WriterClosed:
            raise
        except Exception as error:
            log.error("a piece of the jobs failed (%s): each runs alone", type(error).__name__)
        counts: dict[str, int] = {}
        rows = await write(
            lambda turn: [(r.id, r.kind) for r in due.pending(turn.session, turn.now)]
        )
        alone: list[tuple[int | str, str, Callable[[Turn], dict[str, int]]]] = [
            (number, kind, partial(self._due, only=number)) for number, kind in rows if number
        ]
        alone += [(look, look, partial(self._look, look)) for look in LOOKS]
        for name, kind, work in alone:
            if name in self._rest.names():
                continue
            try:
                found = await write(work, alone=True)
            except WriterClosed:
                raise
            except Exception as error:
                log.error("%s failed (%s): it rests a while", kind, type(error).__name__)
                self._rest.failed(name)
                continue
            for key, number in found.items():
                counts[key] = counts.get(key, 0) + number
        soonest = await write(self._next)
        # Others' turns may have come after that one: it is asked again before time moves.
        return _Found(counts, soonest, bool(counts), turns=-1)

    def _piece(self, turn: Turn) -> _Found:
        counts = self._due(turn)
        asleep = self._rest.names()
        looked: dict[str, int] = {}
        for look in LOOKS:
            if look not in asleep:
                looked |= self._look(look, turn)
        # Asked in the same transaction: a step of a walk costs one, and no second one that finds
        # nothing to do.
        turn.flush()
        soonest = self._next(turn)
        more = bool(looked) or (bool(counts) and soonest is not None and soonest <= turn.now)
        return _Found(counts | looked, soonest, more, self._house.writer.turns + 1)

    def _due(self, turn: Turn, only: int | None = None) -> dict[str, int]:
        # What the turns before it in this batch have done counts.
        turn.flush()
        act = system_act(turn, self._house.world)
        asleep = self._rest.names()

        def held(row: due.Due) -> bool:
            if row.id in asleep or (only is not None and row.id != only):
                return True
            if not row.facts.get("waits"):
                return False
            # What was received after that moment keeps nothing from being done.
            late = max(0.0, (turn.now - row.at).total_seconds())
            return inbox.waiting_before(turn.session, turn.machine - late)

        return jobs.scan(act, held)

    def _look(self, name: str, turn: Turn) -> dict[str, int]:
        turn.flush()
        wrote = LOOKS[name](system_act(turn, self._house.world))
        return {name: wrote} if wrote else {}

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

        kept = now - KEEP_UPDATES.total_seconds()
        await self._house.writer.write(lambda turn: inbox.prune(turn.session, kept), alone=True)
        await self._in_pieces(_prune_piece)
        until = Until(
            letters=now - KEEP_LETTERS.total_seconds(),
            keys=now - KEEP_KEYS.total_seconds(),
            lists=now - KEEP_LISTS.total_seconds(),
        )
        await self._in_pieces(partial(_forget_piece, until))
        for tidy in jobs.HOURLY:
            try:
                await self._house.writer.write(partial(self._tidy, tidy), alone=True)
            except WriterClosed:
                raise
            except Exception as error:
                log.error("%s failed (%s)", tidy.__name__, type(error).__name__)
        await asyncio.to_thread(self._house.database.tidy)

    def _tidy(self, tidy: Callable[[Act], int], turn: Turn) -> int:
        turn.flush()
        return tidy(system_act(turn, self._house.world))

    async def _in_pieces(self, forget: Callable[[int, Turn], Piece]) -> None:
        """Go through a long table, a piece a commit."""
        after: int | None = 0
        while after is not None:
            piece = await self._house.writer.write(partial(forget, after), alone=True)
            after = piece.last
            await asyncio.sleep(0)
