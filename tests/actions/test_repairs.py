"""Every repair is one of its own: what was said of the one before does not count for it."""

from __future__ import annotations

from functools import partial

import pytest

from actions import casework, team_card, verdicts
from actions import report_words as words
from actions.act import Refused
from civic.lifecycle import CLOSED, FIXED, HIDDEN, IN_PROGRESS, RECEIVED
from storage.support import NO, YES
from tests.actions.stage import Stage, keys, reason
from tests.actions.test_follow_ups import Street

AROUND = ([CLOSED, RECEIVED], [HIDDEN, RECEIVED], [CLOSED, HIDDEN, RECEIVED], [IN_PROGRESS])


@pytest.fixture
def street(stage: Stage) -> Street:
    """A lamp that was fixed, and that three others had joined."""
    made = Street(stage)
    made.fixes()
    return made


def moves(street: Street, *states: str) -> None:
    """The gestora moves it on."""
    for after in states:
        street.stage.act(
            street.marta,
            partial(casework.move, report_id=street.report, after=after, reason="Ya está"),
        )


@pytest.mark.parametrize("around", AROUND, ids="-".join)
def test_whichever_way_it_was_opened_again(street: Street, around: list[str]) -> None:
    street.weeks_go_by()
    first, second, third = street.everybody[:3]
    street.says(first, YES)
    street.says(second, YES)
    moves(street, *around, FIXED)
    street.weeks_go_by()
    assert [len(street.asked(who)) for who in street.everybody] == [2, 2, 2, 2]
    # The first two said Yes to the other repair, and may say No to this one.
    street.says(third, YES, asking=1)
    assert street.kept().neighbours_at is None
    with pytest.raises(Refused) as refused:
        street.says(first, YES, asking=0)
    assert reason(refused) in (verdicts.JUDGED, verdicts.OVER)
    assert street.says(first, NO, asking=1) == "reopen"


@pytest.mark.parametrize("around", AROUND, ids="-".join)
def test_confirmed_until_it_is_opened_again(street: Street, around: list[str]) -> None:
    street.weeks_go_by()
    for who in street.everybody[:3]:
        street.says(who, YES)
    assert street.kept().neighbours_at is not None
    moves(street, *around)
    assert street.kept().neighbours_at is None


def marks(street: Street) -> set[str]:
    """What the team's card says."""
    return street.stage.act(
        street.marta, lambda act: keys(team_card.card(act, street.kept())["text"])
    )


def test_the_card_says_that_a_neighbour_opened_it_again_only_where_one_did(street: Street) -> None:
    moves(street, CLOSED, RECEIVED)
    assert words.REOPENED not in marks(street)
    moves(street, FIXED, RECEIVED)
    assert words.REOPENED not in marks(street)
    moves(street, FIXED)
    street.weeks_go_by()
    assert street.says(street.rosa, NO, asking=2) == "reopen"
    assert words.REOPENED in marks(street)
