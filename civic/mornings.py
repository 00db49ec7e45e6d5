"""What can wait until people are at work waits for eight in the morning of a working day.

Moments are aware; results are UTC. The town's clock, weekend (0 is Monday) and holidays decide.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from civic import moments, working_days

LASTS = timedelta(hours=12)
"""So long after eight what waited for it may still be told; then the next morning is nearer."""


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """Eight in the morning of a day."""
    return moments.to_utc(f"{day.isoformat()}T{moments.DIGEST_HOUR:02}:00", zone)


def at_work(
    now: datetime, zone: ZoneInfo, weekend: Collection[int], holidays: Collection[date]
) -> bool:
    """Whether people at work may be told something now: from eight on, for twelve hours, on a
    working day."""
    today = now.astimezone(zone).date()
    if not working_days.is_working_day(today, weekend, holidays):
        return False
    return timedelta() <= now - morning_of(today, zone) <= LASTS


def next_morning(
    now: datetime, zone: ZoneInfo, weekend: Collection[int], holidays: Collection[date]
) -> datetime:
    """The first morning of a working day after `now`.

    Raises ValueError for a week without a working day.
    """
    today = now.astimezone(zone).date()
    if working_days.is_working_day(today, weekend, holidays) and morning_of(today, zone) > now:
        return morning_of(today, zone)
    return mornings_later(now, 1, zone, weekend, holidays)


def mornings_later(
    moment: datetime,
    days: int,
    zone: ZoneInfo,
    weekend: Collection[int],
    holidays: Collection[date],
) -> datetime:
    """The morning of the `days`-th working day after the day of `moment` (at least the first)."""
    last = working_days.deadline(moment, days, zone, weekend, holidays)
    return morning_of(last.astimezone(zone).date(), zone)
