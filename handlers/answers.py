"""An answer that a letter asked Telegram for comes back through the inbox, and goes on here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.act import Act

ANSWERS: dict[str, Callable[[Act, dict[str, Any]], None]] = {}
"""By the `kind` that the letter's `about` names."""


def answered(act: Act, answer: dict[str, Any]) -> None:
    """Hand an answer to whoever asked; one that nobody waits for any more is let go."""
    handler = ANSWERS.get(str(answer.get("about", {}).get("kind")))
    if handler is not None:
        handler(act, answer)
