"""A webhook's update is kept before it is accepted, and whoever has no secret is nobody."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.house import House
from bot.webhook import SECRET_HEADER
from courier.limits import Limits
from simulator.server import Simulator
from storage.inbox import Inbox
from tests.bot.test_house import answers, free_port, until
from tests.bot.test_intake import message
from tests.conversations.conftest import settings_for

SECRET = "a-secret-of-Telegram-and-us"


class Hooked:
    """A house that is called on a webhook, and a stranger who knows its address."""

    def __init__(self, house: House, sim: Simulator, url: str) -> None:
        self.house = house
        self.sim = sim
        self.url = url

    async def post(self, body: Any, secret: str | None = SECRET, **options: Any) -> int:
        """Call the webhook; the status it answers."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        async with aiohttp.ClientSession() as session:
            async with session.post(self.url, headers=headers, **data, **options) as answer:
                return answer.status

    def kept(self) -> list[int]:
        """The numbers in the inbox."""
        with self.house.database.read() as session:
            return sorted(session.exec(select(Inbox.update_id)).all())


@pytest.fixture
async def hooked(town_url: str, sim: Simulator) -> AsyncIterator[Hooked]:
    """A house on a webhook.

    Telegram only calls https; in a town whatever stands in front ends that, and the house listens
    to plain http behind it. So the settings that were checked are given the address behind.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    checked = type(settings_for(town_url, sim.url))(
        **{
            **settings_for(town_url, sim.url).model_dump(exclude={"unknown"}),
            "webhook_url": "https://villaceiba.example/telegram",
            "webhook_secret": SECRET,
            "webhook_port": port,
        }
    )
    house = House(checked.model_copy(update={"webhook_url": url}), limits=Limits.off())
    await house.start()
    try:
        await until(lambda: sim.record.calls("setWebhook"))
        yield Hooked(house, sim, url)
    finally:
        await house.stop()


async def test_telegram_is_told_the_secret_and_what_we_want(hooked: Hooked) -> None:
    (call,) = hooked.sim.record.calls("setWebhook")
    assert call["params"]["secret_token"] == SECRET
    assert "callback_query" in call["params"]["allowed_updates"]
    assert hooked.sim.record.calls("getUpdates") == []


async def test_a_person_is_answered(hooked: Hooked) -> None:
    rosa = hooked.sim.person("Rosa")
    rosa.starts()
    await until(lambda: answers(rosa))
    rosa.says("/ayuda")
    await until(lambda: "123" in rosa.last.text)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], f"{SECRET}x", "ñandú"])
async def test_without_the_secret_nothing_is_kept(hooked: Hooked, secret: str | None) -> None:
    assert await hooked.post(message(41), secret) == 403
    # It is refused before it is read: not even whether it makes sense is told.
    assert await hooked.post(b"\xff nonsense", secret) == 403
    assert hooked.kept() == []


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"{}", b'{"update_id": "x"}', b'"x"', b"null"]
)
async def test_what_is_no_update_is_refused(hooked: Hooked, body: bytes) -> None:
    assert await hooked.post(body) == 400
    assert hooked.kept() == []


async def test_other_ways_in_lead_nowhere(hooked: Hooked) -> None:
    base = hooked.url.rpartition("/")[0]
    async with aiohttp.ClientSession() as session:
        for way in ("/", "/telegram/x", "/health"):
            async with session.post(base + way, headers={SECRET_HEADER: SECRET}) as answer:
                assert answer.status == 404
        async with session.get(hooked.url, headers={SECRET_HEADER: SECRET}) as answer:
            assert answer.status == 405


async def test_it_is_accepted_only_once_it_is_committed(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = sqlite3.OperationalError("database or disk is full")
    broken.sqlite_errorcode = sqlite3.SQLITE_FULL
    writer = hooked.house.writer
    real = writer._transaction

    def full(*_: Any, **__: Any) -> Any:
        raise OperationalError("x", None, broken)

    monkeypatch.setattr(writer, "_transaction", full)
    calling = asyncio.create_task(hooked.post(message(41)))
    await asyncio.sleep(0.4)
    assert not calling.done()
    assert hooked.kept() == []
    monkeypatch.setattr(writer, "_transaction", real)
    assert await asyncio.wait_for(calling, 10) == 200
    assert hooked.kept() == [41]


async def test_a_call_waits_until_what_was_left_over_is_back(hooked: Hooked) -> None:
    hooked.house.recovered.clear()
    calling = asyncio.create_task(hooked.post(message(41)))
    await asyncio.sleep(0.3)
    assert not calling.done() and hooked.kept() == []
    hooked.house.recovered.set()
    assert await asyncio.wait_for(calling, 10) == 200
    assert hooked.kept() == [41]


async def test_what_telegram_calls_again_with_is_applied_once(hooked: Hooked) -> None:
    rosa = hooked.sim.person("Rosa")
    rosa.starts()
    await until(lambda: answers(rosa))
    await hooked.house.settle()
    before = len(hooked.sim.record.calls("sendMessage"))
    again = message(9001, rosa.id, "/ayuda")
    # Telegram gave up waiting for the first answer, and calls again.
    with pytest.raises(TimeoutError):
        await hooked.post(again, timeout=aiohttp.ClientTimeout(total=0.0001))
    assert await hooked.post(again) == 200
    assert await asyncio.gather(*[hooked.post(again) for _ in range(5)]) == [200] * 5
    await hooked.house.settle()
    assert len(hooked.sim.record.calls("sendMessage")) == before + 1


async def test_a_delivery_that_failed_is_repeated_and_counts_once(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram repeats what was not answered with 2xx:
    https://core.telegram.org/bots/api#setwebhook."""
    accept = hooked.house.intake.accept
    failures = 0

    async def kept_and_lost(updates: Any) -> None:
        nonlocal failures
        await accept(updates)
        if failures == 0:
            failures += 1
            raise ConnectionResetError

    monkeypatch.setattr(hooked.house.intake, "accept", kept_and_lost)
    rosa = hooked.sim.person("Rosa")
    rosa.starts()
    await until(lambda: answers(rosa))
    await until(lambda: not any(box.pending for box in hooked.sim.world.outboxes.values()), 15)
    await hooked.house.settle()
    assert failures == 1
    assert len(hooked.sim.record.calls("sendMessage")) == 1


async def test_stopping_refuses_what_still_comes(hooked: Hooked) -> None:
    await hooked.house.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await hooked.post(message(41))
