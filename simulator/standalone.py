"""The simulator by itself: bots by their tokens, some people, and the page in a browser."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Sequence

from simulator.server import Simulator

PEOPLE = (("Rosa", "es"), ("João", "pt-br"), ("Ada", "en"))


class BadToken(ValueError):
    """A token that no bot can have, or two of the same bot."""


async def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    tokens: Sequence[str] = ("1:AA",),
    *,
    rate_limits: bool = False,
    people: Sequence[tuple[str, str]] = PEOPLE,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until `stop` is set (default: until interrupted).

    Raises BadToken, and OSError when the port is taken.
    """
    done = asyncio.Event() if stop is None else stop
    sim = Simulator(host, port, rate_limits=rate_limits)
    for token in tokens:
        number = token.partition(":")[0]
        try:
            sim.add_bot(token, f"bot{number}_bot", f"Bot {number}")
        except ValueError as error:
            raise BadToken(str(error)) from None
    for name, language in people:
        sim.person(name, language_code=language)
    async with sim:
        print(f"Bot API and page: {sim.url}")
        loop = asyncio.get_running_loop()
        if stop is None:
            for ending in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(NotImplementedError):
                    loop.add_signal_handler(ending, done.set)
        await done.wait()


def _port(said: str) -> int:
    if not 0 <= int(said) <= 65535:
        raise argparse.ArgumentTypeError(f"{said} is not a port from 0 to 65535")
    return int(said)


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m simulator --port 8000 --token 1:AA`; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A local Telegram Bot API server with a page."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="0 takes a free one")
    parser.add_argument(
        "--token", action="append", default=[], help="a bot's token, such as 1:AA; may repeat"
    )
    parser.add_argument("--rate-limits", action="store_true", help="enforce Telegram's limits")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(
            serve(
                given.host,
                given.port,
                given.token or ["1:AA"],
                rate_limits=given.rate_limits,
            )
        )
    except (OSError, BadToken) as error:
        parser.exit(1, f"{error}\n")
    return 0
