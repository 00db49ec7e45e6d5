"""Updates pushed to a bot's own server: started in order, several at once, tried until accepted.

A refusal is any answer but 2xx; the pause before the next attempt doubles, in machine time.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
import orjson

Json = dict[str, Any]

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class Source(Protocol):
    """Where the updates come from."""

    bot_id: int

    def take(self) -> Json | None:
        """The next one, no longer waiting."""

    def delivered(self, update: Json) -> None:
        """It was accepted."""


class Webhook:
    """One bot's webhook; `reply` is called with a method the server puts into its answer."""

    def __init__(
        self,
        url: str,
        *,
        secret: str = "",
        max_connections: int = 40,
        ip_address: str = "",
        certificate: bool = False,
        first_pause: float = FIRST_PAUSE,
        reply: Callable[[Json], Awaitable[None]] | None = None,
        handed: Callable[[int], None] | None = None,
    ) -> None:
        self.url = url
        self.secret = secret
        self.max_connections = max_connections
        self.ip_address = ip_address
        self.certificate = certificate
        self.last_error: tuple[int, str] | None = None
        self._first_pause = first_pause
        self._reply = reply
        self._handed = handed
        self._flying: dict[int, Json] = {}
        self._task: asyncio.Task[None] | None = None
        self._deliveries: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    @property
    def in_flight(self) -> int:
        """Updates sent and not yet accepted."""
        return len(self._flying)

    def start(self, source: Source) -> None:
        """Begin to deliver."""
        self._news.set()
        self._task = asyncio.get_running_loop().create_task(self._run(source))

    def wake(self) -> None:
        """There is something to deliver."""
        self._news.set()

    def stop(self) -> list[Json]:
        """Stop at once; the updates nobody has accepted."""
        for task in (self._task, *self._deliveries):
            if task is not None:
                task.cancel()
        returned = list(self._flying.values())
        self._flying.clear()
        return returned

    def info(self) -> Json:
        """Its part of WebhookInfo."""
        made: Json = {"url": self.url, "has_custom_certificate": self.certificate}
        made["max_connections"] = self.max_connections
        if self.ip_address:
            made["ip_address"] = self.ip_address
        if self.last_error is not None:
            made["last_error_date"], made["last_error_message"] = self.last_error
        return made

    async def _run(self, source: Source) -> None:
        slots = asyncio.Semaphore(self.max_connections)
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=60), auto_decompress=True
        ) as session:
            while True:
                await slots.acquire()
                update = source.take()
                while update is None:
                    self._news.clear()
                    await self._news.wait()
                    update = source.take()
                key = id(update)
                self._flying[key] = update
                task = asyncio.create_task(self._deliver(session, source, update, key))
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)
                task.add_done_callback(lambda _: slots.release())

    async def _deliver(
        self, session: aiohttp.ClientSession, source: Source, update: Json, key: int
    ) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        pause = self._first_pause
        body = orjson.dumps(update)
        while True:
            if self._handed is not None:
                self._handed(update["update_id"])
            trouble = ""
            try:
                async with session.post(self.url, data=body, headers=headers) as response:
                    answer = await response.read()
                    if 200 <= response.status < 300:
                        break
                    trouble = f"Wrong response from the webhook: {response.status} "
                    trouble += response.reason or ""
            except (aiohttp.ClientError, OSError):
                trouble = "Connection refused"
            except TimeoutError:
                trouble = "Connection timed out"
            self.last_error = (int(time.time()), trouble.strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._flying.pop(key, None)
        source.delivered(update)
        if self._reply is not None and answer:
            with contextlib.suppress(orjson.JSONDecodeError):
                call = orjson.loads(answer)
                if isinstance(call, dict) and call.get("method"):
                    await self._reply(call)
