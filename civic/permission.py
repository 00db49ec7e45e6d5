"""Who may do what: each role includes the next, and a leader's reaches one working group only.

admin > gestor > leader (of a group) > citizen. Nothing here reads a name or a chat: only grants.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

CITIZEN: Final = "citizen"
LEADER: Final = "leader"
GESTOR: Final = "gestor"
ADMIN: Final = "admin"

Grant = tuple[str, int | None]
"""A role somebody holds, and the group it is for (a leader's) or None."""

INCLUDES: Final[dict[str, frozenset[str]]] = {
    CITIZEN: frozenset({CITIZEN}),
    LEADER: frozenset({CITIZEN, LEADER}),
    GESTOR: frozenset({CITIZEN, LEADER, GESTOR}),
    ADMIN: frozenset({CITIZEN, LEADER, GESTOR, ADMIN}),
}
"""What each role may do: its own things and those of the roles it includes."""


def allows(needed: str, grants: Iterable[Grant], group_id: int | None = None) -> bool:
    """Whether somebody with these grants may do what needs a role.

    A leader's grant counts for its own group, or for what concerns no group in particular
    (`group_id` None). A citizen is anybody. Raises ValueError for a role there is not: an action
    that asks for one must fail, not pass.
    """
    if needed not in INCLUDES:
        raise ValueError(f"there is no role {needed!r}")
    if needed == CITIZEN:
        return True
    for role, group in grants:
        if needed not in INCLUDES.get(role, frozenset()):
            continue
        if role != LEADER:
            return True
        if group is not None and group_id in (None, group):
            return True
    return False
