"""Nobody is told of their work at midnight or on a holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import mornings
from civic.working_days import is_working_day

BOGOTA, MADRID = ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid")
WEEKEND = frozenset({5, 6})
EARLIEST, LATEST = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")


def at(text: str, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-05-04T07:59", "2026-05-04T08:00"),
        ("2026-05-04T08:00", "2026-05-05T08:00"),
        ("2026-05-04T23:59:59", "2026-05-05T08:00"),
        ("2026-05-08T12:00", "2026-05-11T08:00"),
        ("2026-05-09T07:00", "2026-05-11T08:00"),
        # A holiday on Thursday.
        ("2026-05-13T09:00", "2026-05-15T08:00"),
        ("2026-05-14T07:00", "2026-05-15T08:00"),
    ],
)
def test_the_next_morning(now: str, morning: str) -> None:
    holidays = {date(2026, 5, 14)}
    assert mornings.next_morning(at(now), BOGOTA, WEEKEND, holidays) == at(morning)


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ("2026-05-04T07:59", False),
        ("2026-05-04T08:00", True),
        ("2026-05-04T20:00", True),
        ("2026-05-04T20:01", False),
        ("2026-05-05T03:00", False),
        ("2026-05-09T09:00", False),
        ("2026-05-14T09:00", False),
    ],
)
def test_people_are_at_work_from_eight_on_a_working_day(now: str, there: bool) -> None:
    assert mornings.at_work(at(now), BOGOTA, WEEKEND, {date(2026, 5, 14)}) == there


def test_two_working_days_later() -> None:
    friday = at("2026-05-08T08:00")
    assert mornings.mornings_later(friday, 2, BOGOTA, WEEKEND, ()) == at("2026-05-12T08:00")


@given(
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.sampled_from([BOGOTA, MADRID, ZoneInfo("Pacific/Auckland")]),
    st.frozensets(st.integers(0, 6), max_size=6),
)
def test_it_is_always_to_come_and_always_a_working_day(
    now: datetime, zone: ZoneInfo, weekend: frozenset[int]
) -> None:
    found = mornings.next_morning(now, zone, weekend, ())
    there = found.astimezone(zone)
    assert now < found <= now + timedelta(days=8)
    assert is_working_day(there.date(), weekend, ())
    assert there.hour == 8
