"""Webhooks: pushed with the secret, tried until accepted, and instead of getUpdates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from simulator import Person
from tests.simulator.conftest import Api
from tests.waiting import until

Json = dict[str, Any]


class Hook:
    """A bot's own web server that notes what it is given."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.secrets: list[str | None] = []
        self.answers: list[tuple[int, Json | None]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """One delivery; answered as the test arranged, 200 otherwise."""
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status, body = self.answers.pop(0) if self.answers else (200, None)
        return web.json_response(body, status=status) if body else web.Response(status=status)

    async def has(self, count: int) -> list[Json]:
        """The deliveries once there are that many."""
        async with asyncio.timeout(5):
            while len(self.updates) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return self.updates


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """A web server on a free port."""
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_updates_are_pushed_with_the_secret(api: Api, rosa: Person, hook: Hook) -> None:
    """https://core.telegram.org/bots/api#setwebhook"""
    await api.ok("setWebhook", url=hook.url, secret_token="s3-cret_")
    rosa.says("hola")
    updates = await hook.has(2)
    assert [u["message"]["text"] for u in updates] == ["/start", "hola"]
    assert hook.secrets == ["s3-cret_"] * 2
    info = await api.ok("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (hook.url, 40)
    assert await api.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
        "delete the webhook first"
    )


async def test_a_refused_update_comes_again(api: Api, rosa: Person, hook: Hook) -> None:
    """https://core.telegram.org/bots/api#setwebhook (repeated after anything but 2XY)"""
    api.sim.world.webhook_pause = 0.05
    hook.answers = [(500, None), (403, None)]
    await api.ok("setWebhook", url=hook.url)
    updates = await hook.has(3)
    assert len({update["update_id"] for update in updates}) == 1
    outbox = api.sim.world.outboxes[4200]
    await until(lambda: not outbox.pending)
    info = await api.ok("getWebhookInfo")
    assert info["pending_update_count"] == 0
    assert info["last_error_message"].startswith("Wrong response from the webhook: 403")


async def test_an_update_nobody_takes_waits_for_getupdates(
    api: Api, rosa: Person, hook: Hook
) -> None:
    """https://core.telegram.org/bots/api#deletewebhook"""
    await api.ok("setWebhook", url="http://127.0.0.1:9/hook")
    outbox = api.sim.world.outboxes[4200]
    await until(lambda: outbox.webhook and outbox.webhook.last_error)
    info = await api.ok("getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert info["last_error_message"] == "Connection refused"
    await api.ok("deleteWebhook")
    assert (await api.updates())[0]["message"]["text"] == "/start"
    await api.ok("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


async def test_a_method_in_the_answer_is_called(api: Api, rosa: Person, hook: Hook) -> None:
    """https://core.telegram.org/bots/api#making-requests-when-getting-updates"""
    hook.answers = [(200, {"method": "sendMessage", "chat_id": rosa.id, "text": "by webhook"})]
    await api.ok("setWebhook", url=hook.url)
    await rosa.hears("by webhook")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://x"}, "bad webhook: invalid webhook URL specified"),
        ({"url": "https://x/", "secret_token": "a b"},
         "secret token contains unallowed characters"),
        ({"url": "https://x/", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)  # fmt: skip
async def test_webhooks_that_are_refused(api: Api, params: Json, reason: str) -> None:
    """https://core.telegram.org/bots/api#setwebhook"""
    assert await api.refused("setWebhook", **params) == f"400 Bad Request: {reason}"


async def test_setting_a_webhook_ends_a_poll(api: Api, hook: Hook) -> None:
    """https://core.telegram.org/bots/api#setwebhook"""
    poll = asyncio.create_task(api.raw("getUpdates", timeout=20))
    await until(lambda: api.sim.world.outboxes[4200].polling)
    await api.ok("setWebhook", url=hook.url)
    assert (await poll)[0] == 409
