"""What is left half-finished is gone on with, or its end is told: none is lost without a word."""

from __future__ import annotations

from datetime import timedelta

from actions import bans, drafts, reports, team_card
from actions.buttons import Menu
from handlers import offers, talk
from handlers.half_done import GO_ON, HALF_DONE
from storage.person import by_telegram
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_casework import more
from tests.conversations.test_offers import ROADS
from tests.conversations.test_report import SEND, at_the_review, code_in, stored, tells

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


WHY = "Insultos a la vecina."


async def refused(rosa: Talker) -> None:
    """Send what is filled in; she reads why it cannot be, and that it stays."""
    await rosa.taps(SEND)
    said = rosa.told(talk.STAYS).text
    parts = rosa.reads(reports.BANNED_BECAUSE, when="|", words=WHY).split("|")
    assert all(part in said for part in parts)


async def test_a_draft_outlasts_the_ban_of_whoever_fills_it_in(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    code = await tells(rosa)
    story = "Otro poste apagado, frente al parque."
    await at_the_review(rosa, story)
    await more(marta, code, team_card.BAN)
    await marta.taps(bans.TELLER)
    await marta.taps("A week")
    await marta.says(WHY)
    await marta.taps("🚫 Ban")
    await refused(rosa)
    # Looking at it again, and longer than a draft is kept.
    await rosa.taps(GO_ON)
    await refused(rosa)
    await small_town.jump(days=6)
    assert rosa.reads(drafts.EXPIRED) not in rosa.texts
    await small_town.jump(days=1, hours=1, minutes=1)
    assert rosa.reads(drafts.EXPIRED) not in rosa.texts
    offered = rosa.find(HALF_DONE, title=rosa.reads("Report a problem"))
    await rosa.taps(GO_ON, offered)
    await rosa.taps(SEND)
    again = code_in(rosa.last.text)
    assert again != code and (await stored(small_town, again)).words == story


async def test_a_ban_keeps_no_draft_for_ever(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await at_the_review(rosa)

    def ban(turn: Turn) -> None:
        person = by_telegram(turn.session, rosa.id)
        assert person is not None
        person.banned_until, person.ban_reason = turn.now + timedelta(days=30), WHY

    await small_town.turn(ban)
    await refused(rosa)
    await small_town.jump(days=32, hours=23)
    assert rosa.reads(drafts.EXPIRED) not in rosa.texts
    await small_town.jump(hours=2)
    assert rosa.reads(drafts.EXPIRED) in rosa.last.text
