"""A setting that cannot be stops the start and is named; /health tells of it all the while."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from bot import health
from bot.house import House
from bot.settings import WrongSetting
from courier.limits import Limits
from simulator.server import Simulator
from tests.bot.elsewhere import something_else
from tests.bot.test_house import asked, free_port, made, running, until
from tests.conversations.conftest import settings_for

WEBHOOK = {
    "webhook_url": "https://villaceiba.example/telegram",
    "webhook_secret": SecretStr("a-secret-of-Telegram-and-us"),
}


async def refused(one: House) -> str:
    """The sentence with which a house does not start."""
    try:
        with pytest.raises(WrongSetting) as told:
            async with asyncio.timeout(10):
                await one.start()
    finally:
        await one.stop()
    assert one.listening_since is None
    return str(told.value)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield int(held.getsockname()[1])


async def test_a_health_port_that_is_taken(small_url: str, sim: Simulator, taken: int) -> None:
    assert await refused(made(small_url, sim, health_port=taken)) == (
        f"CABILDO_HEALTH_PORT is wrong: 127.0.0.1:{taken} cannot be listened on "
        "(address already in use)."
    )


async def test_a_webhook_port_that_is_taken(small_url: str, sim: Simulator, taken: int) -> None:
    told = await refused(made(small_url, sim, webhook_port=taken, **WEBHOOK))
    assert told.startswith("CABILDO_WEBHOOK_PORT is wrong")
    assert sim.record.calls("setWebhook") == []


@pytest.mark.parametrize("host", ["203.0.113.9", "a..b"])
async def test_a_webhook_host_that_is_not_ours(
    small_url: str, sim: Simulator, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody is asked: no name of another machine is looked up, and listening goes nowhere.
    monkeypatch.setattr("tests.network.is_here", lambda _: True)
    told = await refused(
        made(small_url, sim, webhook_host=host, webhook_port=free_port(), **WEBHOOK)
    )
    assert told.startswith("CABILDO_WEBHOOK_HOST is wrong")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, "<html>A shop</html>"),
        (404, "<html>No such page</html>"),
        (404, '{"error": "no such page"}'),
        (200, '{"ok": true, "result": "well"}'),
        (200, "[]"),
        (501, "<html>Unsupported method</html>"),
    ],
)
async def test_an_address_that_is_no_bot_api(small_url: str, status: int, says: str) -> None:
    async with something_else(status, says) as url:
        told = await refused(House(settings_for(small_url, url), limits=Limits.off()))
    assert told == "CABILDO_API_BASE is wrong: what answers there is no Bot API server."


@pytest.mark.parametrize("says", ["<html>Bad gateway</html>", '{"ok": false}'])
async def test_a_server_that_has_trouble_is_waited_for(small_url: str, says: str) -> None:
    async with something_else(502, says) as url:
        one = House(settings_for(small_url, url), limits=Limits.off())
        starting = asyncio.create_task(one.start())
        await asyncio.wait({starting}, timeout=1.5)
        assert not starting.done()
        starting.cancel()
        await one.stop()


async def test_a_clock_that_nobody_keeps(small_url: str, sim: Simulator) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    sentence = "CABILDO_CLOCK is wrong: no simulator's clock answers there."
    assert await refused(made(small_url, sim, clock=nobody)) == sentence
    for says in ('{"now": "soon"}', "[]", "<html>"):
        async with something_else(200, says) as url:
            assert await refused(made(small_url, sim, clock=url)) == sentence


@asynccontextmanager
async def waiting(url: str, port: int) -> AsyncIterator[House]:
    """A house that finds nobody at Telegram's address."""
    settings = settings_for(url, f"http://127.0.0.1:{free_port()}")
    one = House(settings.model_copy(update={"health_port": port}), limits=Limits.off())
    starting = asyncio.create_task(one.start())
    try:
        yield one
    finally:
        starting.cancel()
        await one.stop()


async def test_health_is_there_before_telegram_is(small_url: str) -> None:
    port = free_port()
    async with waiting(small_url, port) as one:
        await until(lambda: one._doors)
        status, facts = await asked(port)
        assert status == 503 and facts["ok"] is False and facts["starting"] is True
        assert facts["last_update_check_s"] is None


async def test_health_tells_of_the_courier_and_of_silence(
    small_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    async with running(small_url, sim, health_port=port) as one:
        status, facts = await asked(port)
        assert status == 200 and facts["starting"] is False
        assert {"sent", "failed", "uncertain", "pauses", "paused_s"} <= set(facts)
        assert 0 <= facts["last_update_check_s"] < 60
        # Nobody has heard from Telegram for longer than any fetch may take.
        await until(lambda: one.poller is not None)
        assert one.poller is not None and one.listening_since is not None
        one.listening_since -= health.STALE_S
        one.poller.last_answer = None
        status, facts = await asked(port)
        assert status == 503 and facts["ok"] is False
        assert facts["last_update_check_s"] >= health.STALE_S


async def test_the_menu_of_commands_keeps_nobody_waiting(small_url: str, sim: Simulator) -> None:
    sim.faults.add(kind="delay", method="setMyCommands", ms=1500)
    async with running(small_url, sim):
        assert sim.record.calls("setMyCommands") == []
        await until(lambda: len(sim.record.calls("setMyCommands")) == 4, 20)


async def test_the_menu_of_commands_is_tried_again(
    small_url: str, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sim.faults.add(kind="error_500", method="setMyCommands", count=1)
    monkeypatch.setattr("bot.house.COMMANDS_AGAIN_S", 0.05)

    def set_() -> list[Any]:
        return [call for call in sim.record.calls("setMyCommands") if call["status"] == 200]

    async with running(small_url, sim):
        await until(lambda: len(set_()) == 4, 20)
