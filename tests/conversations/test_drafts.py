"""What is left half-finished is gone on with, or its end is told: none is lost without a word."""

from __future__ import annotations

from actions.buttons import Menu
from handlers import offers, talk
from handlers.half_done import HALF_DONE
from tests.conversations.conftest import Town
from tests.conversations.test_offers import ROADS

STORIES = (
    "Hay un hueco enorme frente a la escuela",
    "Hay otro hueco al lado del mercado",
    "La calle del río tiene huecos por todas partes",
    "El bache de la avenida ya rompió dos llantas",
    "Se hundió la calle frente a la iglesia, hay un hueco",
)


async def test_more_drafts_than_are_kept_and_the_oldest_is_told_back(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    offered = []
    for story in STORIES:
        await rosa.says(story)
        offered.append(rosa.told(offers.SHALL_I))
    for at, message in enumerate(offered):
        await rosa.taps(offers.YES_ABOUT, message, category=ROADS["es"])
        gone = rosa.reads(talk.TOO_MANY, title=rosa.reads("Report a problem"))
        told = [seen.text for seen in rosa.heard() if gone in seen.text]
        assert len(told) == (at == 4), at
    assert STORIES[0] in told[0]


async def test_what_is_told_beside_a_draft_is_offered_too(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Huecos")
    await rosa.says(STORIES[0])
    await rosa.taps(data=Menu(what="pseudonym").pack())
    await rosa.says("Vecina del parque")
    rosa.told(HALF_DONE, title=rosa.reads("Report a problem"))
    await rosa.says(STORIES[1])
    rosa.told(offers.SHALL_I)
    await rosa.does("sends_photo")
    rosa.told(offers.SHALL_I)
    # What tells nothing leads back to the draft.
    await rosa.says("hola")
    rosa.told(HALF_DONE, title=rosa.reads("Report a problem"))
