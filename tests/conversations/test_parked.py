"""What is put aside is never lost quietly, and no keyboard outlives the question it was for."""

from __future__ import annotations

import pytest

from actions.drafts import EXPIRED
from handlers import talk
from handlers.half_done import GO_ON, HALF_DONE, LET_GO
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LOCATION, at_the_place

pytestmark = pytest.mark.asyncio(loop_scope="module")


def half_done(rosa: Talker, title: str = "Report a problem") -> str:
    """The offer to go on, as this person reads it."""
    return rosa.reads(HALF_DONE, title=rosa.reads(title))


async def votes(rosa: Talker) -> None:
    """Begin to vote, and choose something."""
    await rosa.says("/votar")
    await rosa.taps(rosa.last.buttons[0])
    await rosa.taps(rosa.last.buttons[0])


async def parks_a_report(rosa: Talker) -> None:
    """A report is begun, and parked by a ballot that is begun as well."""
    await at_the_place(rosa)
    await votes(rosa)
    assert rosa.person.keys() == []


async def test_what_was_parked_is_offered_when_the_other_is_discarded(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await parks_a_report(rosa)
    await lane.jump(minutes=61)
    assert rosa.last.text == half_done(rosa, "Vote")
    await rosa.taps(LET_GO)
    rosa.told(talk.LET_GO_DONE)
    assert rosa.last.text == half_done(rosa)
    await rosa.taps(GO_ON)
    assert rosa.person.keys()
    await rosa.says("/cancelar")
    await rosa.taps("Discard")


async def test_start_cancel_and_the_reminder_know_what_is_parked(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await parks_a_report(rosa)
    await rosa.says("/cancelar")
    await rosa.taps("Discard")
    assert rosa.last.text == half_done(rosa)
    # Nothing is active now.
    await rosa.starts()
    assert rosa.last.text == half_done(rosa)
    await rosa.says("/cancelar")
    assert rosa.last.text == half_done(rosa)
    before = rosa.texts.count(half_done(rosa))
    await lane.jump(minutes=61)
    assert rosa.texts.count(half_done(rosa)) == before + 1
    await rosa.taps(LET_GO)
    await rosa.says("/cancelar")
    rosa.told("There is nothing to cancel.")


async def test_one_that_was_parked_is_discarded_and_the_other_goes_on(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await at_the_place(rosa)
    await rosa.says("/start")
    offered = rosa.last
    await votes(rosa)
    await rosa.taps(LET_GO, offered)
    assert rosa.last.text == rosa.reads(talk.LET_GO_DONE)
    await rosa.says("/cancelar")
    await rosa.taps("Discard")
    rosa.told("Cancelled. Nothing was kept.")
    assert half_done(rosa) not in [seen.text for seen in rosa.heard()]


async def test_no_keyboard_stays_when_the_draft_goes(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await at_the_place(rosa)
    keys = rosa.person.keys()
    assert rosa.reads(LOCATION) in keys
    await lane.jump(minutes=61)
    assert rosa.last.text == half_done(rosa)
    await rosa.taps(LET_GO)
    rosa.told(talk.LET_GO_DONE)
    assert rosa.person.keys() == []
    # The way on is below.
    assert rosa.reads("📣 Report a problem") in rosa.last.buttons

    await at_the_place(rosa)
    assert rosa.person.keys() != []
    await lane.jump(days=4)
    assert rosa.find(EXPIRED)
    assert rosa.person.keys() == []
