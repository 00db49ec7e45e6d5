"""Whoever was not seen for the town's number of months is forgotten, and told so a month before.

Days are the town's. A month is a month of the calendar: of the 31st its last day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

WARNING_DAYS: Final = 30
"""Between the letter that tells them and the day on which they are forgotten."""

PERIODS_WAITING: Final = 2
"""Whoever waits for an open report is kept for as many of the town's periods: some reports stay
open for ever, and go on without their author."""


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one. Raises ValueError before the year 1."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unseen_since(today: date, months: int) -> date:
    """Who was last seen on this day or before is to be told today."""
    return months_before(today + timedelta(days=WARNING_DAYS), months)


def waits_still(seen: date, today: date, months: int) -> bool:
    """Whether an open report keeps somebody who was last seen on that day."""
    return seen > unseen_since(today, PERIODS_WAITING * months)
