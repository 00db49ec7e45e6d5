"""Civic ballot: one person, one mark a vote; a lost secret stops voting and never doubles it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.ballot import WeakSecret, may_cast, secret_mark, voter_key

SECRET = b"0123456789abcdef0123456789abcdef"
NUMBERS = st.tuples(st.integers(1, 2**31), st.integers(1, 2**52))


def test_one_person_has_one_key_in_a_vote() -> None:
    assert voter_key(SECRET, 1, 42) == voter_key(SECRET, 1, 42)
    assert len(voter_key(SECRET, 1, 42)) == 64


@given(NUMBERS, NUMBERS)
def test_keys_differ_by_vote_and_person(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert (voter_key(SECRET, *a) == voter_key(SECRET, *b)) == (a == b)


def test_numbers_do_not_run_together() -> None:
    assert voter_key(SECRET, 1, 23) != voter_key(SECRET, 12, 3)


def test_the_key_is_of_the_secret() -> None:
    assert voter_key(SECRET, 1, 42) != voter_key(SECRET[::-1], 1, 42)


def test_the_mark_of_the_secret_is_nobodys_key() -> None:
    assert secret_mark(SECRET, 1) != secret_mark(SECRET, 2)
    assert secret_mark(SECRET, 1) not in {voter_key(SECRET, 1, n) for n in range(100)}


def test_with_the_secret_lost_or_changed_nobody_votes() -> None:
    mark = secret_mark(SECRET, 5)
    assert may_cast(SECRET, 5, mark)
    assert not may_cast(SECRET[::-1], 5, mark)
    assert not may_cast(None, 5, mark)
    assert not may_cast(b"short", 5, mark)
    assert not may_cast(SECRET, 6, mark)


def test_a_vote_without_ballots_takes_any_proper_secret() -> None:
    assert may_cast(SECRET, 5, None)
    assert not may_cast(None, 5, None)
    assert not may_cast(b"", 5, None)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(WeakSecret):
        voter_key(b"short", 1, 1)
    with pytest.raises(WeakSecret):
        secret_mark(b"", 1)
