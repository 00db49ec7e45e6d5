"""Filters by an update's shape, answered at once: aiogram runs a bare magic filter in a thread of
its own, which costs more than most turns.
"""

from __future__ import annotations

from typing import Any

from aiogram import F
from aiogram.filters import Filter
from aiogram.utils.magic_filter import MagicFilter


class Shape(Filter):
    """A magic filter that is resolved in the loop."""

    def __init__(self, rule: MagicFilter) -> None:
        self._rule = rule

    async def __call__(self, event: Any) -> bool:
        return bool(self._rule.resolve(event))


PRIVATE = Shape(F.chat.type == "private")
GROUP = Shape(F.chat.type.in_({"group", "supergroup"}))
COMMAND = Shape(F.text.startswith("/"))
NO_COMMAND = Shape(~F.text.startswith("/"))
"""Also what is no text at all."""
TAPPED_IN_GROUP = Shape(F.message.chat.type != "private")
MIGRATED = Shape(F.migrate_to_chat_id | F.migrate_from_chat_id)
