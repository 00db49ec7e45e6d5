"""Quiet hours hold on the town's clock, over midnight and over clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import quiet_hours

BOGOTA = ZoneInfo("America/Bogota")
ZONES = [
    BOGOTA,
    ZoneInfo("Europe/Madrid"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Asia/Kolkata"),
    # Changes its clock by half an hour.
    ZoneInfo("Australia/Lord_Howe"),
]
MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
HOURS = st.integers(0, 23)


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=BOGOTA)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False)]
)
def test_over_midnight(hour: int, quiet: bool) -> None:
    assert quiet_hours.is_quiet(at(hour, 59), BOGOTA, 21, 7) is quiet


@pytest.mark.parametrize(("hour", "quiet"), [(12, False), (13, True), (15, True), (16, False)])
def test_within_a_day(hour: int, quiet: bool) -> None:
    assert quiet_hours.is_quiet(at(hour), BOGOTA, 13, 16) is quiet


def test_nobody_is_quiet_who_has_not_said_so() -> None:
    assert not quiet_hours.is_quiet(at(3), BOGOTA, None, None)
    assert quiet_hours.ends(at(3), BOGOTA, None, None) is None


def test_they_end_at_their_hour() -> None:
    assert quiet_hours.ends(at(22, 30), BOGOTA, 21, 7) == at(7, day=5)
    assert quiet_hours.ends(at(6, 59), BOGOTA, 21, 7) == at(7)
    assert quiet_hours.ends(at(7), BOGOTA, 21, 7) is None


def test_what_is_followed_is_told_at_the_next_full_hour_that_is_not_quiet() -> None:
    assert quiet_hours.gathers_until(at(12, 1), BOGOTA, 21, 7) == at(13)
    assert quiet_hours.gathers_until(at(12), BOGOTA, None, None) == at(13)
    # Half past eight: the full hour is quiet already.
    assert quiet_hours.gathers_until(at(20, 30), BOGOTA, 21, 7) == at(7, day=5)


def test_an_hour_that_the_clock_leaves_out() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    night = datetime(2026, 3, 29, 0, 30, tzinfo=madrid)
    # 02:00 to 03:00 does not exist in that night.
    ended = quiet_hours.ends(night, madrid, 23, 2)
    assert ended == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert ended.astimezone(madrid).hour == 3


@pytest.mark.parametrize(("start", "end"), [(7, 7), (-1, 7), (21, 24)])
def test_hours_that_are_none(start: int, end: int) -> None:
    assert not quiet_hours.valid(start, end)


@given(MOMENTS, st.sampled_from(ZONES), HOURS, HOURS)
def test_they_end_within_a_day_and_not_a_minute_early(
    now: datetime, zone: ZoneInfo, start: int, end: int
) -> None:
    if not quiet_hours.valid(start, end):
        return
    ended = quiet_hours.ends(now, zone, start, end)
    assert (ended is not None) is quiet_hours.is_quiet(now, zone, start, end)
    if ended is None:
        return
    assert now < ended <= now + timedelta(hours=25)
    assert not quiet_hours.is_quiet(ended, zone, start, end)
    assert quiet_hours.is_quiet(ended - timedelta(seconds=1), zone, start, end)


@given(MOMENTS, st.sampled_from(ZONES), HOURS, HOURS)
def test_nothing_is_gathered_into_quiet_hours(
    now: datetime, zone: ZoneInfo, start: int, end: int
) -> None:
    told = quiet_hours.gathers_until(now, zone, start, end)
    assert now < told <= now + timedelta(hours=27)
    if quiet_hours.valid(start, end):
        assert not quiet_hours.is_quiet(told, zone, start, end)
    local = told.astimezone(zone)
    # Half an hour is left out once a year on Lord Howe: there the clock jumps over a full hour.
    assert local.minute == 0 or zone.key == "Australia/Lord_Howe"
