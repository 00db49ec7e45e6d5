"""Telegram's limits are kept on our side, in machine time, whatever the round trip takes.

A slot is free again one second after the answer to the send that held it, so that no second on
Telegram's side ever sees more than the limit. Whoever sends takes a slot first and picks the
letter after, or "stop" would not stop. This only ever waits: it never sends anything again.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.ext import BaseRateLimiter

from courier.request import TooMany

# What Telegram never counts against the message limits.
FREE = frozenset(
    name.lower()
    for name in (
        "answerCallbackQuery", "createChatInviteLink", "getChat", "getChatMember", "getFile",
        "getMe", "sendChatAction", "setMyCommands",
    )
)  # fmt: skip
# A slot is taken, and its letter claimed, so long before it is free: the claim's commit then costs
# no time of the slot's. It is also how much earlier than needed a letter is beyond "stop".
AHEAD_S = 0.03
# A pause ends a little late rather than a little early.
MARGIN_S = 0.05
# For so long after a pause even replies leave evenly spaced: no herd.
GENTLE_S = 3.0
PRUNE_CHATS = 5000


@dataclass(frozen=True, slots=True)
class Limits:
    """`per_second` sends at once (seconds are sliding); `burst` then one a second to a person;
    `group` sends in any `group_window_s` seconds to a group. `enforced` False keeps only
    `per_second` as how many may be under way at once."""

    per_second: int = 30
    burst: int = 3
    group: int = 20
    group_window_s: float = 60.0
    enforced: bool = True

    @staticmethod
    def off(under_way: int = 64) -> Limits:
        """No limits, for benches and tests; `under_way` sends at once."""
        return Limits(per_second=under_way, enforced=False)


TELEGRAM = Limits()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a send of the courier carries through python-telegram-bot: whose turn it is."""

    lane: int
    chat_id: int
    weight: int = 1


