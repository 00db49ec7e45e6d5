"""A place outside the town, and what a category asks of its own, from the chat to the card."""

from __future__ import annotations

import pytest

from actions import report_words
from flows import words
from handlers import reports as telling
from tests.conversations.conftest import Town
from tests.conversations.test_report import LOCATION, SEND, code_in, stored

OUTSIDE = "That place is outside our territory."


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_outside_is_said_asked_again_and_kept_with_a_note(
    small_town: Town, language: str
) -> None:
    marta = await small_town.gestora("Marta")
    rosa = await small_town.neighbour("Rosa", language)
    await rosa.says("/reportar")
    await rosa.taps({"es": "Basura", "en": "Rubbish", "pt_BR": "Lixo"}[rosa.language])
    await rosa.says("Botan escombros al lado de la vía.")
    await rosa.presses(LOCATION, 4.6, -74.08)
    rosa.told(OUTSIDE)
    await rosa.presses(LOCATION, 4.7, -74.1)
    rosa.told(OUTSIDE)
    await rosa.says(rosa.reads(words.KEEP_OUTSIDE.label))
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    report = await stored(small_town, code_in(rosa.last.text))
    assert report.outside and report.territory_id is None
    assert (report.latitude, report.longitude) == (4.7, -74.1)
    await rosa.taps(telling.LOOK, code=report.code)
    assert rosa.reads(report_words.OUTSIDE) in rosa.last.text
    assert marta.reads(report_words.OUTSIDE) in marta.find(report.code).text
    # Of a point on the map outside there is nothing else to say about the place.
    assert rosa.reads(report_words.NO_PLACE) not in rosa.last.text


async def test_a_place_inside_sent_after_one_outside(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await rosa.says("Botan escombros al lado de la vía.")
    await rosa.presses(LOCATION, 4.6, -74.08)
    place = small_town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    report = await stored(small_town, code_in(rosa.last.text))
    assert not report.outside and report.territory_id is not None and report.cell is not None
    # Its category gives the team so many working days.
    assert report.due_at is not None and report.due_at > report.created_at


async def test_what_a_category_asks_is_on_the_card_and_the_view(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta", "en"), await small_town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Alumbrado")
    await rosa.says("Toda la cuadra está a oscuras.")
    await rosa.says("Calle 5 con carrera 8, Centro")
    await rosa.says("B-17 <b>")
    await rosa.says("muchas")
    await rosa.says("3")
    await rosa.taps("Skip")
    review = rosa.told("Shall I send it?")
    assert "B-17 <b>" in review.text
    # The category is changed for one that asks something else: the old answers go with it.
    await rosa.taps("✏️ Change something")
    await rosa.taps("About")
    await rosa.taps("Huecos")
    assert "tamaño" in rosa.last.text
    await rosa.taps("Más grande que una llanta")
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    report = await stored(small_town, code)
    assert report.attributes == {"tamano": "grande"}
    await rosa.taps(telling.LOOK, code=code)
    assert "Más grande que una llanta" in rosa.last.text and "B-17" not in rosa.last.text
    assert "Bigger than a tyre" in marta.find(code).text
