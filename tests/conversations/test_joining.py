"""What a neighbour told already is shown before it is told again, and may be joined."""

from __future__ import annotations

import pytest
from sqlmodel import select

from actions import nearby, report_views
from handlers import my_reports, reports
from storage.report import Report
from storage.support import Support
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LOCATION, SAME, SEND, code_in, stored

METRE = 1 / 111_195
PARK = {"es": "Parques", "en": "Parks", "pt_BR": "Parques"}


def corner(town: Town, number: int) -> tuple[float, float]:
    """A corner of the town of a test's own, far from the others."""
    place = town.places()[number]
    return place["latitude"], place["longitude"]


async def to_the_place(who: Talker, story: str, where: tuple[float, float] | str) -> None:
    """Fill in a report of a park as far as sharing where it is, or writing it."""
    await who.says("/reportar")
    await who.taps(PARK[who.language])
    await who.says(story)
    if isinstance(where, str):
        await who.says(where)
    else:
        await who.presses(LOCATION, *where)


async def reports_it(
    who: Talker, story: str, point: tuple[float, float], photo: bool = False
) -> str:
    """Report it, as another problem than those that are near; the code it got."""
    await to_the_place(who, story, point)
    if who.reads(SAME) in who.last.text:
        await who.taps(nearby.IT_IS_ANOTHER)
    if photo:
        await who.does("sends_photo")
        await who.taps("Done")
    else:
        await who.taps("Skip")
    await who.taps(SEND)
    return code_in(who.last.text)


async def joined(town: Town, code: str) -> int:
    """How many have joined a report, by its count and by its rows."""
    report = await stored(town, code)
    rows = await town.turn(
        lambda turn: turn.session.exec(select(Support).where(Support.report_id == report.id)).all()
    )
    assert report.supports == len(rows)
    return len(rows)


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_it_is_the_same_and_she_joins(small_town: Town, language: str) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    carmen = await small_town.neighbour("Carmen", language)
    here = corner(small_town, 0)
    code = await reports_it(rosa, "El columpio del parque está roto.", here, photo=True)

    await to_the_place(
        carmen, "Se rompió un columpio y es peligroso", (here[0] + 60 * METRE, here[1])
    )
    question = carmen.told(SAME)
    # A photo before the question, and how far away it is; nobody's name and nobody's words.
    assert any(seen.kind == "photo" for seen in carmen.heard())
    assert code in question.text and "60 m" in question.text
    assert "columpio del parque" not in question.text and "Rosa" not in question.text
    await carmen.taps(nearby.JOIN_ONE)
    carmen.told(reports.JOINED, code=code)
    assert await joined(small_town, code) == 1
    assert await total(small_town) == 1

    # What she had told joins it: the team reads it, and Rosa hears of it.
    assert "es peligroso" in marta.last.text
    assert "es peligroso" in rosa.last.text and "Carmen" not in rosa.last.text
    # From now on she hears what becomes of it.
    await marta.taps("Confirm", marta.find(code))
    assert code in carmen.last.text

    # The same button once more, and the link, change nothing.
    await carmen.taps(report_views.JOIN, data=f"n:join:{(await stored(small_town, code)).id}:")
    assert await joined(small_town, code) == 1


async def total(town: Town) -> int:
    """How many reports there are."""
    return await town.turn(lambda turn: len(turn.session.exec(select(Report)).all()))


async def test_another_problem_is_told_to_its_end(small_town: Town) -> None:
    rosa, carmen = await small_town.neighbour("Rosa"), await small_town.neighbour("Carmen")
    here = corner(small_town, 0)
    first = await reports_it(rosa, "El columpio del parque está roto.", here)
    await to_the_place(carmen, "Cortaron un árbol sano anoche", here)
    carmen.told(SAME)
    await carmen.taps(nearby.IT_IS_ANOTHER)
    await carmen.taps("Skip")
    review = carmen.told("Shall I send it?")
    assert carmen.reads(nearby.IT_IS_ANOTHER) in review.text
    await carmen.taps(SEND)
    second = code_in(carmen.last.text)
    assert second != first and await joined(small_town, first) == 0

    # A third one is shown both; that of another category, or far away, none.
    ana = await small_town.neighbour("Ana")
    await to_the_place(ana, "El parque está muy oscuro", here)
    assert first in ana.last.text and second in ana.last.text
    # Each is named once, by what one taps to join it.
    assert ana.last.text.count(first) == ana.last.text.count(second) == 1
    await ana.taps(nearby.JOIN, code=second)
    ana.told(reports.JOINED, code=second)
    await ana.says("/reportar")
    await ana.says("Animales")
    await ana.says("Hay un perro suelto y bravo")
    await ana.presses(LOCATION, *here)
    assert ana.reads(SAME) not in ana.last.text


