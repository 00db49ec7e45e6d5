"""A privacy text that changes while somebody fills something in costs them nothing they gave."""

from __future__ import annotations

from storage.town import the_town
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.test_report import SEND, at_the_review, code_in


def rewrite(turn: Turn) -> None:
    """The town has a new privacy text."""
    town = the_town(turn.session)
    assert town is not None
    town.privacy_version += 1
    town.version += 1


async def test_a_text_that_changed_meanwhile_is_asked_for_and_the_draft_waits(
    small_town: Town,
) -> None:
    rosa = await small_town.neighbour("Rosa")
    await at_the_review(rosa)
    await small_town.turn(rewrite)
    # Nobody asks for the town's version more than once a second.
    small_town.house.world._asked = 0.0
    await rosa.taps(SEND)
    rosa.told("Before we keep anything you tell us, please read this:")
    await rosa.taps("I agree")
    await rosa.taps("Go on")
    rosa.told("Shall I send it?")
    await rosa.taps(SEND)
    assert code_in(rosa.last.text)
