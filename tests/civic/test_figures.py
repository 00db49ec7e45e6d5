"""Counts add up, times are the middle one and nine in ten, and a count can be put away."""

from __future__ import annotations

import json
import statistics
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.figures import ELSEWHERE, Figures, Tally, ranked, together
from civic.lifecycle import CLOSED, FIXED, HIDDEN, RECEIVED, STATES

NOON = datetime(2026, 5, 4, 17, tzinfo=UTC)
Told = tuple[int, int | None, str, int | None, bool]
"""A report: its category, its territory, its state, hours until it was fixed, was it confirmed."""


def tally(*hours: int) -> Tally:
    """Repairs that took so many hours."""
    made = Tally()
    for each in hours:
        made.add(FIXED, NOON, NOON + timedelta(hours=each), False)
    return made


def test_what_is_neither_fixed_nor_closed_is_open() -> None:
    made = tally(1, 2)
    made.add(CLOSED, NOON, None, False)
    made.add(RECEIVED, NOON, None, False)
    # Fixed once, and opened again: it is open.
    made.add(RECEIVED, NOON, NOON + timedelta(hours=3), True)
    assert (made.told, made.fixed, made.closed, made.open, made.confirmed) == (5, 2, 1, 2, 0)


def test_nobody_waited_for_nothing() -> None:
    assert Tally().within(0.5) is None
    # A clock that was set back.
    assert tally(-5).within(0.9) == 0


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
        )
    ),
    st.integers(0, 20),
)
def test_a_count_is_put_away_and_gone_on_with(reports: list[Told], cut: int) -> None:
    whole, part = Figures(), Figures()
    for at, (category, territory, state, hours, confirmed) in enumerate(reports):
        fixed = None if hours is None else NOON + timedelta(hours=hours)
        if at == cut:
            part = Figures.of(json.loads(json.dumps(part.plain())))
        for figures in (whole, part):
            figures.add(
                category=category,
                territory=territory,
                state=state,
                told_at=NOON,
                fixed_at=fixed,
                confirmed=confirmed,
            )
    assert part == whole
    assert whole.whole.told == sum(state != HIDDEN for _, _, state, _, _ in reports)
    for parts in (whole.categories, whole.territories):
        assert together(parts.values()) == whole.whole
    assert (ELSEWHERE in whole.territories) == any(
        territory is None and state != HIDDEN for _, territory, state, _, _ in reports
    )


def test_the_most_reports_first() -> None:
    assert [n for n, _ in ranked({3: tally(1), 1: tally(1, 2), 2: tally(5)})] == [1, 2, 3]
