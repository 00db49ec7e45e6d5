"""The log says what happened, never a token nor anybody's words."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import Iterable
from typing import Any

# Anything shaped like a bot's token, wherever it may come from: an address in an error, say.
_TOKEN = re.compile(r"[0-9]{6,}:[A-Za-z0-9_-]{20,}")
MASK = "[hidden]"
# They tell the addresses they ask, token included, or say too much of no use.
QUIET = (
    "aiogram.event",
    "aiohttp.access",
    "alembic",
    "apscheduler",
    "httpcore",
    "httpx",
    "matplotlib",
)


class Masked(logging.Formatter):
    """Formats a record, traceback and all, with secrets masked."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted((s for s in secrets if s), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The record as one text."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return _TOKEN.sub(MASK, text)

    def formatException(self, ei: Any) -> str:
        """Where an error came from and what kind it is: its words may be somebody's."""
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace))
        name = kind.__name__ if kind is not None else "nothing"
        return f"Traceback (most recent call last):\n{frames}{name}"


def quiet_loop(loop: asyncio.AbstractEventLoop) -> None:
    """What nobody waited for and failed is told by its kind: asyncio would print the error whole,
    and PostgreSQL's quote the row."""

    def told(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        kind = type(error).__name__ if error is not None else "no error"
        logging.getLogger("cabildo").error("%s (%s)", context.get("message", ""), kind)

    loop.set_exception_handler(told)


def set_up(secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Log to standard error from now on, with these secrets masked."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masked(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
