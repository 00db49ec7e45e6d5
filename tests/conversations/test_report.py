"""A vecina reports a broken street light, and hears what becomes of it."""

from __future__ import annotations

import re
from itertools import count

import pytest

from actions import casework, follow_ups, nearby, team_card, verdicts
from actions import report_words as words
from handlers import casework_forms, my_data
from storage.report import Report, by_code
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORY = "El poste de la esquina está apagado desde el lunes."
LAMP = {"es": "Alumbrado", "en": "Street lights", "pt_BR": "Iluminação"}
LAMPS = {"es": "💡 Alumbrado público", "en": "💡 Street lights", "pt_BR": "💡 Iluminação pública"}
LOCATION = "📍 Send my location"
SAME = "Your neighbours have already told us of something like this. Is it the same?"
SEND = "✅ Send the report"
REOPENED = "Thank you for telling us. The report is open again."
ASKED_GESTOR = "Thank you for telling us. The person in charge will decide and write to you."

_told = count(1)


def code_in(text: str) -> str:
    """The code of a report that a text tells."""
    found = re.search(r"R-\d+", text)
    assert found, text
    return found[0]


async def at_the_place(rosa: Talker, story: str | None = None) -> None:
    """Fill in a report of a street light as far as the question where it is."""
    await rosa.says("/reportar")
    await rosa.taps(LAMP[rosa.language])
    # The same words of the same place would be a message sent twice.
    await rosa.says(story or f"{STORY} ({next(_told)})")


async def it_is_another(rosa: Talker) -> None:
    """What neighbours told before, if they did, is not the same."""
    if rosa.reads(SAME) in rosa.last.text:
        await rosa.taps(nearby.IT_IS_ANOTHER)


async def at_the_photos(rosa: Talker) -> None:
    """Skip what the town asks about a lamp-post: its number, and how many lamps."""
    await rosa.taps("Skip")
    await rosa.taps("Skip")


async def at_the_review(rosa: Talker, story: str | None = None) -> None:
    """Fill in a report of a street light as far as the question whether to send it."""
    await at_the_place(rosa, story)
    place = rosa.town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await it_is_another(rosa)
    await at_the_photos(rosa)
    await rosa.does("sends_photo")
    await rosa.taps("Done")
    rosa.told("Shall I send it?")


async def tells(rosa: Talker, story: str | None = None) -> str:
    """Report a street light; the code it got."""
    await at_the_review(rosa, story)
    await rosa.taps(SEND)
    return code_in(rosa.last.text)


def head(rosa: Talker, code: str) -> dict[str, str]:
    """The values every sentence about that report has."""
    return {"code": code, "category": LAMPS[rosa.language]}


async def stored(town: Town, code: str) -> Report:
    """A report as the database has it."""
    found = await town.turn(lambda turn: by_code(turn.session, code))
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_from_start_to_was_it_fixed(street: Town, language: str) -> None:
    marta = await street.gestora("Marta")
    rosa = street.talker("Rosa", language)
    await rosa.starts()
    rosa.told(
        "Hello{name}! I am the neighbours' assistant of <b>{town}</b>.",
        name=", Rosa",
        town="Villa Ceiba",
    )
    await rosa.taps("📣 Report a problem")
    rosa.told("Before we keep anything you tell us, please read this:")
    await rosa.taps("I agree")
    rosa.told("What is it about?")
    code = await tells(rosa)
    head_here = head(rosa, code)

    # The gestora has a card; each of her moves is told at once, in Rosa's language.
    card = marta.find(words.HEADING, **head(marta, code))
    await marta.taps("Confirm", card)
    marta.shown("Done.")
    assert rosa.reads(words.CHANGED["confirmed"], **head_here) in rosa.last.text
    await marta.taps("Start work", card)
    assert rosa.reads(words.CHANGED["in_progress"], **head_here) in rosa.last.text
    await marta.taps("Mark as fixed", card)
    assert rosa.reads(words.CHANGED["fixed"], **head_here) in rosa.last.text
    assert marta.reads(words.STATES["fixed"]) in marta.find(words.HEADING, **head(marta, code)).text

    # Not a day early.
    await street.jump(days=27, hours=23)
    assert rosa.reads(follow_ups.QUESTION, **head_here) not in rosa.texts
    await street.jump(hours=2)
    assert rosa.reads(follow_ups.QUESTION, **head_here) in rosa.last.text
    await rosa.taps(follow_ups.IT_WAS_NOT)
    rosa.told(REOPENED)
    await rosa.says("/cancelar")
    await rosa.says(f"/reporte {code}")
    assert rosa.reads(words.AGAIN) in rosa.last.text
    again = marta.find(words.HEADING, **head(marta, code))
    assert marta.reads(words.REOPENED) in again.text
    assert (await stored(street, code)).state == "received"

    # The second No is for the gestora to decide.
    await marta.taps("Mark as fixed", again)
    await street.jump(days=28, hours=1)
    await rosa.taps(follow_ups.IT_WAS_NOT)
    rosa.told(ASKED_GESTOR)
    assert marta.reads(words.NOT_FIXED_TWICE) in marta.last.text
    assert (await stored(street, code)).state == "fixed"
    await rosa.taps(follow_ups.IT_WAS, rosa.find(follow_ups.QUESTION, **head_here))
    rosa.shown(verdicts.JUDGED)


