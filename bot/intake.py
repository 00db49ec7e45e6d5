"""Updates are in the inbox, committed, before Telegram is told that we have them.

Each chat is a lane: its updates are applied in order, one after the other, and a retry holds only
its lane. What fails again and again is set aside, and the person is told. The database's own
failures never count: the writer waits them out.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.types import Update

from storage import inbox
from storage.inbox import Arrival
from storage.turn import Turn
from storage.writer import Writer, WriterClosed

RETRIES = (1.0, 5.0, 30.0)
"""Pauses before an update is tried again, in seconds of machine time."""

CONFLICT = 409
"""What Telegram answers to one of two that fetch the same bot's updates."""

MOST_HELD = 2000
"""With this many updates unapplied, no more are fetched: Telegram keeps them for us."""

log = logging.getLogger("cabildo.intake")


@dataclass(frozen=True, slots=True)
class Held:
    """An update that is in the inbox and not applied yet.

    `received` is machine time (epoch s); `at` is town time then, unknown after a restart.
    """

    update_id: int
    lane: int
    payload: dict[str, Any]
    attempts: int = 0
    received: float | None = None
    at: datetime | None = None


def _queue(lane: deque[Held], held: Held) -> None:
    """Put an update into its place: a webhook may bring two of a chat in the wrong order.

    The first of a lane is being applied, and a courier's answer (a negative number) has no order.
    """
    place = len(lane)
    while place > 1 and 0 < held.update_id < lane[place - 1].update_id:
        place -= 1
    lane.insert(place, held)


def _held(row: inbox.Leftover, attempts: int) -> Held:
    return Held(row.update_id, row.lane, row.payload, attempts, row.received)


Apply = Callable[[Held], Awaitable[bool]]
"""Applies an update; whether a transaction has marked it done."""

GiveUp = Callable[[Held, Turn], None]
"""Says sorry for an update that is being set aside, in that transaction."""


