"""The log says what happened, never a token nor anybody's words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

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


def set_up(secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Log to standard error from now on, with these secrets masked."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masked(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
