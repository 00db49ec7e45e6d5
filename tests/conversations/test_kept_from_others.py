"""What the team takes from the neighbours' eyes is gone from what they have open, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions import casework, outdated, redacting, report_views
from actions.act import Act, actor_of
from handlers import my_reports
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_joining import joined, to_the_place
from tests.conversations.test_my_reports import STORY, looks, told
from tests.conversations.test_report import SEND, code_in, stored


async def acts(town: Town, who: Talker, work: Callable[[Act], object]) -> None:
    """Something that somebody does, in a turn of its own."""

    def turn(turn: Turn) -> None:
        work(Act(turn, actor_of(turn.session, who.id, "Marta", "es"), town.house.world))

    await town.turn(turn)
    await town.quiet()


async def test_whoever_joined_may_leave_what_was_made_private(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana, eva = await small_town.neighbour("Ana"), await small_town.neighbour("Eva")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id or 0
    await looks(ana, code)
    await ana.taps(report_views.JOIN)
    await acts(small_town, marta, lambda act: casework.set_private(act, number, True))
    await ana.taps(data=f"n:leave:{number}:")
    ana.told(report_views.SURE["leave"], code=code)
    await ana.taps(report_views.YES["leave"])
    ana.shown(my_reports.NOW_LEFT)
    assert ana.reads(outdated.OUTDATED) in ana.last.text and STORY not in ana.last.text
    assert await joined(small_town, code) == 0
    for who in (ana, eva):
        await who.taps(data=f"n:leave:{number}:yes")
        who.shown("There is no such report.")


def by_team(do: Callable[[Act, int], object]) -> Callable[[Town, Talker, Talker, int], object]:
    """Something that the gestora does with a report."""

    async def work(town: Town, marta: Talker, rosa: Talker, number: int) -> None:
        await acts(town, marta, lambda act: do(act, number))

    return work


async def herself(town: Town, marta: Talker, rosa: Talker, number: int) -> None:
    """Whoever told it keeps it for the team."""
    await rosa.taps(data=f"n:private:{number}:new")


@pytest.mark.parametrize(
    "how",
    [
        by_team(lambda act, number: redacting.redact(act, number, "w")),
        by_team(lambda act, number: redacting.redact(act, number, "l", "En el centro")),
        by_team(lambda act, number: casework.set_private(act, number, True)),
        by_team(lambda act, number: casework.move(act, number, "hidden")),
        herself,
    ],
    ids=["words", "address", "private", "hidden", "herself"],
)
async def test_what_neighbours_have_open_shows_it_no_more(small_town: Town, how: Any) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana = await small_town.neighbour("Ana")
    await to_the_place(rosa, STORY, "La casa verde de Pérez")
    # In which barrio, she does not know.
    await rosa.taps("Skip")
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    assert STORY in await looks(ana, code) and "Pérez" in ana.texts
    await how(small_town, marta, rosa, (await stored(small_town, code)).id)
    ana.told(outdated.OUTDATED)
    assert STORY not in ana.texts and "Pérez" not in ana.texts
    # The way leads to how it is now, or to nothing.
    await ana.taps(outdated.OPEN_AGAIN)
    assert STORY not in ana.last.text or "Pérez" not in ana.last.text


@pytest.mark.parametrize("gone", ["address", "private"])
async def test_the_lists_of_those_who_joined_show_it_no_more(small_town: Town, gone: str) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana = await small_town.neighbour("Ana")
    await to_the_place(rosa, STORY, "La casa verde de Pérez")
    # In which barrio, she does not know.
    await rosa.taps("Skip")
    await rosa.taps("Skip")
    await rosa.taps(SEND)
    code = code_in(rosa.last.text)
    number = (await stored(small_town, code)).id or 0
    await looks(ana, code)
    await ana.taps(report_views.JOIN)
    await ana.says("/misreportes")
    assert "Pérez" in ana.last.text
    if gone == "address":
        await acts(small_town, marta, lambda act: redacting.redact(act, number, "l"))
    else:
        await acts(small_town, marta, lambda act: casework.set_private(act, number, True))
    assert "Pérez" not in ana.texts
