"""The team sees figures in words and pictures, and takes reports home in a file."""

from __future__ import annotations

import asyncio
import json

import pytest

from actions import exports, filters, periods
from actions import figures as made
from actions.report_words import STATES
from handlers import exports as screens
from handlers import tray
from simulator.seen import Seen
from storage.person import by_telegram
from storage.report import by_code
from storage.turn import Turn
from tests.conversations.conftest import ADMIN, Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_YOURS = "This is for the people in charge of it. If you should be one of them, ask the team."


async def file_of(marta: Talker) -> Seen:
    """The newest file in her chat, once it has come."""
    async with asyncio.timeout(30):
        while True:
            await marta.town.jump(seconds=1)
            found = [seen for seen in marta.heard() if seen.kind == "document"]
            if found:
                return found[-1]


def content(town: Town, seen: Seen) -> bytes:
    """What is in a document."""
    return town.sim.world.files.get(seen.data["document"]["file_id"]).read()


@pytest.mark.parametrize("language", ["es", "en", "pt-br"])
async def test_figures_in_words_and_pictures(street: Town, language: str) -> None:
    marta, rosa = await street.gestora("Marta", language), await street.neighbour("Rosa")
    await tells(rosa)
    await rosa.says("/cifras")
    rosa.shown(NOT_YOURS)
    await marta.says("/cifras")
    categories, barrios = marta.heard()
    assert categories.kind == barrios.kind == "photo"
    marta.told(made.TITLE, town="Villa Ceiba")
    marta.told(made.BY_TERRITORY)
    await marta.taps("This year")
    assert [seen.kind for seen in marta.heard()] == ["photo", "photo"]
    await marta.taps("Last 90 days")
    await marta.taps("📄 Export")
    marta.told("Choose which ones, and then the kind of file. It is sent to you here.")


async def test_a_file_of_what_was_chosen(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa María Ñúñez")
    first, second = await tells(rosa), await tells(rosa)

    def hide(turn: Turn) -> None:
        report = by_code(turn.session, second)
        assert report is not None
        report.private = True

    await street.turn(hide)
    await rosa.says("/exportar")
    rosa.shown(NOT_YOURS)
    await marta.says("/exportar")
    await marta.taps(screens.STATE)
    await marta.taps("Open")
    await marta.taps(screens.PLACE)
    await marta.taps("⬅️ Back")
    await marta.taps(screens.CATEGORY)
    await marta.taps("💡 Alumbrado público")
    assert "💡 Alumbrado público" in marta.last.text
    await marta.taps("CSV")
    marta.shown(screens.COMING)
    seen = await file_of(marta)
    text = content(street, seen).decode("utf-8-sig")
    assert seen.data["document"]["file_name"].endswith(".csv")
    assert first in text and second not in text and "Rosa" not in text
    assert "💡" not in text and "Alumbrado público" in text

    await marta.says("/exportar")
    assert marta.reads(screens.NAMES_OUT) not in marta.last.buttons
    await marta.taps(screens.PRIVATE_OUT)
    await marta.taps("Map (GeoJSON)")
    features = json.loads(content(street, await file_of(marta)))["features"]
    assert {first, second} <= {feature["properties"]["code"] for feature in features}


async def test_an_administrator_may_have_the_names(street: Town) -> None:
    boss, rosa = await street.neighbour("Alcaldesa", id=ADMIN), await street.neighbour("Rosa Ñúñez")
    await tells(rosa)
    await boss.says("/exportar")
    await boss.taps(screens.NAMES_OUT)
    await boss.taps("CSV")
    assert "Rosa Ñúñez" in content(street, await file_of(boss)).decode("utf-8-sig")


async def test_what_the_queue_shows_in_a_file(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    first, second = await tells(rosa), await tells(rosa)

    def take(turn: Turn) -> None:
        report, person = by_code(turn.session, second), by_telegram(turn.session, marta.id)
        assert report is not None and person is not None
        report.assignee_id = person.id

    await street.turn(take)
    await marta.says("/exportar")
    form = marta.last.id
    await marta.says("/bandeja")
    await marta.taps(tray.FILTER)
    await marta.taps(filters.WHOSE[""])
    await marta.taps(tray.EXPORT)
    # On a card of its own, where she looks: not on the one above.
    assert marta.last.id != form and marta.last.kind == "text"
    for line in (periods.PERIODS[periods.ALL], exports.SHOWN["open"]):
        assert f"• {marta.reads(line)}" in marta.last.text
    assert f"• {marta.reads(filters.WHOSE['mine'])}" in marta.last.text
    await marta.taps("CSV")
    text = content(street, await file_of(marta)).decode("utf-8-sig")
    assert second in text and first not in text

    # The form offers the same: nobody's, of any age but the overdue, joined or not.
    await marta.taps(filters.WHOSE["mine"])
    await marta.taps(screens.ANY_JOINED)
    assert f"• {marta.reads(exports.JOINED_ONLY)}" in marta.heard()[-1].text
    await marta.taps(screens.JOINED)
    for age in ("", "7", "30"):
        await marta.taps(filters.AGES[age])
    assert f"• {marta.reads(filters.AGES['over'])}" in marta.heard()[-1].text
    await marta.taps("CSV")
    await street.jump(seconds=2)
    assert marta.reads(exports.NOTHING_FITS) in marta.last.text


async def test_what_fits_nothing_is_said(street: Town) -> None:
    marta = await street.gestora("Marta")
    await marta.says("/exportar")
    await marta.taps(screens.STATE)
    await marta.taps(STATES["hidden"])
    await marta.taps("Excel (XLSX)")
    await street.jump(seconds=2)
    assert marta.reads(exports.NOTHING_FITS) in marta.last.text
    await marta.taps("📄 Another file")
    marta.told("Choose which ones, and then the kind of file. It is sent to you here.")
