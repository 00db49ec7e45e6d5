"""So many in an hour and in a day, and the moment after the wait is free."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.flood import ADDITIONS, BREATH, LIMITS, MOST, breathes_until, free_at
from tests.conftest import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_eight_in_an_hour() -> None:
    told = [NOON - n * MINUTE for n in range(1, 9)]
    assert free_at(told[:7], NOON) is None
    assert free_at(told, NOON) == NOON - 8 * MINUTE + HOUR
    assert free_at(told, NOON - 8 * MINUTE + HOUR) is None


def test_twenty_in_a_day() -> None:
    told = [NOON - n * 60 * MINUTE for n in range(1, 21)]
    assert free_at(told, NOON) == told[-1] + 24 * HOUR
    assert free_at(told[:19], NOON) is None


@given(st.lists(st.integers(0, 60 * 60 * 36), max_size=60).map(sorted))
def test_nobody_ever_tells_more_than_the_limits(seconds: list[int]) -> None:
    told: list[datetime] = []
    for at in (NOON + timedelta(seconds=s) for s in seconds):
        newest_first = told[::-1][:MOST]
        free = free_at(newest_first, at)
        if free is None:
            told.append(at)
        else:
            # Whoever comes back then is not sent away again.
            assert at < free
            assert free_at(newest_first, free) is None
    for span, most in LIMITS:
        for first in told:
            assert sum(first <= one < first + span for one in told) <= most


def test_what_is_added_has_limits_of_its_own() -> None:
    added = [NOON - n * MINUTE for n in range(1, 11)]
    assert free_at(added[:9], NOON, ADDITIONS) is None
    assert free_at(added, NOON, ADDITIONS) == added[-1] + HOUR


@given(st.integers(0, 60 * 60 * 24))
def test_all_take_breath_at_the_same_moments(seconds: int) -> None:
    at = NOON + timedelta(seconds=seconds)
    until = breathes_until(at)
    assert at < until <= at + BREATH and (until - NOON) % BREATH == timedelta()
