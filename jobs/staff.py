"""The team's chats: those we are in no more are let go, whether Telegram told us so or not."""

from __future__ import annotations

from actions import staff
from actions.act import Act
from jobs.registry import hourly


@hourly
def look_round(act: Act) -> int:
    """Where the last card was refused, no more are sent, and the admins hear why."""
    return staff.look_round(act)