class Limiter(BaseRateLimiter[Ticket]):
    """Slots for the whole token, a pace for each chat, and the pause that Telegram asked for.

    All moments are `clock()`'s, in seconds (monotonic by default)."""

    def __init__(self, limits: Limits = TELEGRAM, clock: Callable[[], float] = time.monotonic):
        self.limits = limits
        self._clock = clock
        self._ahead = AHEAD_S if limits.enforced else 0.0
        self._taken = 0
        # Moments at which a slot that has been answered is free again.
        self._resting: list[float] = []
        self._people: dict[int, float] = {}
        self._groups: dict[int, deque[float]] = {}
        # Even spacing of what is not a reply: the moment the next one is due.
        self._due = 0.0
        self._gentle_until = 0.0
        self.paused_until = 0.0
        self.pauses = 0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    # Slots.

    def free(self) -> bool:
        """Whether a slot may be taken now: it is free, or will be within AHEAD_S."""
        now = self._clock()
        if now < self.paused_until:
            return False
        return self._available(now) > 0 or bool(
            self._resting and self._resting[0] <= now + self._ahead
        )

    def _available(self, now: float) -> int:
        while self._resting and self._resting[0] <= now:
            heapq.heappop(self._resting)
        return self.limits.per_second - self._taken - len(self._resting)

    def next_free(self) -> float | None:
        """When a slot may be taken again; None while only an answer can free one."""
        if self._clock() < self.paused_until:
            return self.paused_until
        return self._resting[0] - self._ahead if self._resting else None

    def pace(self, lane: int) -> float:
        """When a slot may be taken for this lane at the earliest: all are evenly spaced but
        replies, which wait for nothing but a slot (save just after a pause)."""
        if not self._spaced(lane, self._clock()):
            return 0.0
        return self._due - self._ahead

    def _spaced(self, lane: int, now: float) -> bool:
        return self.limits.enforced and (lane > 0 or now < self._gentle_until)

    def take(self, lane: int) -> float:
        """Take a slot (see `free`) for a letter about to be picked; nothing may leave with it
        before the moment returned (a past one: now)."""
        now = self._clock()
        moment = heapq.heappop(self._resting) if self._available(now) <= 0 else 0.0
        self._taken += 1
        if self._spaced(lane, now):
            step = 1.0 / self.limits.per_second
            # Late by a few steps is caught up with; late by more is not.
            behind = 0.0 if now < self._gentle_until else 3 * step
            begin = max(self._due, now - behind)
            self._due = begin + step
            moment = max(moment, begin)
        return moment

    def give_back(self, lane: int, moment: float) -> None:
        """The slot was not used, nothing was sent; `moment` is what `take` gave."""
        now = self._clock()
        self._taken -= 1
        if moment > now:
            heapq.heappush(self._resting, moment)
        if self._spaced(lane, now):
            self._due -= 1.0 / self.limits.per_second

    async def widen(self, ticket: Ticket) -> None:
        """An album counts for as many messages as it holds: wait until its other slots, and its
        group, allow them. What is free in the meantime goes to nobody else."""
        self._taken += ticket.weight - 1
        while (wait := self._too_wide(ticket)) > 0:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def _too_wide(self, ticket: Ticket) -> float:
        if not self.limits.enforced:
            return 0.0
        now = self._clock()
        if self._available(now) < 0 and self._resting:
            return max(0.001, self._resting[0] - now)
        return self.chat_free(ticket.chat_id, ticket.weight) - now

    def answered(self, ticket: Ticket) -> None:
        """The send that held a slot is over; its chat's pace counts from now."""
        self._taken -= ticket.weight
        if not self.limits.enforced:
            return
        now = self._clock()
        for _ in range(ticket.weight):
            heapq.heappush(self._resting, now + 1.0)
        self._count(ticket.chat_id, now, ticket.weight)

    # Chats.

    def _count(self, chat_id: int, now: float, weight: int) -> None:
        if chat_id < 0:
            sent = self._groups.setdefault(chat_id, deque(maxlen=self.limits.group))
            sent.extend([now] * weight)
        else:
            self._people[chat_id] = max(self._people.get(chat_id, 0.0), now) + 1.0 * weight
        if len(self._people) + len(self._groups) > PRUNE_CHATS:
            self._prune(now)

    def chat_free(self, chat_id: int, weight: int = 1) -> float:
        """When this chat may hear `weight` messages at the earliest (a past moment: now)."""
        if not self.limits.enforced:
            return 0.0
        if chat_id >= 0:
            return self._people.get(chat_id, 0.0) - (self.limits.burst - 1)
        sent = self._groups.get(chat_id)
        over = len(sent or ()) + weight - self.limits.group
        if sent is None or over <= 0:
            return 0.0
        return sent[min(over, len(sent)) - 1] + self.limits.group_window_s

    def _prune(self, now: float) -> None:
        self._people = {c: due for c, due in self._people.items() if due > now}
        window = self.limits.group_window_s
        self._groups = {c: sent for c, sent in self._groups.items() if sent[-1] + window > now}

    def passed(self, seconds: float) -> None:
        """Time itself was moved on by so much, there where messages are counted: what was sent
        before is that much longer ago. A pause that was asked for lasts as long as it lasts."""
        self._resting = [moment - seconds for moment in self._resting]
        self._people = {chat: due - seconds for chat, due in self._people.items()}
        for chat, sent in self._groups.items():
            self._groups[chat] = deque((at - seconds for at in sent), maxlen=sent.maxlen)
        self._due = max(self._due - seconds, self.paused_until)

    # Pauses.

    def pause(self, seconds: float) -> None:
        """Nothing leaves for so long; afterwards everything leaves evenly spaced for a while."""
        until = self._clock() + seconds + MARGIN_S
        self.paused_until = max(self.paused_until, until)
        self._gentle_until = max(self._gentle_until, self.paused_until + GENTLE_S)
        self._due = max(self._due, self.paused_until)
        self.pauses += 1

    # What python-telegram-bot calls.

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Ticket | None,
    ) -> Any:
        """Make the request and return its result. A courier's send brings its slot along;
        anything else that counts waits for one here. Never tries again."""
        await self.out_of_pause()
        own = None
        if rate_limit_args is None and endpoint.lower() not in FREE:
            chat = data.get("chat_id")
            own = Ticket(0, chat if isinstance(chat, int) else 0)
            while not self.free():
                due = self.next_free()
                await asyncio.sleep(0.02 if due is None else max(0.001, due - self._clock()))
            await self.until(self.take(0))
        try:
            return await callback(*args, **kwargs)
        except TooMany as error:
            self.pause(error.seconds)
            raise
        finally:
            if own is not None:
                self.answered(own)

    async def until(self, moment: float) -> None:
        """Wait for the moment that `take` gave."""
        wait = moment - self._clock()
        if wait > 0:
            await asyncio.sleep(wait)

    async def out_of_pause(self) -> None:
        """Wait until Telegram's pause, if there is one, has passed."""
        # A pause may grow while it is waited for.
        while (left := self.paused_until - self._clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)
