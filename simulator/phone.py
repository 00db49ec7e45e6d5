"""The same person from another program: every verb becomes one request to the control API.

Verbs and their arguments are those of `Person`, given by name; each is a coroutine:
`await phone.says(text="hola")`, `await phone.taps(label="Sí")`.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import orjson

from simulator.errors import ActError
from simulator.seen import Seen

Json = dict[str, Any]


class Phone:
    """One person of a simulator elsewhere; `url` is its address, `person` their id."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, person: int, chat: str | None = None
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._chat = chat
        self.id = person

    @classmethod
    async def new(
        cls, session: aiohttp.ClientSession, url: str, first_name: str, **details: Any
    ) -> Phone:
        """A new person of that simulator."""
        made = await _post(session, f"{url.rstrip('/')}/sim/people",
                           {"first_name": first_name, **details})  # fmt: skip
        return cls(session, url, made["id"])

    def at(self, chat: int | str) -> Phone:
        """The same person in another chat: "bot:<id>" or a group's id."""
        return Phone(self._session, self._url, self.id, str(chat))

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Json]]:
        if verb.startswith("_"):
            raise AttributeError(verb)

        async def act(**given: Any) -> Json:
            body: Json = {"person": self.id, "do": verb, **_plain(given)}
            if self._chat is not None:
                body.setdefault("chat", self._chat)
            return await _post(self._session, f"{self._url}/sim/act", body)

        return act

    async def messages(self, limit: int = 100) -> list[Seen]:
        """The chat's newest messages, oldest first, without the deleted ones."""
        query = {"limit": str(limit), **({"chat": self._chat} if self._chat else {})}
        url = f"{self._url}/sim/people/{self.id}/messages"
        async with self._session.get(url, params=query) as response:
            body = orjson.loads(await response.read())
        if response.status != 200:
            raise ActError(body["error"])
        return [Seen(item["message"]) for item in body if not item["deleted"]]

    async def hears(self, part: str, timeout: float = 5.0) -> Seen:  # noqa: ASYNC109
        """The newest message that contains `part`, waited for; AssertionError when none comes."""
        seen: list[Seen] = []
        try:
            async with asyncio.timeout(timeout):
                while True:
                    seen = await self.messages(20)
                    for message in reversed(seen):
                        if part.lower() in message.text.lower():
                            return message
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"heard nothing like {part!r}, only {seen}") from None


def _plain(given: Json) -> Json:
    plain: Json = {}
    for key, value in given.items():
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode()
        elif isinstance(value, Seen):
            value = value.id
        elif isinstance(value, list) and value and isinstance(value[0], bytes):
            value = [base64.b64encode(item).decode() for item in value]
        plain[key] = value
    return plain


async def _post(session: aiohttp.ClientSession, url: str, body: Json) -> Json:
    async with session.post(url, data=orjson.dumps(body)) as response:
        answer = orjson.loads(await response.read())
    if response.status != 200:
        raise ActError(answer["error"])
    assert isinstance(answer, dict)
    return answer
