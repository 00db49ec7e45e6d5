"""What reaches one person, kept until somebody looks; the reading half of the Python client."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from simulator.seen import Seen

Json = dict[str, Any]
Match = str | Callable[[Seen], bool]

KEPT = 500


class Ear:
    """The last events of one person, shared by all views of them."""

    def __init__(self) -> None:
        self.events: deque[Json] = deque(maxlen=KEPT)
        self.toasts: list[Json] = []
        self.waiting: set[asyncio.Future[None]] = set()
        self.seq = 0

    def take(self, event: Json) -> None:
        """Something this person sees."""
        self.seq = event["seq"]
        if event["type"] == "callback_answer":
            self.toasts.append(event)
        self.events.append(event)
        for future in self.waiting:
            if not future.done():
                future.set_result(None)

    async def news(self) -> None:
        """Until something more reaches the person."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.add(future)
        try:
            await future
        finally:
            self.waiting.discard(future)


class Listening:
    """Waiting for what others say in one chat, messages and edits alike."""

    def __init__(self, ear: Ear, chat: str, own: int) -> None:
        self._ear = ear
        self._chat = chat
        self._me = own
        self._mark = 0
        self._taken: set[int] = set()

    def mark(self) -> None:
        """From now on only what comes later counts as news; every act of the person does so."""
        self._mark = self._ear.seq
        self._taken.clear()

    def _news(self) -> list[Json]:
        return [
            event
            for event in self._ear.events
            if event["seq"] > self._mark
            and event["seq"] not in self._taken
            and event["type"] in ("message", "edited")
            and event["chat"] == self._chat
            and event["author"] != self._me
        ]

    def heard(self) -> list[Seen]:
        """What came since the last act and was not yet awaited."""
        return [Seen(event["message"]) for event in self._news()]

    async def hears(self, match: Match | None = None, timeout: float = 5.0) -> Seen:  # noqa: ASYNC109
        """The first message or edit since the last act that matches (and was not yet returned).

        `match` is a part of the text, ignoring case, or a predicate; `timeout` is in machine
        seconds. AssertionError, with what did come, when nothing matches in time.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for event in self._news():
                        seen = Seen(event["message"])
                        if _fits(seen, match):
                            self._taken.add(event["seq"])
                            return seen
                    await self._ear.news()
        except TimeoutError:
            raise AssertionError(
                f"heard nothing like {match!r} in {timeout} s, only {self.heard()}"
            ) from None

    async def hears_nothing(self, seconds: float = 0.3) -> None:
        """AssertionError if anything comes within that time."""
        await asyncio.sleep(seconds)
        if heard := self.heard():
            raise AssertionError(f"expected silence, heard {heard}")

    async def is_toasted(self, part: str = "", timeout: float = 5.0) -> str:  # noqa: ASYNC109
        """The text of the next answer to a tap that contains `part`."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for event in self._ear.events:
                        if (
                            event["type"] == "callback_answer"
                            and event["seq"] > self._mark
                            and event["seq"] not in self._taken
                            and part.lower() in event["text"].lower()
                        ):
                            self._taken.add(event["seq"])
                            return str(event["text"])
                    await self._ear.news()
        except TimeoutError:
            raise AssertionError(f"no answer to a tap with {part!r} in {timeout} s") from None

    @property
    def toasts(self) -> list[str]:
        """The texts of all answers to this person's taps, empty ones included."""
        return [event["text"] for event in self._ear.toasts]


def _fits(seen: Seen, match: Match | None) -> bool:
    if match is None:
        return True
    if isinstance(match, str):
        return match.lower() in seen.text.lower()
    return match(seen)