async def test_it_was_fixed(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await marta.taps("Mark as fixed", marta.find(words.HEADING, **head(marta, code)))
    await street.jump(days=28, hours=1)
    await rosa.taps(follow_ups.IT_WAS)
    rosa.told("Thank you! We are glad it was fixed.")
    await street.jump(days=40)
    assert rosa.texts.count(rosa.reads(follow_ups.QUESTION, **head(rosa, code))) == 1


async def test_in_a_voice_note_with_a_written_address_and_without_a_photo(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.says("alumbrado")
    await rosa.does("sends_voice", 7)
    rosa.told("Where is it?")
    address = "Calle 5 con carrera 8, Centro, frente a la tienda"
    await rosa.says(address)
    await rosa.says("omitir")
    await rosa.says("2")
    await rosa.taps("Skip")
    review = rosa.told("Shall I send it?").text
    assert "Calle 5 con carrera 8" in review and "7" in review
    await rosa.says("enviar")
    code = code_in(rosa.last.text)
    report = await stored(street, code)
    assert report.words is None and report.voice and report.voice["seconds"] == 7
    assert (report.latitude, report.address) == (None, address)
    assert report.attributes == {"lamparas": 2}
    card = marta.find(words.HEADING, **head(marta, code))
    await marta.taps("Photos", card)
    assert marta.heard()[-1].kind == "voice"


async def test_one_answer_is_changed_at_the_review(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await at_the_review(rosa)
    await rosa.taps("✏️ Change something")
    await rosa.taps("What happens")
    await rosa.says("Son tres postes, toda la cuadra está a oscuras.")
    review = rosa.told("Shall I send it?").text
    assert "toda la cuadra" in review and STORY not in review
    assert "📷 1 foto" in review
    await rosa.taps(SEND)
    report = await stored(street, code_in(rosa.last.text))
    assert report.words == "Son tres postes, toda la cuadra está a oscuras."
    assert report.latitude is not None


async def test_an_edited_message_edits_the_answer(street: Town) -> None:
    rosa = await street.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Alumbrado")
    await rosa.says("El poste de la escina está apagado.")
    written = rosa.person.inbox[-2]
    await rosa.does("edits", written, "El poste de la esquina está apagado.")
    await rosa.says("Calle 9 con 2, San Isidro")
    for _ in range(3):
        await rosa.taps("Skip")
    assert "esquina está" in rosa.told("Shall I send it?").text
    await rosa.taps(SEND)
    report = await stored(street, code_in(rosa.last.text))
    assert report.words == "El poste de la esquina está apagado."


async def test_asked_for_more_and_the_reply_joins_the_report(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa", "pt-br")
    code = await tells(rosa)
    card = marta.find(words.HEADING, **head(marta, code))
    await marta.taps("Ask for more", card)
    await marta.says("¿El poste tiene número?")
    await marta.taps("Send")
    asked = rosa.find(words.ASK, **head(rosa, code))
    assert "¿El poste tiene número?" in asked.text
    await rosa.taps("Reply", asked)
    assert "¿El poste tiene número?" in rosa.last.text
    await rosa.says("Sim, é o 4471.")
    await rosa.does("sends_photo", 2)
    await rosa.taps("Done")
    rosa.told("Thank you! I added it to report <b>{code}</b>.", code=code)
    told = marta.last
    assert "4471" in told.text and "¿El poste tiene número?" in told.text
    await marta.taps("Photos", told)
    assert sum(seen.kind == "photo" for seen in marta.heard()) == 3


async def test_a_reply_by_voice_hides_nothing_that_was_told_before(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    for _ in range(2):
        await marta.taps("Ask for more", marta.find(words.HEADING, **head(marta, code)))
        await marta.says("¿Dónde queda?")
        await marta.taps("Send")
        await rosa.taps("Reply")
        await rosa.does("sends_voice", 4)
        await rosa.taps("Skip")
    assert STORY in marta.last.text and "📷 1 foto" in marta.last.text
    await marta.taps("Photos", marta.last)
    assert [seen.kind for seen in marta.heard()] == ["photo", "voice", "voice"]
    # Nothing added is nothing kept.
    before = marta.texts
    await rosa.taps("Reply")
    await rosa.taps("Skip")
    await rosa.taps("Skip")
    rosa.told("Cancelled. Nothing was kept.")
    assert marta.texts == before


async def test_closed_with_a_reason_that_is_read(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await marta.taps("Close, with a reason", marta.find(words.HEADING, **head(marta, code)))
    await marta.taps("Nothing more will be done")
    await marta.says("Es un poste <b>privado</b> del {conjunto}.")
    await marta.taps("Send")
    marta.told("Done. The person who reported will read it.")
    said = rosa.last.text
    assert rosa.reads(words.CHANGED["closed"], **head(rosa, code)) in said
    assert "Es un poste <b>privado</b> del {conjunto}." in said
    assert (await stored(street, code)).state == "closed"


async def test_a_public_answer(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa", "en")
    code = await tells(rosa)
    await marta.taps("Answer", marta.find(words.HEADING, **head(marta, code)))
    await marta.says("El jueves va la cuadrilla.")
    await marta.taps("Send")
    assert rosa.reads(words.ANSWER, **head(rosa, code)) in rosa.last.text
    assert "El jueves va la cuadrilla." in rosa.last.text


async def test_whoever_cannot_be_written_to_is_said_to_read_nothing(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await rosa.does("blocks")
    await marta.taps("Answer", marta.find(words.HEADING, **head(marta, code)))
    await marta.says("El jueves va la cuadrilla.")
    await marta.taps("Send")
    marta.told(casework_forms.CANNOT_READ)
    card = marta.find(words.HEADING, **head(marta, code))
    assert marta.reads(team_card.UNREACHED) in card.text
    await rosa.does("unblocks")
    await marta.says(f"/reporte {code}")
    assert marta.reads(team_card.UNREACHED) not in marta.last.text
    await rosa.says("/misdatos")
    for sure in (my_data.ERASE, my_data.GO_ON, my_data.FOR_EVER):
        await rosa.taps(sure)
    await marta.taps("Answer")
    await marta.says("Listo.")
    await marta.taps("Send")
    marta.told(casework_forms.NOBODY_READS)


async def test_two_gestores_at_once_one_wins_and_the_other_is_told(street: Town) -> None:
    marta, luis = await street.gestora("Marta"), await street.gestora("Luis", "en")
    rosa = await street.neighbour("Rosa")
    code = await tells(rosa)
    hers = marta.find(words.HEADING, **head(marta, code))
    his = luis.find(words.HEADING, **head(luis, code))
    marta.person.taps(marta.reads("Confirm"), hers)
    luis.person.taps(luis.reads("Confirm"), his)
    await street.quiet()
    toasts = sorted([marta.person.toasts[-1], luis.person.toasts[-1]])
    assert toasts in (
        sorted([marta.reads("Done."), luis.reads(casework.MOVED_ALREADY)]),
        sorted([luis.reads("Done."), marta.reads(casework.MOVED_ALREADY)]),
    )
    assert rosa.texts.count(rosa.reads(words.CHANGED["confirmed"], **head(rosa, code))) == 1
    for who in (marta, luis):
        card = who.find(words.HEADING, **head(who, code))
        assert who.reads(words.STATES["confirmed"]) in card.text
    street.judge()


async def test_one_photo_a_document_and_the_place_are_seen_from_the_card(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    card = marta.find(words.HEADING, **head(marta, code))
    await marta.taps("Photos", card)
    assert marta.heard()[-1].kind == "photo" and code in marta.heard()[-1].text
    await marta.taps("Place on the map", card)
    assert marta.heard()[-1].kind == "venue"
