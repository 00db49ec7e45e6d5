"""The team asks for more, and whatever the neighbour sends then joins the report: a reply at once,
anything else when they say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from actions import report_words as words
from actions import reports
from handlers import asked, casework_forms, offers, talk
from handlers.half_done import GO_ON
from storage.person import by_telegram
from storage.report import ReportPhoto
from storage.report import photos as photos_of
from storage.report_event import ADDITION, ReportEvent
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_casework import card_of, more
from tests.conversations.test_report import head, stored, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "¿Qué número tiene el poste?"
ADDED = "Thank you! I added it to report <b>{code}</b>."
FORM = "About your report <b>{code}</b>: {question}"


async def asks(marta: Talker, code: str, question: str = QUESTION) -> None:
    """The team asks whoever told it for more."""
    card = card_of(marta, code)
    if marta.reads(words.ASK_BUTTON) not in card.buttons:
        await more(marta, code, words.ASK_BUTTON)
    else:
        await marta.taps(words.ASK_BUTTON, card)
    await marta.says(question)
    await marta.taps("Send")


async def additions(town: Town, code: str) -> list[str | None]:
    """What was added to a report, in words."""
    number = (await stored(town, code)).id
    query = select(ReportEvent.words).where(
        ReportEvent.report_id == number, ReportEvent.kind == ADDITION
    )
    return list(await town.turn(lambda turn: turn.session.exec(query).all()))


async def kept(town: Town, code: str) -> list[ReportPhoto]:
    """The photos and voice notes of a report."""
    number = (await stored(town, code)).id or 0
    return await town.turn(lambda turn: photos_of(turn.session, number))


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_a_reply_to_the_question_is_the_answer(street: Town, language: str) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa", language)
    code = await tells(rosa)
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))
    await rosa.does("says", "El 4512, junto a la tienda", question)
    rosa.told(ADDED, code=code)
    assert await additions(street, code) == ["El 4512, junto a la tienda"]
    assert "El 4512" in card_of(marta, code).text

    # A photo and a voice note are answers as well, also afterwards.
    await rosa.does("sends_photo", caption="Así se ve", reply_to=question)
    rosa.told(ADDED, code=code)
    await rosa.does("sends_voice", reply_to=question)
    rosa.told(ADDED, code=code)
    assert await additions(street, code) == ["El 4512, junto a la tienda", "Así se ve", None]
    assert [one.kind for one in await kept(street, code)] == ["photo", "photo", "voice"]


async def test_a_reply_leaves_what_is_half_filled_as_it_was(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))
    await rosa.says("/reportar")
    await rosa.does("says", "Es el 4512", question)
    rosa.told(ADDED, code=code)
    assert await additions(lane, code) == ["Es el 4512"]
    await rosa.taps("Alumbrado", rosa.find("What is it about?"))
    rosa.told("Tell us in your own words what is happening.")
    await rosa.says("/cancelar")


async def test_an_album_in_reply_is_one_answer(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    ana = await lane.neighbour("Ana")
    code = await tells(rosa)
    number = (await stored(lane, code)).id or 0
    await ana.says(code)
    await ana.taps(data=f"n:join:{number}:")
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))
    before = len(await kept(lane, code))
    mark = len(ana.person.inbox)
    await rosa.does("sends_photo", 3, caption="Tres fotos", sample="pothole", reply_to=question)
    thanks = [seen for seen in rosa.heard() if rosa.reads(ADDED, code=code) in seen.text]
    assert len(thanks) == 1
    assert len(await kept(lane, code)) == before + 3
    assert await additions(lane, code) == ["Tres fotos"]
    # Whoever joined it is told once as well.
    assert len(ana.person.inbox) == mark + 1


async def test_a_reply_that_is_no_answer_opens_the_form(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))
    await rosa.does("says", "Largo. " * 200, question)
    rosa.told(FORM, code=code, question=QUESTION)
    assert "1400" in rosa.last.text or "1399" in rosa.last.text
    assert await additions(lane, code) == []
    # In the form now, a reply to the question answers the form.
    await rosa.does("says", "El 4512", question)
    rosa.told("Would you like to add photos?")
    await rosa.taps("Skip")
    assert await additions(lane, code) == ["El 4512"]


async def test_what_is_typed_next_is_offered_as_the_answer_first(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await rosa.says("El 4512")
    offered = rosa.told(asked.ASKED, code=code, words=QUESTION)
    assert offered.buttons == [
        rosa.reads(asked.YES, code=code),
        rosa.reads(asked.ANOTHER),
        rosa.reads(offers.NO),
    ]
    assert await additions(lane, code) == []
    await rosa.taps(asked.YES, offered, code=code)
    rosa.told(ADDED, code=code)
    assert await additions(lane, code) == ["El 4512"]
    # The same tap again adds nothing, and what comes next is a report of its own.
    await rosa.taps(asked.YES, offered, code=code)
    assert await additions(lane, code) == ["El 4512"]
    await rosa.says("Hay un hueco enorme frente a la escuela")
    rosa.told(offers.SHALL_I)


async def test_it_is_another_problem(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await rosa.says("Hay un hueco enorme frente a la escuela")
    rosa.told(asked.IS_IT)
    await rosa.taps(asked.ANOTHER)
    rosa.told("What is it about?")
    await rosa.says("/cancelar")
    await rosa.says("no")
    assert await additions(lane, code) == []


async def test_a_photo_or_a_voice_note_next(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    before = len(await kept(lane, code))
    await asks(marta, code)
    await rosa.does("sends_voice")
    await rosa.taps(asked.YES, code=code)
    rosa.told(ADDED, code=code)
    await asks(marta, code, "¿Y una foto?")
    # Of an album the first travels with the tap, and the form asks for the others.
    await rosa.does("sends_photo", 2, sample="pothole")
    assert len([seen for seen in rosa.heard() if rosa.reads(asked.IS_IT) in seen.text]) == 1
    rosa.told(offers.ONE_OF_MANY)
    await rosa.taps(asked.YES, code=code)
    rosa.told(FORM, code=code, question="¿Y una foto?")
    await rosa.says("Ahí va")
    await rosa.taps("Done")
    rosa.told(ADDED, code=code)
    assert len(await kept(lane, code)) == before + 2


async def test_what_is_no_longer_open_waits_for_no_answer(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await marta.taps(words.MOVES["closed"], card_of(marta, code))
    await marta.taps("It is no longer needed")
    await marta.says("Se arregló solo.")
    await marta.taps("Send")
    await rosa.says("Hay un hueco enorme frente a la escuela")
    rosa.told(offers.SHALL_I)


async def test_the_text_has_changed_and_the_answer_is_not_lost(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))

    def forget(turn: Turn) -> None:
        person = by_telegram(turn.session, rosa.id)
        assert person is not None
        person.privacy_version = 0

    await lane.turn(forget)
    await rosa.does("says", "El 4512", question)
    rosa.told("Before we keep anything you tell us, please read this:")
    await rosa.taps("I agree")
    rosa.told(ADDED, code=code)
    assert await additions(lane, code) == ["El 4512"]


async def bans(town: Town, rosa: Talker, until: timedelta | None = timedelta(days=2)) -> None:
    """Somebody may not write for a while; with None, she may again."""

    def ban(turn: Turn) -> None:
        person = by_telegram(turn.session, rosa.id)
        assert person is not None
        person.banned_until = turn.now + until if until is not None else None

    await town.turn(ban)


def is_told_of_the_ban(rosa: Talker) -> bool:
    """Whether what was just said, or shown over the chat, is that she may not write."""
    parts = rosa.reads(reports.BANNED, when="|").split("|")
    said = "".join([*rosa.toasted(), *(seen.text for seen in rosa.heard())])
    return all(part in said for part in parts)


async def test_whoever_may_not_write_is_not_thanked(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    question = rosa.find(words.ASK, **head(rosa, code))
    await bans(lane, rosa)
    await rosa.does("says", "El 4512", question)
    assert len(rosa.heard()) == 1 and rosa.reads(ADDED, code=code) not in rosa.last.text
    assert await additions(lane, code) == []


async def test_whoever_may_not_write_is_asked_for_no_more_of_an_album(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await rosa.does("sends_photo", 2, sample="pothole")
    offered = rosa.last
    await bans(lane, rosa)
    await rosa.taps(asked.YES, offered, code=code)
    assert is_told_of_the_ban(rosa) and rosa.heard() == []


async def test_whoever_may_not_write_is_let_into_no_form(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await bans(lane, rosa)
    await rosa.taps(words.REPLY, rosa.find(words.ASK, **head(rosa, code)))
    assert is_told_of_the_ban(rosa) and rosa.heard() == []
    await bans(lane, rosa, None)
    await rosa.taps(words.REPLY, rosa.find(words.ASK, **head(rosa, code)))
    rosa.told(FORM, code=code, question=QUESTION)
    await rosa.says("/cancelar")


async def test_banned_in_the_middle_of_the_form_and_nothing_is_lost(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await asks(marta, code)
    await rosa.taps(words.REPLY, rosa.find(words.ASK, **head(rosa, code)))
    await rosa.says("El 4512")
    await bans(lane, rosa)
    await rosa.taps("Skip")
    rosa.told(talk.STAYS)
    assert is_told_of_the_ban(rosa) and await additions(lane, code) == []
    await bans(lane, rosa, None)
    await rosa.taps(GO_ON)
    rosa.told("Would you like to add photos?")
    await rosa.taps("Skip")
    rosa.told(ADDED, code=code)
    assert await additions(lane, code) == ["El 4512"]


async def test_whoever_asks_somebody_banned_hears_that_no_answer_can_come(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    code = await tells(rosa)
    await bans(lane, rosa)
    await asks(marta, code)
    parts = marta.reads(casework_forms.CANNOT_ANSWER, when="|").split("|")
    assert all(part in marta.last.text for part in parts)
    assert QUESTION in rosa.find(words.ASK, **head(rosa, code)).text
    # An answer waits for none.
    await marta.taps(words.ANSWER_BUTTON, card_of(marta, code))
    await marta.says("El jueves va la cuadrilla.")
    await marta.taps("Send")
    marta.told("Done. The person who reported will read it.")
    await bans(lane, rosa, None)
    await asks(marta, code)
    marta.told("Done. The person who reported will read it.")


async def test_nobody_answers_for_another(lane: Town) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    ana = await lane.neighbour("Ana")
    code = await tells(rosa)
    await asks(marta, code)
    number = (await stored(lane, code)).id
    await ana.says("Hay un hueco enorme frente a la escuela")
    ana.told(offers.SHALL_I)
    await ana.taps(data=f"j:add:{number}")
    ana.shown(reports.NO_SUCH_REPORT)
    assert await additions(lane, code) == []
