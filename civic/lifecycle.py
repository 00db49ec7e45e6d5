"""The states of a report and the one table of moves between them.

A report never jumps back on its own: reopening is somebody's "No" or a gestor's decision. What is
closed was closed with a reason that the person who told us can read.
"""

from __future__ import annotations

from typing import Final, Literal

RECEIVED: Final = "received"
CONFIRMED: Final = "confirmed"
IN_PROGRESS: Final = "in_progress"
FIXED: Final = "fixed"
CLOSED: Final = "closed"

STATES: Final = (RECEIVED, CONFIRMED, IN_PROGRESS, FIXED, CLOSED)
OPEN: Final = (RECEIVED, CONFIRMED, IN_PROGRESS)
REOPENED: Final = RECEIVED
"""Where a report goes that was not fixed after all: back to the queue, to be looked at anew."""

CITIZEN, GESTOR = "citizen", "gestor"
_STAFF = frozenset({GESTOR, "admin"})
_BOTH = _STAFF | {CITIZEN}

MOVES: Final[dict[tuple[str, str], frozenset[str]]] = {
    (RECEIVED, CONFIRMED): _STAFF,
    (RECEIVED, IN_PROGRESS): _STAFF,
    (RECEIVED, FIXED): _STAFF,
    (RECEIVED, CLOSED): _STAFF,
    (CONFIRMED, IN_PROGRESS): _STAFF,
    (CONFIRMED, FIXED): _STAFF,
    (CONFIRMED, CLOSED): _STAFF,
    (IN_PROGRESS, CONFIRMED): _STAFF,
    (IN_PROGRESS, FIXED): _STAFF,
    (IN_PROGRESS, CLOSED): _STAFF,
    (FIXED, REOPENED): _BOTH,
    (FIXED, IN_PROGRESS): _STAFF,
    (FIXED, CLOSED): _STAFF,
    (CLOSED, REOPENED): _STAFF,
}
"""Every legal move and who may make it; a citizen's only move is a first "No"."""


def may_move(before: str, after: str, role: str) -> bool:
    """Whether a role (citizen, gestor, admin) may move a report from one state to another."""
    return role in MOVES.get((before, after), frozenset())


def next_states(before: str, role: str) -> tuple[str, ...]:
    """Where a role may move a report that is in a state, in the order of a report's life."""
    return tuple(after for after in STATES if may_move(before, after, role))


def needs_reason(after: str) -> bool:
    """Whether a move into a state must carry a reason."""
    return after == CLOSED


def after_no(reopened: int) -> Literal["reopen", "ask_gestor"]:
    """What a "No" to "was it fixed?" does, by how often the report was reopened before."""
    return "reopen" if reopened == 0 else "ask_gestor"
