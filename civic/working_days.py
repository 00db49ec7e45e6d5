"""Working days: a term begins the day after, and runs out when the town's last working day ends.

`weekend` holds the days of the week on which nobody works (0 is Monday), `holidays` the dates.
Moments are aware; results are UTC. A day is a day of the town's clock, whatever its length.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LAST_SECOND: Final = time(23, 59, 59)
A_YEAR: Final = timedelta(days=365)


def is_working_day(day: date, weekend: Collection[int], holidays: Collection[date]) -> bool:
    """Whether people work on a day."""
    return day.weekday() not in weekend and day not in holidays


def run_out(today: date, holidays: Collection[date]) -> bool:
    """Whether no holiday lies in the coming year: somebody has to add the next ones."""
    return not any(timedelta() < day - today <= A_YEAR for day in holidays)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day: it lies within it, so that its date is the day people are told."""
    # fold=1: where clocks go back over midnight the last second comes twice, and the second is
    # the end.
    return datetime.combine(day, LAST_SECOND, zone).replace(fold=1).astimezone(UTC)


def term(due_at: datetime | None, expected_on: date | None, zone: ZoneInfo) -> datetime | None:
    """When somebody's time is over: the end of their term, or of the day they announced if that is
    later."""
    ends = [due_at] if due_at is not None else []
    if expected_on is not None:
        ends.append(end_of(expected_on, zone))
    return max(ends, default=None)


def deadline(
    start: datetime,
    days: int,
    zone: ZoneInfo,
    weekend: Collection[int],
    holidays: Collection[date],
) -> datetime:
    """The last second of the `days`-th working day after the day of `start`.

    Raises ValueError for fewer than one day, or a week without a working day.
    """
    if days < 1:
        raise ValueError("a term has at least one day")
    _must_work(weekend)
    day = start.astimezone(zone).date()
    left = days
    while left:
        day += timedelta(days=1)
        if is_working_day(day, weekend, holidays):
            left -= 1
    return end_of(day, zone)


def working_days_between(
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    weekend: Collection[int],
    holidays: Collection[date],
) -> int:
    """How many working days lie after the day of `start`, up to and with the day of `end`.

    Negative when `end` is on an earlier day than `start`; 0 on the same day, and when only free
    days lie between. Raises ValueError for a week without a working day.
    """
    _must_work(weekend)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    if last < first:
        return -working_days_between(end, start, zone, weekend, holidays)
    weeks, rest = divmod((last - first).days, 7)
    working = frozenset(range(7)) - frozenset(weekend)
    count = weeks * len(working)
    count += sum((last.weekday() - back) % 7 in working for back in range(rest))
    return count - sum(first < day <= last and day.weekday() in working for day in set(holidays))


def _must_work(weekend: Collection[int]) -> None:
    if frozenset(range(7)) <= frozenset(weekend):
        raise ValueError("a week needs a working day")
