"""Civic count: ties, void ballots, and independence from any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.count import count

OPTIONS = [11, 12, 13, 14]
BALLOTS = st.lists(st.lists(st.sampled_from([*OPTIONS, 99]), max_size=4), max_size=30)


def test_a_plain_count() -> None:
    result = count(OPTIONS, [[11, 12], [12], [12, 14], [14]], 2)
    assert result.ballots == 4
    assert result.totals == ((11, 1), (12, 3), (13, 0), (14, 2))
    assert result.winners == (12,)
    assert not result.tied


def test_ties_share_the_first_place() -> None:
    result = count(OPTIONS, [[14], [12], [12, 14], [11]], 2)
    assert result.winners == (12, 14)
    assert result.tied


def test_void_ballots_are_counted_and_weigh_nothing() -> None:
    result = count(OPTIONS, [[], [99], [11, 12, 13], [11, 99], [13, 13]], 2)
    assert (result.ballots, result.void) == (5, 4)
    assert result.totals == ((11, 0), (12, 0), (13, 1), (14, 0))


def test_nobody_came() -> None:
    result = count(OPTIONS, [], 2)
    assert result.winners == ()
    assert not result.tied
    assert result.ballots == 0


def test_what_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="twice"):
        count([1, 1], [], 1)
    with pytest.raises(ValueError, match="at least one"):
        count([1, 2], [], 0)


@given(BALLOTS, st.integers(1, 4))
def test_order_changes_nothing_and_everything_adds_up(
    ballots: list[list[int]], at_most: int
) -> None:
    result = count(OPTIONS, ballots, at_most)
    shuffled = [list(reversed(ballot)) for ballot in reversed(ballots)]
    assert count(OPTIONS, shuffled, at_most) == result
    assert result.ballots == len(ballots)
    valid = result.ballots - result.void
    totals = dict(result.totals)
    assert valid <= sum(totals.values()) <= valid * at_most
    assert all(totals[w] == max(totals.values()) for w in result.winners)
    assert (result.winners == ()) == (valid == 0)
