"""Counts add up, times are the middle one and nine in ten, and a count can be put away."""

from __future__ import annotations

import json
import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.figures import ELSEWHERE, Figures, Tally, ranked, together
from civic.lifecycle import CLOSED, DUPLICATE, FIXED, HIDDEN, NO_ACTION, RECEIVED, STATES

NOON = datetime(2026, 5, 4, 17, tzinfo=UTC)
Report = tuple[int, int | None, str, int | None, bool, bool]
"""Its category, its territory, its state, the hours its repair took (None: it was told in this
time), were neighbours asked, did they confirm it."""


def tally(*hours: float) -> Tally:
    """Repairs that took so many hours."""
    made = Tally()
    for each in hours:
        made.add_repair(NOON, NOON + timedelta(hours=each), asked=False, confirmed=False)
    return made


def test_what_is_neither_fixed_nor_closed_is_open() -> None:
    made = Tally()
    for state in (FIXED, FIXED, CLOSED, RECEIVED, RECEIVED):
        made.add_told(state)
    assert (made.told, made.fixed, made.closed, made.open, made.repairs) == (5, 2, 1, 2, 0)


def test_only_whoever_was_asked_can_have_confirmed() -> None:
    made = Tally()
    for asked, confirmed in ((True, True), (True, False), (False, False), (False, True)):
        made.add_repair(NOON, NOON, asked=asked, confirmed=confirmed)
    assert (made.repairs, made.asked, made.confirmed, made.told) == (4, 2, 1, 0)


def test_what_is_hidden_or_told_elsewhere_counts_nowhere() -> None:
    figures = Figures()
    figures.add_told(1, 1, HIDDEN, None)
    figures.add_told(1, 1, CLOSED, DUPLICATE)
    assert figures == Figures()
    figures.add_told(1, 1, CLOSED, NO_ACTION)
    assert (figures.whole.told, figures.whole.closed) == (1, 1)


def test_nobody_waited_for_nothing() -> None:
    assert Tally().within(0.5) is None
    # A clock that was set back.
    assert tally(-5).within(0.9) == 0


@pytest.mark.parametrize(("took", "hours"), [(0.01, 1), (1, 1), (1.01, 2), (71.5, 72)])
def test_an_hour_that_was_begun_is_one(took: float, hours: int) -> None:
    assert tally(took).within(0.5) == hours


@given(st.lists(st.integers(0, 2000), min_size=1))
def test_half_and_nine_in_ten(hours: list[int]) -> None:
    made = tally(*hours)
    half, most = made.within(0.5), made.within(0.9)
    assert half == statistics.median_low(hours)
    assert most is not None
    assert sum(each <= most for each in hours) >= 0.9 * len(hours)
    assert sum(each < most for each in hours) < 0.9 * len(hours)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.none() | st.integers(1, 2),
            st.sampled_from(STATES),
            st.none() | st.integers(0, 500),
            st.booleans(),
            st.booleans(),
        )
    ),
    st.integers(0, 20),
)
def test_a_count_is_put_away_and_gone_on_with(reports: list[Report], cut: int) -> None:
    whole, part = Figures(), Figures()
    for at, (category, territory, state, hours, asked, confirmed) in enumerate(reports):
        if at == cut:
            part = Figures.of(json.loads(json.dumps(part.plain())))
        for figures in (whole, part):
            if hours is None:
                figures.add_told(category, territory, state, None)
            else:
                fixed_at = NOON + timedelta(hours=hours)
                figures.add_repair(
                    category, territory, NOON, fixed_at, asked=asked, confirmed=confirmed
                )
    assert part == whole
    told = [each for each in reports if each[3] is None and each[2] != HIDDEN]
    repairs = [each for each in reports if each[3] is not None]
    assert (whole.whole.told, whole.whole.repairs) == (len(told), len(repairs))
    for parts in (whole.categories, whole.territories):
        assert together(parts.values()) == whole.whole
    assert (ELSEWHERE in whole.territories) == any(
        territory is None for _, territory, *_ in told + repairs
    )


def test_the_most_reports_first() -> None:
    some, more = Tally(told=1), Tally(told=2)
    assert [n for n, _ in ranked({3: some, 1: more, 2: tally(5, 6), 4: tally(5)})] == [1, 3, 2, 4]
