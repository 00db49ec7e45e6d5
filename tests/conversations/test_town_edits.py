"""The town's file is read again while somebody is in the middle of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import nearby
from actions.town import set_up
from bot import townfile
from flows.engine import CHANGED
from storage.report import by_code
from tests.conversations.conftest import Town
from tests.conversations.test_report import (
    LAMP,
    LOCATION,
    SEND,
    STORY,
    at_the_photos,
    at_the_place,
    code_in,
    tells,
)

AT_SEA = (0.0, -30.0)


async def ask(town: Town, category: str, questions: Sequence[dict[str, Any]]) -> None:
    """The town's file with other questions of one category, read by the running bot."""
    plan = townfile.plan_of(townfile.read(townfile.DEMO))
    categories = [
        replace(one, questions=questions) if one.key == category else one for one in plan.categories
    ]
    await town.turn(lambda turn: set_up(turn, replace(plan, categories=categories)))
    # The bot looks for a newer file once a second, of machine time.
    town.house.world._asked = 0.0


def question(key: str, kind: str, text: str) -> dict[str, Any]:
    """A question as the table keeps it."""
    texts = {"es": text, "en": text, "pt_BR": text}
    return {"key": key, "text": texts, "kind": kind, "required": True, "choices": []}


async def test_a_question_that_goes_while_it_is_asked_is_told_of(town: Town) -> None:
    rosa = await town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps(LAMP["es"])
    await rosa.says(STORY)
    place = town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await ask(town, "alumbrado", [question("altura", "number", "¿Qué altura tiene?")])
    await rosa.says("P-117")
    assert "¿Qué altura tiene?" in rosa.told(CHANGED).text
    await rosa.says("8")
    await rosa.taps("Skip")
    assert STORY in rosa.told("Shall I send it?").text
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    report = await town.turn(lambda turn: by_code(turn.session, code))
    assert report is not None and report.attributes == {"altura": 8}


async def test_what_others_are_asked_may_change_unnoticed(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps(LAMP["es"])
    await rosa.says(STORY)
    place = small_town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await ask(small_town, "vias", [question("ancho", "number", "¿Qué ancho tiene?")])
    await rosa.says("P-117")
    assert rosa.reads(CHANGED) not in rosa.last.text
    await rosa.says("2")
    assert rosa.reads(CHANGED) not in rosa.last.text


async def test_a_place_outside_is_asked_for_again_and_kept_if_it_is_right(town: Town) -> None:
    rosa = await town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps(LAMP["es"])
    await rosa.says(STORY)
    await rosa.presses(LOCATION, *AT_SEA)
    rosa.told("That place is outside our territory.")
    await rosa.says(rosa.reads("Keep this place"))
    for _ in range(3):
        await rosa.taps("Skip")
    assert rosa.reads("📍 A place outside our territory") in rosa.last.text
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    report = await town.turn(lambda turn: by_code(turn.session, code))
    assert report is not None and report.outside and report.territory_id is None


async def test_the_photo_of_what_is_near_comes_before_the_question(small_town: Town) -> None:
    rosa, luis = await small_town.neighbour("Rosa"), await small_town.neighbour("Luis")
    await tells(rosa)
    await luis.says("/reportar")
    await luis.taps(LAMP["es"])
    await luis.says(STORY)
    place = small_town.places()[0]
    await luis.presses(LOCATION, place["latitude"], place["longitude"])
    *_, photo, asked = luis.heard()
    assert "photo" in photo.data and "1. " in str(photo.data.get("caption"))
    assert luis.reads(nearby.IT_IS_ANOTHER) in str(asked.buttons)


async def test_that_there_is_a_photo_is_said_where_it_came_as_a_file(small_town: Town) -> None:
    rosa, luis = await small_town.neighbour("Rosa"), await small_town.neighbour("Luis")
    await at_the_place(rosa)
    place = small_town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    await at_the_photos(rosa)
    await rosa.does("sends_document", "poste.jpg")
    await rosa.taps("Done")
    await rosa.taps(SEND)
    await luis.says("/reportar")
    await luis.taps(LAMP["es"])
    await luis.says(STORY)
    await luis.presses(LOCATION, place["latitude"], place["longitude"])
    assert not any("photo" in seen.data for seen in luis.heard())
    assert "· 📷 con foto" in luis.last.text
