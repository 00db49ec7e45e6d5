"""The states of a report and the one table of moves between them.

A report never jumps back on its own: reopening is somebody's "No" or a gestor's decision. What is
closed was closed with a reason that the people who told us can read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

RECEIVED: Final = "received"
CONFIRMED: Final = "confirmed"
INVESTIGATING: Final = "investigating"
PLANNED: Final = "planned"
IN_PROGRESS: Final = "in_progress"
FIXED: Final = "fixed"
CLOSED: Final = "closed"
HIDDEN: Final = "hidden"

STATES: Final = (
    RECEIVED,
    CONFIRMED,
    INVESTIGATING,
    PLANNED,
    IN_PROGRESS,
    FIXED,
    CLOSED,
    HIDDEN,
)
OPEN: Final = (RECEIVED, CONFIRMED, INVESTIGATING, PLANNED, IN_PROGRESS)
REOPENED: Final = RECEIVED
"""Where a report goes that was not fixed after all: back to the queue, to be looked at anew."""

BODY, USERS = "body", "users"
"""Who fixed it: the body that is responsible, or the people who use the place."""

NO_ACTION: Final = "no_action"
NOT_RESPONSIBLE: Final = "not_responsible"
DUPLICATE: Final = "duplicate"
NOT_NEEDED: Final = "not_needed"
CLOSINGS: Final = (NO_ACTION, NOT_RESPONSIBLE, DUPLICATE, NOT_NEEDED)
"""Why a report is closed: nothing more will be done; it is somebody else's (who is told); another
report tells the same; it is needed no longer (or was withdrawn)."""

CITIZEN, GESTOR = "citizen", "gestor"
_STAFF = frozenset({GESTOR, "admin"})
_BOTH = _STAFF | {CITIZEN}


def _table() -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    for before in OPEN:
        for after in OPEN:
            # Back to the queue goes only what was finished, and then was not.
            if after not in (before, RECEIVED):
                yield (before, after), _STAFF
        # Whoever told it may say that it is mended already, or take it back.
        yield (before, FIXED), _BOTH
        yield (before, CLOSED), _BOTH
        yield (before, HIDDEN), _STAFF
    yield (FIXED, REOPENED), _BOTH
    yield (FIXED, IN_PROGRESS), _STAFF
    yield (FIXED, CLOSED), _STAFF
    yield (FIXED, HIDDEN), _STAFF
    yield (CLOSED, REOPENED), _STAFF
    yield (CLOSED, HIDDEN), _STAFF
    yield (HIDDEN, REOPENED), _STAFF


MOVES: Final[dict[tuple[str, str], frozenset[str]]] = dict(_table())
"""Every legal move and who may make it. A citizen moves only what they told; a "No" of anybody who
was asked reopens it once."""


def may_move(before: str, after: str, role: str) -> bool:
    """Whether a role (citizen, gestor, admin) may move a report from one state to another."""
    return role in MOVES.get((before, after), frozenset())


def next_states(before: str, role: str) -> tuple[str, ...]:
    """Where a role may move a report that is in a state, in the order of a report's life."""
    return tuple(after for after in STATES if may_move(before, after, role))


def needs_reason(after: str) -> bool:
    """Whether a move into a state must carry a reason that people read."""
    return after == CLOSED


def after_no(reopened: int) -> Literal["reopen", "ask_gestor"]:
    """What a "No" to "was it fixed?" does, by how often the report was reopened before."""
    return "reopen" if reopened == 0 else "ask_gestor"


NEIGHBOURS: Final = 3
"""So many different people saying Yes make a repair confirmed by neighbours."""


def confirmed_by_neighbours(yes: int) -> bool:
    """Whether enough different people have said that it was fixed."""
    return yes >= NEIGHBOURS
