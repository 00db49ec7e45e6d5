"""A bot's updates: numbered, kept until confirmed, fetched by getUpdates or pushed to a webhook.

An update is confirmed when getUpdates is called with an offset above its number; until then it
is handed out again and again. Only one poll lives at a time: a newer one ends the earlier with
409, as does a webhook that is set.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice
from typing import Any

from simulator.errors import ApiError, bad
from simulator.faults import UPDATE_FAULTS, Faults
from simulator.record import Record
from simulator.webhook import Webhook

Json = dict[str, Any]

KINDS = frozenset(
    {
        "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
        "business_message", "edited_business_message", "deleted_business_messages",
        "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
        "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
        "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
        "removed_chat_boost",
    }
)  # fmt: skip
DEFAULT = KINDS - {"chat_member", "message_reaction", "message_reaction_count"}
"""What a bot receives unless it asks for other types."""

FIRST_ID = 500_000_001


class Outbox:
    """The updates owed to one bot."""

    def __init__(self, bot_id: int, record: Record, faults: Faults) -> None:
        self.bot_id = bot_id
        self.allowed = DEFAULT
        self.webhook: Webhook | None = None
        self.next_id = FIRST_ID
        self._record = record
        self._faults = faults
        self._pending: deque[Json] = deque()
        self._again: list[Json] = []
        self._late: set[int] = set()
        self._poll: asyncio.Future[None] | None = None

    @property
    def pending(self) -> int:
        """How many updates wait for delivery or confirmation."""
        return len(self._pending) + (self.webhook.in_flight if self.webhook else 0)

    @property
    def polling(self) -> bool:
        """Somebody waits in getUpdates right now."""
        return self._poll is not None

    def put(self, kind: str, payload: Json, chat: int | None = None) -> int | None:
        """Owe the bot an update; its number, or None when the bot did not ask for that type."""
        if kind not in self.allowed:
            return None
        number = self._append(kind, payload, chat)
        if self._faults:
            for fault in self._faults.strike(UPDATE_FAULTS, kind, chat):
                if fault.kind == "duplicate_tap":
                    if kind == "callback_query":
                        self._append(kind, payload, chat)
                elif fault.late:
                    self._late.add(number)
                else:
                    self._pending.append({"update_id": number, kind: payload})
        self._wake()
        return number

    def _append(self, kind: str, payload: Json, chat: int | None) -> int:
        number = self.next_id
        self.next_id += 1
        self._pending.append({"update_id": number, kind: payload})
        if self._record.on:
            self._record.add(
                "created", bot=self.bot_id, update_id=number, type=kind, chat=chat,
                query=payload.get("id") if kind == "callback_query" else None,
            )  # fmt: skip
        return number

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.webhook is not None:
            self.webhook.wake()

    def allow(self, kinds: list[str] | None) -> None:
        """allowed_updates: None keeps the present setting, an empty list is the default."""
        if kinds is None:
            return
        self.allowed = frozenset(kinds) & KINDS if kinds else DEFAULT

    async def get(
        self,
        offset: int = 0,
        limit: int = 100,
        timeout: int = 0,  # noqa: ASYNC109
        allowed_updates: list[str] | None = None,
    ) -> list[Json]:
        """getUpdates; `timeout` is in machine seconds, at most 50."""
        if self.webhook is not None:
            raise ApiError(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
                409,
            )
        self._end_poll()
        self.allow(allowed_updates)
        self._confirm(offset)
        limit = min(max(limit, 1), 100)
        if not self._pending and not self._again and timeout > 0:
            await self._wait(min(timeout, 50))
        batch = self._again[:limit]
        del self._again[:limit]
        batch.extend(islice(self._pending, limit - len(batch)))
        if batch and self._record.on:
            for update in batch:
                self._record.add("handed", bot=self.bot_id, update_id=update["update_id"])
        return batch

    async def _wait(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = future
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            pass
        finally:
            if self._poll is future:
                self._poll = None

    def _end_poll(self) -> None:
        """The earlier poll gives way to a newer one or to a webhook."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            self._record.violation("two polls at once", bot=self.bot_id)
            poll.set_exception(
                ApiError(
                    "Conflict: terminated by other getUpdates request; make sure that only one "
                    "bot instance is running",
                    409,
                )
            )

    def _confirm(self, offset: int) -> None:
        pending = self._pending
        if offset < 0:
            offset = pending[max(0, len(pending) + offset)]["update_id"] if pending else 0
        while pending and pending[0]["update_id"] < offset:
            update = pending.popleft()
            number = update["update_id"]
            if self._record.on:
                self._record.add("confirmed", bot=self.bot_id, update_id=number)
            if number in self._late:
                self._late.discard(number)
                self._again.append(update)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._pending.clear()
        self._again.clear()

    # webhook side

    def take(self) -> Json | None:
        """The next update for the webhook."""
        return self._pending.popleft() if self._pending else None

    def delivered(self, update: Json) -> None:
        """The webhook answered 2xx."""
        number = update["update_id"]
        if self._record.on:
            self._record.add("confirmed", bot=self.bot_id, update_id=number)
        if number in self._late:
            self._late.discard(number)
            self._pending.append(update)

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Switch to a webhook, or (None) back to polling; what was in flight waits again."""
        if self.webhook is not None:
            returned = self.webhook.stop()
            self._pending.extendleft(reversed(returned))
        self.webhook = webhook
        if webhook is not None:
            poll, self._poll = self._poll, None
            if poll is not None and not poll.done():
                poll.set_exception(ApiError("Conflict: terminated by setWebhook request", 409))
            webhook.start(self)


def check_secret(secret: str) -> None:
    """A secret token is 1 to 256 of A-Z, a-z, 0-9, _ and -."""
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not all(c.isascii() and (c.isalnum() or c in "_-") for c in secret):
        raise bad("secret token contains unallowed characters")
