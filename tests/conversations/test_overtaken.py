"""Two of the team at once: what the second wrote is not lost, whatever the first has done."""

from __future__ import annotations

import pytest

from actions import overtaken, team_card
from actions import report_words as words
from handlers import half_done
from handlers.casework import TO_CARD
from tests.conversations.conftest import Town
from tests.conversations.test_report import stored, tells


@pytest.mark.parametrize("how", ["closing", "merging"])
async def test_a_colleague_was_first_and_her_words_are_still_there(
    small_town: Town, how: str
) -> None:
    """The report has moved on and can be closed yet: she reads that, and goes on."""
    town = small_town
    marta, luis = await town.gestora("Marta"), await town.gestora("Luis")
    rosa, ana = await town.neighbour("Rosa"), await town.neighbour("Ana")
    first, second = await tells(rosa), await tells(ana, "La lámpara de la esquina no prende.")
    await luis.says(f"/reporte {second}")
    if how == "closing":
        await luis.taps(words.MOVES["closed"])
        await luis.taps("Nothing more will be done")
        await luis.says("El poste es de otra obra.")
    else:
        await luis.taps(team_card.MORE)
        await luis.taps(team_card.MERGE)
        await luis.says(first)
    await marta.says(f"/reporte {second}")
    await marta.taps(words.MOVES["confirmed"])
    send = "Send" if how == "closing" else "🔗 Join them"
    await luis.taps(send)
    told = luis.find(overtaken.MEANWHILE, code=second).text
    assert "Marta" in told and luis.reads(words.STATES["confirmed"]) in told
    assert luis.reads(overtaken.STILL_HERE) in told
    assert (await stored(town, second)).state == "confirmed"
    await luis.taps(half_done.GO_ON)
    assert ("El poste es de otra obra." if how == "closing" else first) in luis.last.text
    await luis.taps(send)
    report = await stored(town, second)
    assert report.state == "closed"
    assert report.closed_as == ("no_action" if how == "closing" else "duplicate")


async def test_a_colleague_has_closed_it_and_her_words_are_given_back(small_town: Town) -> None:
    town = small_town
    marta, luis = await town.gestora("Marta"), await town.gestora("Luis")
    rosa = await town.neighbour("Rosa")
    code = await tells(rosa)
    for gestora, why in ((luis, "El poste es de otra obra."), (marta, "Ya no hay poste.")):
        await gestora.says(f"/reporte {code}")
        await gestora.taps(words.MOVES["closed"])
        await gestora.taps("Nothing more will be done")
        await gestora.says(why)
    await marta.taps("Send")
    heard = rosa.texts
    await luis.taps("Send")
    told = luis.find(overtaken.MEANWHILE, code=code)
    for said in ("Marta", "Ya no hay poste.", "El poste es de otra obra."):
        assert said in told.text
    assert luis.reads(overtaken.TOO_LATE) in told.text
    assert rosa.texts == heard
    await luis.taps(TO_CARD)
    assert luis.reads(words.CLOSED_AS["no_action"]) in luis.last.text
