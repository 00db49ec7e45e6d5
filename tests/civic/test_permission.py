"""Civic permission: every need against every grant, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import permission
from civic.permission import ADMIN, CITIZEN, GESTOR, LEADER, allows
from storage import person as stored

NOBODY: list[permission.Grant] = []
LEADS_7 = [(LEADER, 7)]

TABLE = [
    # needed, grants, group, allowed
    (CITIZEN, NOBODY, None, True),
    (LEADER, NOBODY, None, False),
    (LEADER, NOBODY, 7, False),
    (GESTOR, NOBODY, None, False),
    (ADMIN, NOBODY, None, False),
    (LEADER, LEADS_7, None, True),
    (LEADER, LEADS_7, 7, True),
    (LEADER, LEADS_7, 8, False),
    (LEADER, [(LEADER, 8), (LEADER, 7)], 7, True),
    (LEADER, [(LEADER, None)], 7, False),
    (LEADER, [(LEADER, None)], None, False),
    (GESTOR, LEADS_7, 7, False),
    (ADMIN, LEADS_7, 7, False),
    (LEADER, [(GESTOR, None)], 7, True),
    (GESTOR, [(GESTOR, None)], None, True),
    (ADMIN, [(GESTOR, None)], None, False),
    (LEADER, [(ADMIN, None)], 7, True),
    (GESTOR, [(ADMIN, None)], None, True),
    (ADMIN, [(ADMIN, None)], None, True),
    (GESTOR, [("king", None)], None, False),
]


@pytest.mark.parametrize(("needed", "grants", "group", "allowed"), TABLE)
def test_table(
    needed: str, grants: list[permission.Grant], group: int | None, allowed: bool
) -> None:
    assert allows(needed, grants, group) is allowed


def test_an_unknown_need_is_never_met() -> None:
    with pytest.raises(ValueError, match="no role"):
        allows("gestora", [(ADMIN, None)])


def test_the_words_are_those_in_the_database() -> None:
    assert (stored.ADMIN, stored.GESTOR, stored.LEADER) == (ADMIN, GESTOR, LEADER)


GRANTS = st.lists(
    st.tuples(st.sampled_from([CITIZEN, LEADER, GESTOR, ADMIN]), st.none() | st.integers(1, 4))
)


@given(GRANTS, GRANTS, st.sampled_from([LEADER, GESTOR, ADMIN]), st.none() | st.integers(1, 4))
def test_grants_only_add(
    some: list[permission.Grant], more: list[permission.Grant], needed: str, group: int | None
) -> None:
    if allows(needed, some, group):
        assert allows(needed, some + more, group)
    assert allows(needed, some + more, group) == (
        allows(needed, some, group) or allows(needed, more, group)
    )
