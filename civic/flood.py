"""One person cannot drown the others: so many reports in an hour and in a day, then a pause; so
many additions to what was told, each of which rings with everybody who waits for it; so many
joinings, each of which changes the team's cards.

Whoever is told to wait is told until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

LIMITS: Final = ((timedelta(hours=1), 8), (timedelta(days=1), 20))
"""In each of these spans a person tells at most so many reports."""
ADDITIONS: Final = ((timedelta(hours=1), 10), (timedelta(days=1), 30))
"""The same of what a person adds, to whatever reports."""
JOININGS: Final = ((timedelta(hours=1), 30), (timedelta(days=1), 100))
"""The same of what a person joins: each time the cards of whoever works on it are edited."""
MOST: Final = max(most for _, most in LIMITS + ADDITIONS)
"""So many of the last things somebody told are enough to judge by."""
PHOTOS: Final = 12
"""Of one person about one report, voice notes among them."""
BREATH: Final = timedelta(minutes=10)
"""What is added to a report sooner after the last addition is told together."""


def free_at(
    told: Sequence[datetime],
    now: datetime,
    limits: Sequence[tuple[timedelta, int]] = LIMITS,
) -> datetime | None:
    """When somebody who told something at these moments (the newest first) may tell the next
    thing; None where they may at once."""
    waits = [
        told[most - 1] + span
        for span, most in limits
        if len(told) >= most and told[most - 1] + span > now
    ]
    return max(waits, default=None)


def breathes_until(now: datetime) -> datetime:
    """When what comes too soon after the last is told: at the same moment, whatever came when."""
    past = timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
    return now - past % BREATH + BREATH
