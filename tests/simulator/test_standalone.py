"""The command: `python -m simulator`."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import aiohttp
import pytest

from simulator import serve
from simulator.standalone import main


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


async def test_it_serves_until_told_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    """The page and the Bot API on one port, for several bots."""
    port, stop = free_port(), asyncio.Event()
    task = asyncio.create_task(serve("127.0.0.1", port, ["7:a", "8:b"], stop=stop))
    url = f"http://127.0.0.1:{port}"
    async with aiohttp.ClientSession() as session:
        async with asyncio.timeout(5):
            while True:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with session.get(f"{url}/bot8:b/getMe") as response:
                        me = await response.json()
                    break
                await asyncio.sleep(0.02)
        assert me["result"]["username"] == "bot8_bot"
    stop.set()
    await asyncio.wait_for(task, 3)
    shown = capsys.readouterr().out
    assert shown == f"Bot API and page: {url}\n"


@pytest.mark.parametrize(
    "arguments", [["--token", "nonsense"], ["--port", "taken"], ["--port", "99999"]]
)
def test_what_cannot_be_served_is_said_in_a_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad token or a bad port ends the command."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code in (1, 2)
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert shown


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody else listens there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        with pytest.raises(SystemExit):
            main(["--port", str(held.getsockname()[1])])
    assert "address already in use" in capsys.readouterr().err.lower()
