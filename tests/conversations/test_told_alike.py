"""What has no point on the map is found by its address and its words."""

from __future__ import annotations

from actions import nearby
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_joining import joined, to_the_place
from tests.conversations.test_report import SAME, SEND, code_in

STORY = "El tobogán del parque está roto y tiene puntas"
AGAIN = "Está roto el tobogán, se va a lastimar alguien"


async def as_far_as_the_place(who: Talker, story: str, where: str, barrio: str = "") -> None:
    """Fill in a report of a park whose place is words; `barrio` is what they tap when asked."""
    await who.says("/reportar")
    await who.taps("Parques")
    await who.says(story)
    await who.says(where)
    if barrio:
        await who.taps(barrio)


async def tells(who: Talker, story: str, where: str, barrio: str = "") -> str:
    """Report it in words alone; its code."""
    await as_far_as_the_place(who, story, where, barrio)
    await who.taps("Skip")
    await who.taps(SEND)
    return code_in(who.last.text)


async def test_two_typed_places_in_one_barrio(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    code = await tells(rosa, STORY, "Carrera 8 con calle 5, La Loma")
    await as_far_as_the_place(ana, AGAIN, "La Loma, calle 5 con carrera 8")
    shown = ana.told(SAME)
    assert code in shown.text and " m " not in shown.text and "tobogán" not in shown.text
    await ana.taps(nearby.JOIN_ONE)
    assert await joined(small_town, code) == 1


async def test_a_typed_place_that_names_no_barrio(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    code = await tells(rosa, STORY, "Detrás del mercado viejo", "Skip")
    await as_far_as_the_place(ana, AGAIN, "detras del mercado viejo, junto al árbol", "Skip")
    assert code in ana.told(SAME).text


async def test_another_corner_is_not_shown(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    await tells(rosa, STORY, "Carrera 8 con calle 5", "Skip")
    await as_far_as_the_place(ana, "El parque está muy sucio", "Carrera 8 con calle 6", "Skip")
    assert ana.reads(SAME) not in ana.last.text


async def test_a_point_finds_what_was_told_in_words_in_its_barrio(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    place = small_town.places()[0]
    atlas = (await small_town.turn(lambda turn: small_town.house.world.town(turn.session))).atlas
    barrio = atlas.locate(place["latitude"], place["longitude"])
    assert barrio is not None
    name = str(barrio.name)
    code = await tells(rosa, STORY, f"Al lado de la cancha, {name}")
    await to_the_place(ana, AGAIN, (place["latitude"], place["longitude"]))
    assert code in ana.told(SAME).text
    # And in words what was told with a point.
    await ana.taps(nearby.IT_IS_ANOTHER)
    await ana.taps("Skip")
    await ana.taps(SEND)
    other = code_in(ana.last.text)
    await as_far_as_the_place(rosa, "El tobogán roto es un peligro", name)
    assert other in rosa.told(SAME).text
