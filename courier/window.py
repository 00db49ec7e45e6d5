"""What is owed, as much of it as fits in memory: who is next, and who has to wait for what.

Only numbers are kept here, never what a letter says. Order within a chat's lane is the letters'
numbers: while its first letter waits, the later ones wait behind it. One letter a chat is under
way at a time.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

LANES = 3


@dataclass(slots=True)
class _Chat:
    """A chat's letters by lane, oldest first; `until` is when a lane's first may be tried."""

    queues: tuple[deque[int], ...] = field(
        default_factory=lambda: tuple(deque() for _ in range(LANES))
    )
    until: list[float] = field(default_factory=lambda: [0.0] * LANES)
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """The letter that is next."""

    letter_id: int
    chat_id: int
    lane: int


class Window:
    """At most `most` letters a lane; the table holds the rest (see `more` and `room`).

    `free_at(chat)` says when Telegram's limits allow that chat another message; moments are all
    of the same clock.
    """

    def __init__(self, free_at: Callable[[int], float], most: int = 4000) -> None:
        self._free_at = free_at
        self._most = most
        self._chats: dict[int, _Chat] = {}
        # (first letter, chat) by lane: chats that may be ready; checked when they are popped.
        self._ready: tuple[list[tuple[int, int]], ...] = tuple([] for _ in range(LANES))
        # (moment, chat): chats that have to wait until then.
        self._waiting: list[tuple[float, int]] = []
        self.size = [0] * LANES
        self.high = [0] * LANES
        # At first nothing is known: the table is read from its beginning.
        self.more = [True] * LANES
        self._seen = [0] * LANES
        self.busy = 0

    def add(self, letter_id: int, chat_id: int, lane: int, until: float = 0.0) -> None:
        """A letter is owed. Without room the lane only remembers that the table holds more."""
        if letter_id <= self.high[lane]:
            return
        self._seen[lane] = max(self._seen[lane], letter_id)
        if self.more[lane] or self.size[lane] >= self._most:
            self.more[lane] = True
            return
        self.high[lane] = letter_id
        self._put(letter_id, chat_id, lane, until)

    def read_on(self) -> None:
        """The table may hold letters nobody told of: it is read from the last one known."""
        self.more = [True] * LANES

    def room(self, lane: int) -> int:
        """How many letters of this lane to read from the table now; 0 while none are needed."""
        if not self.more[lane] or self.size[lane] > self._most // 4:
            return 0
        return self._most - self.size[lane]

    def seen(self, lane: int) -> int:
        """The highest letter of this lane heard of so far: to be asked before a reading."""
        return self._seen[lane]

    def refill(
        self, lane: int, rows: Iterable[tuple[int, int, float]], *, seen: int, more: bool
    ) -> None:
        """Letters read from the table, as (id, chat, until); `more` when it holds others yet,
        `seen` what was heard of before the reading: all of that is in it, or settled."""
        for letter_id, chat_id, until in rows:
            if letter_id > self.high[lane]:
                self.high[lane] = letter_id
                self._put(letter_id, chat_id, lane, until)
        if not more:
            self.high[lane] = max(self.high[lane], seen)
        # What came while the table was read may be younger than that reading.
        self.more[lane] = more or self._seen[lane] > self.high[lane]

    def _put(self, letter_id: int, chat_id: int, lane: int, until: float) -> None:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat()
        queue = chat.queues[lane]
        queue.append(letter_id)
        self.size[lane] += 1
        if len(queue) == 1:
            chat.until[lane] = until
            if not chat.busy:
                heapq.heappush(self._ready[lane], (letter_id, chat_id))

    def wake(self, now: float) -> None:
        """Chats whose wait is over may be picked again."""
        while self._waiting and self._waiting[0][0] <= now:
            _, chat_id = heapq.heappop(self._waiting)
            self._offer(chat_id)

    def look_again(self) -> None:
        """Every chat that waits is looked at again: it may be free sooner than it was."""
        for _, chat_id in self._waiting:
            self._offer(chat_id)
        self._waiting.clear()

    def next_wake(self) -> float | None:
        """The earliest moment at which a waiting chat may be ready."""
        return self._waiting[0][0] if self._waiting else None

    def _offer(self, chat_id: int) -> None:
        chat = self._chats.get(chat_id)
        if chat is None or chat.busy:
            return
        empty = True
        for lane, queue in enumerate(chat.queues):
            if queue:
                empty = False
                heapq.heappush(self._ready[lane], (queue[0], chat_id))
        if empty:
            del self._chats[chat_id]

    def pick(self, lane: int, now: float) -> Pick | None:
        """Take the next letter of this lane, if any chat of it may hear from us now."""
        ready = self._ready[lane]
        while ready:
            letter_id, chat_id = heapq.heappop(ready)
            chat = self._chats.get(chat_id)
            if chat is None or chat.busy:
                continue
            queue = chat.queues[lane]
            if not queue or queue[0] != letter_id:
                continue
            until = max(chat.until[lane], self._free_at(chat_id))
            if until > now:
                heapq.heappush(self._waiting, (until, chat_id))
                continue
            queue.popleft()
            self.size[lane] -= 1
            chat.until[lane] = 0.0
            chat.busy = True
            self.busy += 1
            return Pick(letter_id, chat_id, lane)
        return None

    def release(self, pick: Pick) -> None:
        """The letter is settled, or no longer owed: its chat may have the next one."""
        chat = self._chats[pick.chat_id]
        if chat.busy:
            chat.busy = False
            self.busy -= 1
        self._offer(pick.chat_id)

    def again(self, pick: Pick, until: float) -> None:
        """The letter is still owed: first of its chat's lane, not before `until`."""
        chat = self._chats[pick.chat_id]
        chat.queues[pick.lane].appendleft(pick.letter_id)
        chat.until[pick.lane] = until
        self.size[pick.lane] += 1
        self.release(pick)

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup: what waits for it waits for its new number."""
        chat = self._chats.pop(old, None)
        if chat is None:
            return
        into = self._chats.setdefault(new, _Chat())
        for lane in range(LANES):
            both = sorted([*chat.queues[lane], *into.queues[lane]])
            into.queues[lane].clear()
            into.queues[lane].extend(both)
            into.until[lane] = max(into.until[lane], chat.until[lane])
        if chat.busy:
            self.busy -= 1
        self._offer(new)

    def waits(self, now: float, within: float) -> bool:
        """Whether a letter is ready, or will be within so many seconds."""
        self.wake(now)
        if any(self.more):
            return True
        due = self.next_wake()
        if due is not None and due <= now + within:
            return True
        for lane, ready in enumerate(self._ready):
            for letter_id, chat_id in ready:
                chat = self._chats.get(chat_id)
                if chat is None or chat.busy:
                    continue
                queue = chat.queues[lane]
                if queue and queue[0] == letter_id and chat.until[lane] <= now + within:
                    return True
        return False
