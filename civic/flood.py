"""One person cannot drown the others: so many reports in an hour and in a day, then a pause.

Whoever is told to wait is told until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

LIMITS: Final = ((timedelta(hours=1), 8), (timedelta(days=1), 20))
"""In each of these spans a person tells at most so many reports."""
MOST: Final = max(most for _, most in LIMITS)
"""So many of somebody's last reports are enough to judge by."""


def free_at(told: Sequence[datetime], now: datetime) -> datetime | None:
    """When somebody who told reports at these moments (the newest first) may tell the next one;
    None where they may at once."""
    waits = [
        told[most - 1] + span
        for span, most in LIMITS
        if len(told) >= most and told[most - 1] + span > now
    ]
    return max(waits, default=None)
