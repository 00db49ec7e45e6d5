"""Working days on the town's clock: weekends, holidays, and days that are longer or shorter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.working_days import (
    deadline,
    end_of,
    is_working_day,
    run_out,
    term,
    working_days_between,
)

BOGOTA = ZoneInfo("America/Bogota")
SANTIAGO = ZoneInfo("America/Santiago")
# The clocks went from 4 May 2018 23:30 to midnight.
PYONGYANG = ZoneInfo("Asia/Pyongyang")
ZONES = st.sampled_from(
    [BOGOTA, SANTIAGO, ZoneInfo("Europe/Madrid"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")]
)
WEEKEND = frozenset({5, 6})
# Monday 12 October 2026 is a holiday in Colombia.
HOLIDAYS = frozenset({date(2026, 10, 12)})
NOW = st.integers(1_420_070_400, 1_893_456_000).map(lambda s: datetime.fromtimestamp(s, UTC))
WEEKENDS = st.frozensets(st.integers(0, 6), max_size=6)
FREE = st.frozensets(st.dates(date(2015, 1, 1), date(2031, 1, 1)), max_size=40)


def local(text: str, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "day"),
    [
        # Thursday: the day itself does not count.
        ("2026-10-01T00:00", 1, "2026-10-02"),
        ("2026-10-01T23:59", 1, "2026-10-02"),
        # Friday, Saturday and Sunday all begin on Monday.
        ("2026-10-02T10:00", 1, "2026-10-05"),
        ("2026-10-03T10:00", 1, "2026-10-05"),
        ("2026-10-04T23:00", 1, "2026-10-05"),
        # The holiday's Monday is no working day.
        ("2026-10-09T10:00", 1, "2026-10-13"),
        ("2026-10-05T10:00", 5, "2026-10-13"),
        ("2026-10-05T10:00", 10, "2026-10-20"),
    ],
)
def test_a_term_ends_with_a_working_day(start: str, days: int, day: str) -> None:
    ends = deadline(local(start), days, BOGOTA, WEEKEND, HOLIDAYS)
    assert ends == local(f"{day}T23:59:59")
    assert ends.tzinfo is UTC
    assert working_days_between(local(start), ends, BOGOTA, WEEKEND, HOLIDAYS) == days


def test_the_towns_day_counts_and_not_greenwichs() -> None:
    late = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)  # still Thursday evening in Bogotá
    assert deadline(late, 1, BOGOTA, WEEKEND, ()) == local("2026-10-02T23:59:59")


def test_another_weekend() -> None:
    friday = local("2026-10-02T10:00")
    assert deadline(friday, 1, BOGOTA, (), ()) == local("2026-10-03T23:59:59")
    assert deadline(friday, 1, BOGOTA, {6}, ()) == local("2026-10-03T23:59:59")
    assert deadline(friday, 2, BOGOTA, {6}, ()) == local("2026-10-05T23:59:59")


def test_a_day_that_ends_twice_ends_the_second_time() -> None:
    # Saturday 6 April 2024: at midnight the clocks go back to 23:00.
    ends = deadline(local("2024-04-05T12:00", SANTIAGO), 1, SANTIAGO, {6}, ())
    assert ends == datetime(2024, 4, 7, 3, 59, 59, tzinfo=UTC)
    assert ends + timedelta(seconds=1) == local("2024-04-07T00:00", SANTIAGO)


def test_a_day_whose_last_second_is_missing_ends_on_it_all_the_same() -> None:
    ends = deadline(local("2018-05-03T12:00", PYONGYANG), 1, PYONGYANG, WEEKEND, ())
    assert ends.astimezone(PYONGYANG).date() == date(2018, 5, 4)


@pytest.mark.parametrize(("days", "weekend"), [(0, WEEKEND), (-1, WEEKEND), (1, range(7))])
def test_terms_that_cannot_be(days: int, weekend: frozenset[int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        deadline(local("2026-10-01T10:00"), days, BOGOTA, weekend, ())


def test_a_week_without_work_is_not_counted() -> None:
    at = local("2026-10-01T10:00")
    with pytest.raises(ValueError, match="working day"):
        working_days_between(at, at, BOGOTA, range(7), ())


@given(NOW, st.integers(1, 60), ZONES, WEEKENDS, FREE)
def test_a_deadline_is_that_many_working_days_away(
    start: datetime, days: int, zone: ZoneInfo, weekend: frozenset[int], holidays: frozenset[date]
) -> None:
    ends = deadline(start, days, zone, weekend, holidays)
    assert ends > start
    assert is_working_day(ends.astimezone(zone).date(), weekend, holidays)
    assert working_days_between(start, ends, zone, weekend, holidays) == days
    after = ends + timedelta(seconds=1)
    assert after.astimezone(zone).date() > ends.astimezone(zone).date()
    assert deadline(start, days + 1, zone, weekend, holidays) > ends


@given(NOW, NOW, ZONES, WEEKENDS, FREE)
def test_counting_by_weeks_is_counting_by_days(
    one: datetime, other: datetime, zone: ZoneInfo, weekend: frozenset[int], free: frozenset[date]
) -> None:
    start, end = sorted((one, min(other, one + timedelta(days=400))))
    counted = working_days_between(start, end, zone, weekend, free)
    day, last, expected = start.astimezone(zone).date(), end.astimezone(zone).date(), 0
    while day < last:
        day += timedelta(days=1)
        expected += is_working_day(day, weekend, free)
    assert counted == expected
    assert working_days_between(end, start, zone, weekend, free) == -expected


def test_the_holidays_have_run_out_when_none_is_left_of_the_year_to_come() -> None:
    today = date(2026, 5, 4)
    assert run_out(today, []) and run_out(today, [today, date(2027, 5, 5)])
    assert not run_out(today, [date(2027, 5, 4)]) and not run_out(today, [date(2026, 5, 5)])


def test_the_later_of_the_term_and_the_announced_day_counts() -> None:
    ends = local("2026-05-11T23:59:59")
    assert term(None, None, BOGOTA) is None
    assert term(ends, None, BOGOTA) == term(ends, date(2026, 5, 6), BOGOTA) == ends
    later = date(2026, 6, 30)
    assert term(ends, later, BOGOTA) == term(None, later, BOGOTA) == end_of(later, BOGOTA)
    # Its date is the day that was announced, not the one after it.
    assert end_of(later, BOGOTA).astimezone(BOGOTA).date() == later