async def test_her_own_is_added_to_and_not_joined(small_town: Town) -> None:
    rosa = await small_town.neighbour("Rosa")
    here = corner(small_town, 0)
    code = await reports_it(rosa, "El columpio del parque está roto.", here)
    await to_the_place(rosa, "Ahora se cayó del todo el columpio", here)
    await rosa.taps(nearby.MINE, code=code)
    rosa.told(reports.ADDED, code=code)
    assert await joined(small_town, code) == 0 and await total(small_town) == 1
    await rosa.taps(reports.LOOK, code=code)
    assert "se cayó del todo" in rosa.last.text


async def test_what_she_calls_the_place_is_not_lost(small_town: Town) -> None:
    rosa, carmen = await small_town.neighbour("Rosa"), await small_town.neighbour("Carmen")
    here = corner(small_town, 0)
    await reports_it(rosa, "El columpio del parque está roto.", here)
    await carmen.says("/reportar")
    await carmen.taps(PARK["es"])
    await carmen.says("Se rompió un columpio")
    await carmen.does("sends_venue", *here, "Junto a la cancha", "Carrera 8")
    await carmen.taps(nearby.JOIN_ONE)
    assert "Se rompió un columpio\nJunto a la cancha" in rosa.last.text


async def test_nobody_is_shown_what_is_private_or_hidden(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    carmen = await small_town.neighbour("Carmen")
    here = corner(small_town, 0)
    code = await reports_it(rosa, "En el parque venden drogas de noche.", here)
    await rosa.taps(reports.ONLY_TEAM)
    rosa.shown(my_reports.NOW_PRIVATE)
    assert (await stored(small_town, code)).private
    await to_the_place(carmen, "Venden drogas en el parque de noche", here)
    assert carmen.reads(SAME) not in carmen.last.text
    for ask in (f"/reporte {code}", f"/start r-{code[2:]}"):
        await carmen.says(ask)
        carmen.told(my_reports.NOT_FOUND)
    number = (await stored(small_town, code)).id
    for do in ("photos", "place", "add", "join", "leave", "withdraw", "mended", "public"):
        await carmen.taps(data=f"n:{do}:{number}:yes")
        carmen.shown("There is no such report.")
    assert await joined(small_town, code) == 0
    assert (await stored(small_town, code)).private
    # The team sees it, and so does she; and she may let the others see it.
    await marta.says(f"/reporte {code}")
    assert "venden drogas" in marta.last.text
    await rosa.says(f"/reporte {code}")
    await rosa.taps(report_views.MAKE_PUBLIC)
    rosa.shown(my_reports.NOW_PUBLIC)
    await carmen.says(f"/reporte {code}")
    assert "venden drogas" in carmen.last.text and "Rosa" not in carmen.last.text


async def test_a_neighbour_closes_it_while_another_decides(small_town: Town) -> None:
    rosa, carmen = await small_town.neighbour("Rosa"), await small_town.neighbour("Carmen")
    here = corner(small_town, 0)
    code = await reports_it(rosa, "El columpio del parque está roto.", here)
    await to_the_place(carmen, "Se rompió un columpio y es peligroso", here)
    question = carmen.told(SAME)
    await rosa.taps(reports.LOOK, code=code)
    await rosa.taps(report_views.WITHDRAW)
    await rosa.taps(report_views.YES["withdraw"])
    rosa.shown(my_reports.NOW_BACK)
    # The button is one of a list that is empty by now: she goes on, and nothing is lost.
    await carmen.taps(nearby.JOIN_ONE, question)
    assert not carmen.untold()
    assert await joined(small_town, code) == 0
    if carmen.reads("Skip") not in carmen.last.buttons:
        await carmen.says("/menu")
    await carmen.taps("Skip")
    await carmen.taps(SEND)
    assert code_in(carmen.last.text) != code
