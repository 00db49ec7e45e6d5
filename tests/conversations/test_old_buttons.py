"""A button of last week still does what it says, although its tap brings the message's number alone
(https://core.telegram.org/bots/api#inaccessiblemessage)."""

from __future__ import annotations

import pytest

from actions import meeting_words, team_card
from actions import report_words as words
from handlers import asked, offers
from handlers import casework as taps
from handlers import meetings as meeting_desk
from tests.conversations.conftest import Town
from tests.conversations.test_asked import QUESTION, asks
from tests.conversations.test_casework import card_of
from tests.conversations.test_group_chat import linked, number_of
from tests.conversations.test_meeting import RIVER, called, joined, on
from tests.conversations.test_report import head, stored, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORY = "Hay un hueco enorme frente a la escuela"


async def test_a_vote(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await rosa.says("/votar")
    listed = rosa.last
    await lane.jump(days=3)
    await rosa.taps(listed.buttons[0], listed)
    question = rosa.last
    assert rosa.reads("Your ballot is secret, and you may change it until the vote closes.") in (
        question.text
    )
    await lane.jump(days=2, hours=1)
    # Pressed two days later, it is still the question that is open.
    await rosa.taps(question.buttons[0], question)
    assert not rosa.untold()
    await rosa.says("/cancelar")


async def test_the_card_of_a_report(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    card = card_of(marta, code)
    await lane.jump(days=3)
    await marta.taps(team_card.TAKE, card)
    marta.shown(taps.DONE)
    # The very message is edited: its number is enough.
    assert card_of(marta, code).id == card.id and "👤 Marta" in card_of(marta, code).text
    await marta.taps(words.MOVES["confirmed"], card)
    assert (await stored(lane, code)).state == "confirmed"
    await lane.jump(days=3)
    news = rosa.find(words.CHANGED["confirmed"], **head(rosa, code))
    await rosa.taps("See the report", news)
    assert code in rosa.last.text


async def test_an_offer_asks_to_be_told_again(lane: Town) -> None:
    rosa = await lane.neighbour("Rosa")
    await rosa.says(STORY)
    offered = rosa.told(offers.SHALL_I)
    await lane.jump(days=3)
    await rosa.taps(offers.OTHER, offered)
    rosa.shown(offers.TELL_AGAIN)
    rosa.told("What is it about?")
    await rosa.says("/cancelar")


async def test_an_answer_to_the_team_is_asked_for_once_more(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await rosa.says("Es el 4512")
    offered = rosa.told(asked.IS_IT)
    await lane.jump(days=3)
    await rosa.taps(asked.YES, offered, code=code)
    rosa.shown(offers.TELL_AGAIN)
    rosa.told("About your report <b>{code}</b>: {question}", code=code, question=QUESTION)
    await rosa.says("/cancelar")


async def test_a_meeting_in_private_and_in_the_groups_chat(lane: Town) -> None:
    leader = await lane.leader("Rosa", await number_of(lane, RIVER))
    ana = await lane.neighbour("Ana")
    group = await linked(lane, leader, RIVER)
    await joined(ana, RIVER)
    ana.person.joins(chat=group.id)
    await called(leader, "Limpieza del río", f"{on(lane, 20)} 18:30")
    await lane.jump(seconds=1)
    told = ana.find(meeting_words.NEWS["called"], group=RIVER)
    there = ana.at(group)
    in_chat = next(seen for seen in reversed(there.person.inbox) if seen.rows)
    await lane.jump(days=4)
    await ana.taps(meeting_words.LABELS["yes"], told)
    ana.shown(meeting_desk.NOTED["yes"])
    await there.taps(meeting_words.LABELS["maybe"], in_chat)
    assert there.toasted()
