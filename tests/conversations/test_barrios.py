"""An address lies in a barrio: the one it names, else the one that its teller says."""

from __future__ import annotations

from actions import nearby
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LOCATION, SAME, SEND, code_in, stored
from tests.conversations.test_told_alike import AGAIN, STORY, as_far_as_the_place

WHICH = "In which barrio is it?"
REVIEW = "Shall I send it?"


async def barrio_of(town: Town, code: str) -> str | None:
    """The name of the barrio that a report is kept in."""
    number = (await stored(town, code)).territory_id
    view = await town.turn(lambda turn: town.house.world.town(turn.session))
    place = view.territory(number)
    return place.name if place is not None else None


async def sent(who: Talker) -> str:
    """Skip what is left and send it; its code."""
    await who.taps("Skip")
    await who.taps(SEND)
    return code_in(who.last.text)


async def test_it_is_asked_and_tapped_or_written(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    await as_far_as_the_place(rosa, STORY, "Detrás del mercado viejo")
    asked = rosa.told(WHICH)
    assert {"La Loma", "San Isidro"} <= set(asked.buttons)
    await rosa.taps("La Loma")
    assert await barrio_of(small_town, await sent(rosa)) == "La Loma"
    await as_far_as_the_place(ana, "La cancha está a oscuras", "Junto a la tienda")
    await ana.says("san isidro")
    assert await barrio_of(small_town, await sent(ana)) == "San Isidro"


async def test_who_does_not_know_skips_it(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await as_far_as_the_place(rosa, STORY, "Detrás del mercado viejo")
    await rosa.taps("Skip")
    assert await barrio_of(small_town, await sent(rosa)) is None


async def test_an_address_that_names_it_and_a_point_are_not_asked_about(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    await as_far_as_the_place(rosa, STORY, "Carrera 8, barrio La Loma")
    assert rosa.reads(WHICH) not in rosa.last.text
    assert await barrio_of(small_town, await sent(rosa)) == "La Loma"
    await rosa.says("/reportar")
    await rosa.taps("Parques")
    await rosa.says("La cancha está a oscuras")
    place = small_town.places()[0]
    await rosa.presses(LOCATION, place["latitude"], place["longitude"])
    assert rosa.reads(WHICH) not in rosa.last.text


async def test_another_place_is_in_another_barrio(small_town: Town) -> None:
    """The place is changed at the end: what was said of the first is not kept for the second."""
    rosa = await small_town.neighbour("Rosa")
    await as_far_as_the_place(rosa, STORY, "Detrás del mercado viejo")
    await rosa.taps("La Loma")
    await rosa.taps("Skip")
    rosa.told(REVIEW)
    await rosa.taps("✏️ Change something")
    await rosa.taps("Where")
    await rosa.says("Calle 3, barrio San Isidro")
    assert "La Loma" not in rosa.last.text
    await rosa.taps(SEND)
    assert await barrio_of(small_town, code_in(rosa.last.text)) == "San Isidro"


async def test_what_was_told_of_that_barrio_is_found(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    await as_far_as_the_place(rosa, STORY, "Detrás del mercado viejo")
    await rosa.taps("La Loma")
    code = await sent(rosa)
    await as_far_as_the_place(ana, AGAIN, "Por el mercado viejo, atrás")
    await ana.taps("La Loma")
    assert code in ana.told(SAME).text
    await ana.taps(nearby.JOIN_ONE)
    await as_far_as_the_place(ana, AGAIN, "Por el mercado viejo, atrás")
    await ana.taps("San Isidro")
    assert ana.reads(SAME) not in ana.last.text
