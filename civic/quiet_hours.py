"""Quiet hours: between two hours of the town's clock nothing is told that can wait.

Hours are whole, 0 to 23; "21 to 7" goes over midnight. What waited is told when they end; what
somebody follows is gathered until the next full hour at which they are not quiet. `now` and
results are aware; results are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

USUAL: Final = ((21, 7), (22, 6))
"""What most people choose."""


def valid(start: int, end: int) -> bool:
    """Whether somebody can be quiet between these two hours."""
    return 0 <= start <= 23 and 0 <= end <= 23 and start != end


def is_quiet(now: datetime, zone: ZoneInfo, start: int | None, end: int | None) -> bool:
    """Whether the town's clock is between the two hours; never where one is missing."""
    if start is None or end is None:
        return False
    hour = now.astimezone(zone).hour
    return start <= hour < end if start < end else hour >= start or hour < end


def ends(now: datetime, zone: ZoneInfo, start: int | None, end: int | None) -> datetime | None:
    """When the quiet hours that hold now are over; None when it is not quiet.

    An hour that the clock leaves out in spring comes when the clock has gone past it.
    """
    if end is None or not is_quiet(now, zone, start, end):
        return None
    wall = now.astimezone(zone).replace(tzinfo=None, hour=end, minute=0, second=0, microsecond=0)
    for days in range(3):
        at = (wall + timedelta(days=days)).replace(tzinfo=zone, fold=0).astimezone(UTC)
        if at > now:
            return at
    raise AssertionError("a day is never that long")


def full_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment after now at which the town's clock shows a full hour."""
    local = now.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now.astimezone(UTC) - past + timedelta(hours=1)


def gathers_until(now: datetime, zone: ZoneInfo, start: int | None, end: int | None) -> datetime:
    """When what happens now is told to who follows it: the next full hour that is not quiet."""
    at = full_hour(now, zone)
    return ends(at, zone, start, end) or at
