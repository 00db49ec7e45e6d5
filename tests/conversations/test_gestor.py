"""A gestora hears of reports as often as she chose, and pages through what is open."""

from __future__ import annotations

import pytest

from actions import report_words as words
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import head, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW, HOURLY, DAILY = (
    "New reports: at once",
    "New reports: every hour",
    "New reports: every morning",
)


def cards(marta: Talker, codes: list[str]) -> int:
    """How many of these reports she has a card of."""
    return sum(marta.reads(words.HEADING, **head(marta, code)) in marta.texts for code in codes)


async def test_new_reports_every_hour_and_every_morning(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    await marta.says("/avisos")
    await marta.taps(NOW)
    assert marta.reads(HOURLY) in marta.heard()[-1].buttons
    codes = [await tells(rosa), await tells(rosa)]
    assert cards(marta, codes) == 0
    await street.jump(hours=1)
    assert cards(marta, codes) == 2
    third = await tells(rosa)
    assert cards(marta, [third]) == 0
    await street.jump(hours=1)
    assert cards(marta, [third]) == 1

    await marta.taps(HOURLY)
    assert marta.reads(DAILY) in marta.heard()[-1].buttons
    late = await tells(rosa)
    await street.jump(hours=3)
    assert cards(marta, [late]) == 0
    await street.jump(hours=24)
    assert cards(marta, [late]) == 1
    await marta.taps(DAILY)
    assert marta.reads(NOW) in marta.heard()[-1].buttons
    assert cards(marta, [await tells(rosa)]) == 1


async def test_the_tray_page_by_page(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    codes = [await tells(rosa) for _ in range(7)]
    await rosa.says("/bandeja")
    rosa.shown(
        "This is for the people in charge of it. If you should be one of them, ask the team."
    )
    await marta.says("/bandeja")
    seen = marta.last.text
    page = marta.last
    for _ in range(20):
        if marta.reads("Next ▶️") not in marta.last.buttons:
            break
        await marta.taps("Next ▶️")
        assert marta.heard()[-1].id == page.id
        seen += marta.heard()[-1].text
    assert all(code in seen for code in codes)
    await marta.taps("See {code}", code=codes[-1])
    assert codes[-1] in marta.last.text and marta.reads("Confirm") in marta.last.buttons
    await marta.taps("Close, with a reason")
    await marta.taps("It is no longer needed")
    await marta.says("Ya se hizo.")
    await marta.taps("Send")
    await marta.says("/bandeja")
    while marta.reads("Next ▶️") in marta.last.buttons:
        assert codes[-1] not in marta.last.text
        await marta.taps("Next ▶️")
    assert codes[-1] not in marta.last.text


async def test_a_gestora_who_blocked_the_bot_keeps_nobody_from_reporting(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    await marta.does("blocks")
    assert await tells(rosa)
    await marta.does("unblocks")
    await marta.starts()
    await marta.says("/bandeja")
    assert marta.reads("<b>Open reports</b>, the oldest first") in marta.last.text
