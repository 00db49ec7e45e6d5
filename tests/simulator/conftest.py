"""A simulator on a free port with one bot, and a plain HTTP caller that stands for that bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import aiogram.methods
import aiohttp
import orjson
import pytest
from pydantic import TypeAdapter

from simulator import Person, Simulator

TOKEN = "4200:TEST-token"

Json = dict[str, Any]


@cache
def result_type(method: str) -> TypeAdapter[Any]:
    """What a method returns, as aiogram has it."""
    model = getattr(aiogram.methods, method[0].upper() + method[1:])
    return TypeAdapter(model.__returning__)


class Api:
    """Calls methods over HTTP, as JSON, and looks at the answers."""

    def __init__(self, session: aiohttp.ClientSession, sim: Simulator, token: str) -> None:
        self.session = session
        self.sim = sim
        self.base = f"{sim.url}/bot{token}"

    async def raw(self, method: str, **params: Any) -> tuple[int, Json]:
        """HTTP status and body."""
        async with self.session.post(
            f"{self.base}/{method}",
            data=orjson.dumps(params),
            headers={"Content-Type": "application/json"},
        ) as response:
            return response.status, orjson.loads(await response.read())

    async def ok(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed, and be of the type the Bot API states."""
        status, body = await self.raw(method, **params)
        assert (status, body["ok"]) == (200, True), body
        result_type(method).validate_python(body["result"])
        return body["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a call that must fail; "403 Forbidden: ..." and so on."""
        status, body = await self.raw(method, **params)
        assert body["ok"] is False, body
        assert status == body["error_code"]
        return f"{status} {body['description']}"

    async def updates(self, **params: Any) -> list[Json]:
        """getUpdates without waiting, unless told."""
        result = await self.ok("getUpdates", **params)
        assert isinstance(result, list)
        return result

    async def form(self, method: str, **fields: Any) -> Json:
        """The body of a multipart call; bytes become files."""
        form = aiohttp.FormData()
        for name, value in fields.items():
            if isinstance(value, tuple):
                form.add_field(name, value[1], filename=value[0])
            else:
                form.add_field(
                    name, value if isinstance(value, str) else orjson.dumps(value).decode()
                )
        async with self.session.post(f"{self.base}/{method}", data=form) as response:
            body = orjson.loads(await response.read())
        assert isinstance(body, dict)
        return body


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A simulator with the bot @town_bot in it."""
    async with Simulator() as simulator:
        simulator.add_bot(TOKEN, "town_bot", "Town")
        yield simulator


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client."""
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
async def api(sim: Simulator, session: aiohttp.ClientSession) -> Api:
    """The bot, calling by hand."""
    return Api(session, sim, TOKEN)


@pytest.fixture
async def rosa(sim: Simulator) -> Person:
    """A person who has started the bot."""
    person = sim.person("Rosa", username="rosa_m")
    person.starts()
    return person
