"""A gestora announces the day a report will be done, and whoever waits for it reads why."""

from __future__ import annotations

from datetime import timedelta

from actions import expected, overtaken, team_card
from actions import report_words as words
from actions.act import NOT_YOURS
from flows.phrase import day
from handlers import half_done
from handlers.talk import OLD_BUTTON
from storage.report import by_code
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_meeting import on
from tests.conversations.test_report import head, tells


async def announces(marta: Talker, code: str, when: str, why: str) -> None:
    """Open the card's rarer buttons, name the day and say why."""
    await marta.says(f"/reporte {code}")
    await marta.taps(team_card.MORE)
    await marta.taps(team_card.EXPECT)
    await marta.says(when)
    await marta.says(why)
    await marta.taps("📆 Tell them")


async def test_the_day_and_its_reason_reach_whoever_waits(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    await announces(marta, code, on(town, 20), "Esperamos el repuesto.")
    today = town.clock.now().date()
    soon, later = day(today + timedelta(days=20)), day(today + timedelta(days=30))
    first = rosa.find(expected.ON_A_DAY, day=soon, **head(rosa, code))
    assert "Esperamos el repuesto." in first.text
    assert "📆" in marta.find(words.HEADING, **head(marta, code)).text
    await announces(marta, code, on(town, 30), "No llegó todavía.")
    second = rosa.find(expected.ANOTHER_DAY, day=later, before=soon, **head(rosa, code))
    assert "No llegó todavía." in second.text


async def test_nobody_else_announces_and_nothing_closed_is_expected(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)

    def number(turn: Turn) -> int:
        report = by_code(turn.session, code)
        assert report is not None and report.id is not None
        return report.id

    report = await town.turn(number)
    await rosa.taps(data=f"r:expected:{report}:")
    rosa.shown(NOT_YOURS)
    await marta.says(f"/reporte {code}")
    await marta.taps("Mark as fixed")
    await marta.taps(data=f"r:expected:{report}:")
    marta.shown(expected.NOT_OPEN)
    await marta.taps(data="r:expected:999999:")
    assert marta.toasted() and OLD_BUTTON not in marta.toasted()


async def test_two_at_once_the_second_reads_who_was_first_and_keeps_her_words(
    small_town: Town,
) -> None:
    town = small_town
    marta, luis = await town.gestora("Marta"), await town.gestora("Luis")
    rosa = await town.neighbour("Rosa")
    code = await tells(rosa)
    for gestora, days in ((marta, 20), (luis, 30)):
        await gestora.says(f"/reporte {code}")
        await gestora.taps(team_card.MORE)
        await gestora.taps(team_card.EXPECT)
        await gestora.says(on(town, days))
        await gestora.says(f"Son {days} días.")
    today = town.clock.now().date()
    first, second = day(today + timedelta(days=20)), day(today + timedelta(days=30))
    await marta.taps("📆 Tell them")
    rosa.find(expected.ON_A_DAY, day=first, **head(rosa, code))
    heard = rosa.texts
    await luis.taps("📆 Tell them")
    assert rosa.texts == heard
    told = luis.find(overtaken.MEANWHILE, code=code).text
    assert "Marta" in told and "Son 20 días." in told
    assert luis.reads(overtaken.STILL_HERE) in told
    # He has read it, and still wants to say it.
    await luis.taps(half_done.GO_ON)
    assert "Son 30 días." in luis.last.text
    await luis.taps("📆 Tell them")
    rosa.find(expected.ANOTHER_DAY, day=second, before=first, **head(rosa, code))
