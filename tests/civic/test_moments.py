"""Civic moments: wall time across changes of the clock, reminders and digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moments import days_later, next_digest, reminders, to_local, to_utc

BOGOTA = ZoneInfo("America/Bogota")
# Clocks: 8 September 2024 00:00 -> 01:00; 7 April 2024 00:00 -> 23:00 the day before.
SANTIAGO = ZoneInfo("America/Santiago")
MADRID = ZoneInfo("Europe/Madrid")
KOLKATA = ZoneInfo("Asia/Kolkata")
ZONES = st.sampled_from([BOGOTA, SANTIAGO, MADRID, KOLKATA, ZoneInfo("America/Sao_Paulo")])
NOW = st.integers(1_420_070_400, 1_893_456_000).map(lambda s: datetime.fromtimestamp(s, UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_plain_wall_time() -> None:
    assert to_utc("2026-05-01T18:30", BOGOTA) == utc("2026-05-01T23:30")
    assert to_local(utc("2026-05-01T23:30"), BOGOTA) == "2026-05-01T18:30"


def test_an_hour_that_does_not_exist_is_as_much_later() -> None:
    assert to_local(to_utc("2024-03-31T02:30", MADRID), MADRID) == "2024-03-31T03:30"
    assert to_utc("2024-03-31T02:30", MADRID) == utc("2024-03-31T01:30")
    assert to_local(to_utc("2024-09-08T00:15", SANTIAGO), SANTIAGO) == "2024-09-08T01:15"


def test_an_hour_that_comes_twice_is_the_first() -> None:
    assert to_utc("2024-10-27T02:30", MADRID) == utc("2024-10-27T00:30")
    assert to_utc("2024-04-06T23:30", SANTIAGO) == utc("2024-04-07T02:30")


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-05-01T18:30-05:00", "2026-05-01T18:30Z"])
def test_what_is_no_wall_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_utc(text, BOGOTA)


@given(NOW, ZONES)
def test_wall_time_and_back(now: datetime, zone: ZoneInfo) -> None:
    local = to_local(now, zone)
    again = to_utc(local, zone)
    assert to_local(again, zone) == local
    assert again <= now < again + timedelta(hours=1, minutes=1)


def test_the_day_before_at_the_same_hour_of_the_clock() -> None:
    told = reminders("2024-03-31T18:00", MADRID, utc("2024-03-20T00:00"))
    # The night between loses an hour: 23 hours pass from 18:00 to 18:00.
    assert told == [("24h", utc("2024-03-30T17:00")), ("1h", utc("2024-03-31T15:00"))]


def test_one_hour_before_is_an_hour_however_the_clock_turns() -> None:
    told = dict(reminders("2024-03-31T03:15", MADRID, utc("2024-03-20T00:00")))
    assert told["1h"] == utc("2024-03-31T00:15")
    assert to_local(told["1h"], MADRID) == "2024-03-31T01:15"
    # The day before a gap hour exists; the day before which is a gap comes later.
    assert told["24h"] == utc("2024-03-30T02:15")
    after = dict(reminders("2024-04-01T02:30", MADRID, utc("2024-03-20T00:00")))
    assert to_local(after["24h"], MADRID) == "2024-03-31T03:30"


def test_what_is_past_is_left_out() -> None:
    starts = "2026-05-01T18:30"
    day, hour = utc("2026-04-30T23:30"), utc("2026-05-01T22:30")

    def names(now: datetime) -> list[str]:
        return [name for name, _ in reminders(starts, BOGOTA, now)]

    assert names(day - timedelta(seconds=1)) == ["24h", "1h"]
    assert names(day) == ["1h"]
    assert names(hour - timedelta(seconds=1)) == ["1h"]
    assert names(hour) == []
    assert names(hour + timedelta(days=9)) == []


@given(NOW, ZONES, st.integers(0, 60 * 24 * 10))
def test_reminders_lie_between_now_and_the_start(
    now: datetime, zone: ZoneInfo, minutes: int
) -> None:
    local = to_local(now + timedelta(minutes=minutes), zone)
    starts = to_utc(local, zone)
    told = reminders(local, zone, now)
    assert all(now < at < starts for _, at in told)
    assert [at for _, at in told] == sorted(at for _, at in told)


def test_days_later_keeps_the_hour() -> None:
    fixed = to_utc("2024-03-20T10:00", MADRID)
    assert to_local(days_later(fixed, 28, MADRID), MADRID) == "2024-04-17T10:00"
    assert days_later(fixed, 28, MADRID) - fixed == timedelta(days=28, hours=-1)


def test_the_next_digest() -> None:
    now = utc("2026-05-01T12:59")  # 07:59 in Bogotá
    assert next_digest("now", now, BOGOTA) is None
    assert next_digest("hourly", now, BOGOTA) == utc("2026-05-01T13:00")
    assert next_digest("daily", now, BOGOTA) == utc("2026-05-01T13:00")
    assert next_digest("daily", utc("2026-05-01T13:00"), BOGOTA) == utc("2026-05-02T13:00")
    assert next_digest("hourly", utc("2026-05-01T13:00"), BOGOTA) == utc("2026-05-01T14:00")
    assert next_digest("hourly", now, KOLKATA) == utc("2026-05-01T13:30")
    with pytest.raises(ValueError, match="hourly"):
        next_digest("weekly", now, BOGOTA)


@given(NOW, ZONES)
def test_digests_come_soon_and_at_their_hour(now: datetime, zone: ZoneInfo) -> None:
    hourly, daily = next_digest("hourly", now, zone), next_digest("daily", now, zone)
    assert hourly is not None and daily is not None
    assert now < hourly <= now + timedelta(hours=1)
    assert hourly.astimezone(zone).minute == 0
    assert now < daily <= now + timedelta(hours=25)
    assert to_local(daily, zone).endswith("T08:00")
