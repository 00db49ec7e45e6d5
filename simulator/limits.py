"""Telegram's rate limits: 30/s a bot, 1/s a private chat, 20/min a group.

They are counted in machine time, to which the jumps of the town's clock are added: messages that
are a day apart are. A pause lasts its seconds of machine time, whatever the town's clock does.

Off by default. Who goes over gets 429 and a pause; until it has passed everything that counts
gets 429 again, for the whole bot when the bot's own limit was crossed, for the chat otherwise.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from simulator.errors import flood
from simulator.record import Record

PER_SECOND = 30
CHAT_BURST = 5
"""Messages one after another that a private chat tolerates before 1 a second is enforced."""
GROUP_PER_MINUTE = 20
BOT_PAUSE = 3
"""Seconds of the pause after more than 30 in a second."""

COUNTED = frozenset(
    {
        "sendmessage", "sendphoto", "sendvoice", "senddocument", "sendmediagroup", "sendvenue",
        "sendlocation", "sendcontact", "sendpoll", "sendsticker", "copymessage", "copymessages",
        "forwardmessage", "forwardmessages", "editmessagetext", "editmessagecaption",
        "editmessagemedia", "editmessagereplymarkup", "editmessagelivelocation", "stoppoll",
    }
)  # fmt: skip
"""Methods that count: what puts or changes a message. Answers to taps and questions do not."""


class Limits:
    """One bot's budget. `enforced` switches the three limits; injected pauses always hold."""

    def __init__(self, record: Record, jumped: Callable[[], float] = lambda: 0.0) -> None:
        """`jumped` says by how many seconds the town's clock was moved on so far."""
        self._jumped = jumped
        self.enforced = False
        self._record = record
        self._sent: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, tuple[float, float]] = {}
        self._paused_until = 0.0
        self._chat_paused: dict[int, float] = {}

    @property
    def idle(self) -> bool:
        """Nothing to check."""
        return not self.enforced and self._paused_until == 0.0 and not self._chat_paused

    def pause(self, seconds: float, chat: int | None = None) -> None:
        """Refuse everything (or one chat) for that long, as after an injected 429."""
        until = time.monotonic() + seconds
        if chat is None:
            self._paused_until = max(self._paused_until, until)
        else:
            self._chat_paused[chat] = max(self._chat_paused.get(chat, 0.0), until)

    def check(self, method: str, chat: int, cost: int = 1) -> None:
        """Count a call about to be applied; ApiError 429 when it may not leave now."""
        now = time.monotonic()
        self._check_pauses(method, chat, now)
        if not self.enforced:
            return
        machine, now = now, now + self._jumped()
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        if len(self._sent) + cost > PER_SECOND and self._sent:
            self._paused_until = machine + BOT_PAUSE
            self._refuse("30 a second", method, chat, BOT_PAUSE)
        if chat < 0:
            self._check_group(method, chat, now, cost)
        else:
            self._check_private(method, chat, now, cost)
        self._sent.extend([now] * cost)

    def _check_pauses(self, method: str, chat: int, now: float) -> None:
        if now < self._paused_until:
            self._refuse("during a pause", method, chat, self._paused_until - now)
        self._paused_until = 0.0
        until = self._chat_paused.get(chat)
        if until is not None:
            if now < until:
                self._refuse("during a pause", method, chat, until - now)
            del self._chat_paused[chat]

    def _check_group(self, method: str, chat: int, now: float, cost: int) -> None:
        sent = self._groups.setdefault(chat, deque())
        while sent and sent[0] <= now - 60.0:
            sent.popleft()
        if len(sent) + cost > GROUP_PER_MINUTE and sent:
            wait = sent[0] + 60.0 - now
            self._chat_paused[chat] = time.monotonic() + wait
            self._refuse("20 a minute in a group", method, chat, wait)
        sent.extend([now] * cost)

    def _check_private(self, method: str, chat: int, now: float, cost: int) -> None:
        left, at = self._chats.get(chat, (float(CHAT_BURST), now))
        left = min(float(CHAT_BURST), left + now - at)
        if left < 1.0:
            wait = 1.0 - left
            self._chat_paused[chat] = time.monotonic() + wait
            self._refuse("1 a second in a chat", method, chat, wait)
        # an album costs what it holds, but is never refused for being an album
        self._chats[chat] = (left - min(cost, left), now)

    def _refuse(self, rule: str, method: str, chat: int, wait: float) -> Any:
        seconds = max(1, math.ceil(wait))
        self._record.violation(rule, method=method, chat=chat, retry_after=seconds)
        raise flood(seconds)
