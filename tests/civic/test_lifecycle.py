"""Civic lifecycle: the table of moves, closing and reopening."""

from __future__ import annotations

import itertools

import pytest

from civic import lifecycle
from civic.lifecycle import CLOSED, FIXED, HIDDEN, RECEIVED, STATES, may_move


def test_the_words_are_those_in_the_database() -> None:
    # Rows hold these words: another spelling would lose every report there is.
    assert STATES == (
        "received",
        "confirmed",
        "investigating",
        "planned",
        "in_progress",
        "fixed",
        "closed",
        "hidden",
    )
    assert STATES[:5] == lifecycle.OPEN
    assert lifecycle.CLOSINGS == ("no_action", "not_responsible", "duplicate", "not_needed")


def test_staying_is_no_move() -> None:
    assert not any(may_move(state, state, "admin") for state in STATES)


@pytest.mark.parametrize("role", ["gestor", "admin"])
def test_gestores_can_end_and_reopen_everything(role: str) -> None:
    for before in STATES:
        if before not in (CLOSED, HIDDEN):
            assert may_move(before, CLOSED, role)
    for ended in (FIXED, CLOSED, HIDDEN):
        assert may_move(ended, lifecycle.REOPENED, role)
    assert lifecycle.REOPENED in lifecycle.OPEN


def test_a_citizen_mends_takes_back_and_reopens_and_nothing_else() -> None:
    allowed = [m for m in itertools.product(STATES, STATES) if may_move(*m, "citizen")]
    assert set(allowed) == {(FIXED, RECEIVED)} | {
        (before, after) for before in lifecycle.OPEN for after in (FIXED, CLOSED)
    }


def test_nothing_that_is_open_goes_back_to_the_queue() -> None:
    assert not any(may_move(before, RECEIVED, "admin") for before in lifecycle.OPEN)


@pytest.mark.parametrize("role", ["leader", "", "anyone"])
def test_others_move_nothing(role: str) -> None:
    assert not any(may_move(a, b, role) for a, b in itertools.product(STATES, STATES))


def test_the_closed_are_not_fixed_without_being_reopened() -> None:
    assert not may_move(CLOSED, FIXED, "admin")
    assert lifecycle.next_states(CLOSED, "gestor") == (RECEIVED, HIDDEN)
    assert lifecycle.next_states(HIDDEN, "admin") == (RECEIVED,)
    assert lifecycle.next_states(RECEIVED, "gestor") == STATES[1:]
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


def test_three_different_neighbours_confirm_a_repair() -> None:
    assert [lifecycle.confirmed_by_neighbours(n) for n in range(5)] == [False] * 3 + [True] * 2