def arrival_of(update: dict[str, Any]) -> Arrival:
    """What the inbox keeps of an update as Telegram sent it; however odd it is, it is kept."""
    kind = next((name for name in update if name != "update_id"), "unknown")
    content = _object(update.get(kind))
    tap = None
    if kind == "callback_query":
        number = content.get("id")
        # A text that no database refuses, and nothing where there is none: no two are the same.
        tap = str(number).replace("\0", "") if isinstance(number, str | int) else None
        chats = (_object(content.get("message")).get("chat"), content.get("from"))
    elif kind == "chat_join_request":
        chats = (content.get("from"), None)
    else:
        chats = (content.get("chat"), content.get("from") or content.get("user"))
    lane = next((chat["id"] for chat in map(_object, chats) if _is_number(chat.get("id"))), 0)
    return Arrival(int(update["update_id"]), lane, kind, tap or None, update)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_number(value: Any) -> bool:
    """Whether it can be the number of a chat."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


class Intake:
    """The lanes, and what is fed to them."""

    def __init__(self, writer: Writer, apply: Apply, give_up: GiveUp) -> None:
        self._writer = writer
        self._apply = apply
        self._give_up = give_up
        self._lanes: dict[int, deque[Held]] = {}
        self._held: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._room.set()
        self._idle = asyncio.Event()
        self._idle.set()
        # Lanes whose first update has failed and waits to be tried again.
        self._resting: set[int] = set()
        self._tried = asyncio.Event()
        self._tried.set()
        self._stopping = False
        self._stop = asyncio.Event()
        self.unhandled = 0
        self.aside = 0
        self.applied = 0

    @property
    def waiting(self) -> int:
        """How many updates are held and not applied."""
        return len(self._held)

    async def accept(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep these updates, committed, and feed those that are new to their lanes."""
        arrivals = [arrival_of(update) for update in updates]
        received = time.time()

        def keep(turn: Turn) -> tuple[list[Arrival], datetime]:
            fresh = inbox.keep(turn.session, arrivals, received)
            if turn.again:
                # The commit before may have kept them: whatever is still waiting is ours to feed.
                waiting = inbox.still_waiting(turn.session, [a.update_id for a in arrivals])
                fresh = [a for a in arrivals if a.update_id in waiting]
            return fresh, turn.now

        kept, at = await self._writer.write(keep)
        for arrival in kept:
            self._feed(
                Held(arrival.update_id, arrival.lane, arrival.payload, received=received, at=at)
            )

    async def recover(self) -> None:
        """Feed what was accepted and not applied before a crash, in Telegram's order.

        The first time these are tried again together; what was already tried again goes alone, so
        that an update which kills the process cannot take its neighbours' attempts with it. Returns
        once each lane has been tried: one that waits for its next try keeps nobody waiting.
        """

        def read(turn: Turn) -> list[inbox.Leftover]:
            rows = inbox.leftovers(turn.session)
            inbox.count_attempt(turn.session, [r.update_id for r in rows if r.attempts == 0])
            return rows

        rows = [row for row in await self._writer.write(read) if row.update_id not in self._held]
        suspects = sorted({row.lane for row in rows if row.attempts > 0})
        for row in rows:
            if row.lane not in suspects:
                self._feed(_held(row, row.attempts + 1))
        await self._tried.wait()
        for row in rows:
            if row.lane not in suspects:
                continue
            held = _held(row, row.attempts + 1)
            if row.attempts > 0:
                await self._count(row.update_id)
            self._feed(held)
            await self._tried.wait()

    async def answers(self) -> None:
        """Feed what the courier put into the inbox: answers that a letter asked for."""

        def read(turn: Turn) -> list[inbox.Leftover]:
            return inbox.leftovers(turn.session, only_answers=True)

        for row in await self._writer.write(read):
            self._feed(_held(row, row.attempts))

    async def room(self) -> None:
        """Wait until more updates may be fetched."""
        await self._room.wait()

    async def settle(self) -> None:
        """Wait until every lane is empty."""
        await self._until_idle()

    async def stop(self) -> None:
        """Let the turns that run end; what is still in a lane stays in the inbox."""
        self._stopping = True
        self._stop.set()
        tasks = list(self._tasks)
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=5)
            for task in slow:
                task.cancel()

    def _feed(self, held: Held) -> None:
        if held.update_id in self._held or self._stopping:
            return
        self._held.add(held.update_id)
        self._idle.clear()
        if held.lane not in self._resting:
            self._tried.clear()
        if len(self._held) >= MOST_HELD:
            self._room.clear()
        lane = self._lanes.get(held.lane)
        if lane is not None:
            _queue(lane, held)
            return
        self._lanes[held.lane] = deque([held])
        task = asyncio.create_task(self._walk(held.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, number: int) -> None:
        lane = self._lanes[number]
        try:
            while lane and not self._stopping:
                held = lane[0]
                await self._one(held)
                lane.popleft()
                self._held.discard(held.update_id)
                if len(self._held) < MOST_HELD // 2:
                    self._room.set()
        except WriterClosed:
            pass
        finally:
            for held in lane:
                self._held.discard(held.update_id)
            del self._lanes[number]
            self._look_round()
            if not self._held:
                self._idle.set()
                self._room.set()

    async def _one(self, held: Held) -> None:
        attempts = held.attempts
        while True:
            # An update that has failed before this start has had its tries counted already.
            if attempts > len(RETRIES):
                await self._set_aside(held, "tried too often")
                return
            try:
                if not await self._apply(held):
                    self.unhandled += 1
                    await self._writer.write(lambda turn: turn.done(held.update_id))
                self.applied += 1
                return
            except WriterClosed:
                raise
            except Exception as error:
                # Its values may be somebody's words: only the kind of failure is told.
                log.error("update %d failed: %s", held.update_id, type(error).__name__)
                where = "".join(traceback.format_tb(error.__traceback__))
                log.debug("update %d failed here:\n%s", held.update_id, where)
                if attempts >= len(RETRIES):
                    await self._set_aside(held, type(error).__name__)
                    return
                await self._count(held.update_id)
                await self._rest(held.lane, RETRIES[attempts])
                attempts += 1

    async def _rest(self, lane: int, seconds: float) -> None:
        """A pause that holds only this lane. Raises WriterClosed when it is time to stop."""
        self._resting.add(lane)
        self._look_round()
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
            raise WriterClosed
        except TimeoutError:
            return
        finally:
            self._resting.discard(lane)
            self._tried.clear()

    def _look_round(self) -> None:
        if len(self._resting) >= len(self._lanes):
            self._tried.set()

    async def _count(self, update_id: int) -> None:
        await self._writer.write(lambda turn: inbox.count_attempt(turn.session, [update_id]))

    async def _set_aside(self, held: Held, error: str) -> None:
        self.aside += 1

        def give_up(turn: Turn) -> None:
            inbox.set_aside(turn.session, held.update_id, error)
            self._give_up(held, turn)

        await self._writer.write(give_up)

    async def _until_idle(self) -> None:
        if self._held:
            await self._idle.wait()


class Poller:
    """Long polling: what the last batch held is in the inbox before the next one confirms it."""

    WAIT = 25

    def __init__(
        self,
        fetch: Callable[[int | None, int], Awaitable[list[dict[str, Any]]]],
        intake: Intake,
        is_fatal: Callable[[Exception], str | None],
    ) -> None:
        self._fetch = fetch
        self._intake = intake
        self._is_fatal = is_fatal
        self._offset: int | None = None
        self.last_answer: float | None = None

    async def run(self) -> None:
        """Poll until cancelled. Raises RuntimeError for what waiting will not mend."""
        pause = 0.5
        while True:
            await self._intake.room()
            try:
                updates = await self._fetch(self._offset, self.WAIT)
            except Exception as error:
                fatal = self._is_fatal(error)
                if fatal:
                    raise RuntimeError(fatal) from None
                if getattr(error, "code", None) == CONFLICT:
                    log.error("Another program fetches this bot's updates: one of the two must end")
                log.warning("no updates: %s; again in %.1f s", type(error).__name__, pause)
                wait = max(pause, float(getattr(error, "retry_after", 0.0)))
                await asyncio.sleep(wait)
                pause = min(pause * 2, 15.0)
                continue
            pause = 0.5
            self.last_answer = time.time()
            if updates:
                await self._intake.accept(updates)
                self._offset = max(int(update["update_id"]) for update in updates) + 1


def parse(bot: Bot, payload: dict[str, Any]) -> Update:
    """An update as aiogram's types, bound to its bot so that it is parsed once."""
    return Update.model_validate(payload, context={"bot": bot})
