"""Civic lifecycle: the table of moves, closing and reopening."""

from __future__ import annotations

import itertools

import pytest

from civic import lifecycle
from civic.lifecycle import CLOSED, CONFIRMED, FIXED, IN_PROGRESS, RECEIVED, STATES, may_move


def test_the_words_are_those_in_the_database() -> None:
    # Rows hold these words: another spelling would lose every report there is.
    assert STATES == ("received", "confirmed", "in_progress", "fixed", "closed")
    assert lifecycle.OPEN == ("received", "confirmed", "in_progress")


def test_staying_is_no_move() -> None:
    assert not any(may_move(state, state, "admin") for state in STATES)


@pytest.mark.parametrize("role", ["gestor", "admin"])
def test_gestores_can_end_and_reopen_everything(role: str) -> None:
    for before in STATES:
        if before != CLOSED:
            assert may_move(before, CLOSED, role)
    for ended in (FIXED, CLOSED):
        assert may_move(ended, lifecycle.REOPENED, role)
    assert lifecycle.REOPENED in lifecycle.OPEN


def test_a_citizen_only_reopens_what_was_said_to_be_fixed() -> None:
    allowed = [m for m in itertools.product(STATES, STATES) if may_move(*m, "citizen")]
    assert allowed == [(FIXED, RECEIVED)]


@pytest.mark.parametrize("role", ["leader", "", "anyone"])
def test_others_move_nothing(role: str) -> None:
    assert not any(may_move(a, b, role) for a, b in itertools.product(STATES, STATES))


def test_the_closed_are_not_fixed_without_being_reopened() -> None:
    assert not may_move(CLOSED, FIXED, "admin")
    assert lifecycle.next_states(CLOSED, "gestor") == (RECEIVED,)
    assert lifecycle.next_states(RECEIVED, "gestor") == (CONFIRMED, IN_PROGRESS, FIXED, CLOSED)
    assert lifecycle.next_states("nonsense", "gestor") == ()


def test_only_closing_needs_a_reason() -> None:
    assert [state for state in STATES if lifecycle.needs_reason(state)] == [CLOSED]


def test_the_first_no_reopens_and_the_next_asks() -> None:
    assert [lifecycle.after_no(n) for n in range(4)] == [
        "reopen",
        "ask_gestor",
        "ask_gestor",
        "ask_gestor",
    ]
