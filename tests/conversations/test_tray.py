"""A gestora chooses what her queue shows, on one card, and never ends in an empty room."""

from __future__ import annotations

import pytest

from actions import filters
from actions.act import NOT_YOURS
from actions.buttons import TrayTap
from flows.phrase import day
from handlers import tray
from handlers.menu import FOLLOWING
from handlers.talk import OLD_BUTTON
from storage.person import by_telegram
from storage.report import Report, by_code
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import LAMPS, tells

ALL_OPEN = "📂 All that is open"


async def becomes(town: Town, code: str, **values: object) -> None:
    """Something happened to a report that no chat here tells of."""

    def change(turn: Turn) -> None:
        report = by_code(turn.session, code)
        assert report is not None
        for name, value in values.items():
            setattr(report, name, value)
        turn.session.flush()

    await town.turn(change)


async def number_of(town: Town, talker: Talker) -> int:
    person = await town.turn(lambda turn: by_telegram(turn.session, talker.id))
    assert person is not None and person.id is not None
    return person.id


def listed(talker: Talker, *codes: str) -> list[bool]:
    """Which of these the card shows."""
    return [code in talker.heard()[-1].text for code in codes]


async def choose(talker: Talker, *labels: str) -> None:
    """Choose on the card what to see, and look at it."""
    await talker.taps(tray.FILTER)
    for label in labels:
        await talker.taps(label)
    await talker.taps(tray.SHOW)


async def test_the_queue_by_what_she_chooses(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    first, second, third = [await tells(rosa, f"El poste {n} está apagado.") for n in range(3)]
    marta_id = await number_of(town, marta)
    await becomes(town, first, assignee_id=marta_id, supports=1)
    await becomes(town, second, due_at=town.clock.now().replace(year=2020), supports=3)
    await becomes(town, third, state="planned", private=True)

    await marta.says("/bandeja")
    card = marta.last.id
    assert marta.reads(tray.OPEN_ONES) in marta.last.text
    text = marta.last.text
    assert text.index(first) < text.index(second) < text.index(third)
    assert "⏰" in text.partition(second)[2].partition(third)[0]
    told = marta.reads(tray.TOLD_ON, day=day(town.clock.now().date(), "medium"))
    assert text.count(told) == 3
    assert marta.reads(tray.PRIVATE) in text.partition(third)[2]
    assert marta.reads(tray.ASSIGNED_TO, person="Marta") in text.partition(second)[0]

    await choose(marta, filters.WHOSE[""])
    assert listed(marta, first, second, third) == [True, False, False]
    assert marta.heard()[-1].id == card
    await choose(marta, filters.WHOSE["mine"])
    assert listed(marta, first, second, third) == [False, True, True]
    await marta.taps(tray.EVERYTHING)
    assert listed(marta, first, second, third) == [True, True, True]

    await choose(marta, filters.AGES[""], filters.AGES["7"], filters.AGES["30"])
    assert listed(marta, first, second, third) == [False, True, False]
    await marta.taps(tray.EVERYTHING)

    await choose(marta, tray.ORDERS[""])
    assert listed(marta, first, second, third) == [True, True, False]
    text = marta.heard()[-1].text
    assert text.index(second) < text.index(first)
    await marta.taps(tray.EVERYTHING)

    await choose(marta, ALL_OPEN, "📅 Planned")
    assert listed(marta, first, second, third) == [False, False, True]
    await choose(marta, "📅 Planned", "🙈 Hidden", tray.ORDERS[""])
    # That list leaves out what nobody joined, and says so.
    assert marta.reads(tray.NONE_JOINED, chosen="").split("\n")[0] in marta.heard()[-1].text
    await marta.taps(tray.EVERYTHING)
    await choose(marta, ALL_OPEN, "📅 Planned")
    # Nothing there is said, with what was chosen and the ways back.
    await choose(marta, "📅 Planned", "🙈 Hidden")
    assert marta.reads("🙈 Hidden") in marta.heard()[-1].text
    for way in (tray.FILTER, tray.EVERYTHING, "⬅️ Menu"):
        assert marta.reads(way) in marta.heard()[-1].buttons
    await marta.taps(tray.EVERYTHING)

    await choose(marta, tray.ANY_KIND, LAMPS["es"])
    assert listed(marta, first, second, third) == [True, True, True]
    await marta.taps(tray.EVERYTHING)
    await marta.taps(tray.CARD, code=second)
    assert second in marta.last.text and marta.reads("Confirm") in marta.last.buttons


async def test_the_queue_by_place_takes_in_what_is_below(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    code = await tells(rosa)
    view = town.house.world.known_town()
    assert view is not None
    report = await town.turn(lambda turn: by_code(turn.session, code))
    assert isinstance(report, Report) and report.territory_id is not None
    mine = view.territory(report.territory_id)
    above = view.territory(mine.parent_id) if mine else None
    other = next(
        t
        for t in view.territories
        if above and t.parent_id not in (None, above.id) and t.id != report.territory_id
    )
    assert mine is not None and above is not None
    await marta.says("/bandeja")
    for place, there in ((mine, True), (above, True), (other, False)):
        await marta.taps(tray.FILTER)
        await marta.taps(tray.ANY_PLACE)
        await marta.taps(place.name)
        assert marta.reads(tray.ONE_PLACE, place=place.name) in marta.heard()[-1].buttons
        await marta.taps(tray.SHOW)
        assert listed(marta, code) == [there]
        await marta.taps(tray.EVERYTHING)


async def test_pages_stay_on_one_card_and_the_last_may_empty(small_town: Town) -> None:
    town = small_town
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    ana = await town.neighbour("Ana")
    codes = [await tells(rosa, f"El poste número {n} está apagado.") for n in range(3)]
    codes += [await tells(ana, f"El poste número {n} está apagado.") for n in range(3, 6)]
    await marta.says("/bandeja")
    card = marta.last.id
    await marta.taps(FOLLOWING)
    assert marta.heard()[-1].id == card
    assert listed(marta, *codes) == [False] * 5 + [True]
    await becomes(town, codes[5], state="hidden")
    await marta.taps(data=TrayTap(page=1).pack())
    assert listed(marta, *codes) == [True] * 5 + [False]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "forged",
    [
        "q:list:999999:999999:nothing:x:y:z:999999999",
        "q:place:0:0:::::999999",
        "q:kind:0:0:::::7",
        "q:state:0:0::::0:0",
        "q:nowhere:0:0:::::0",
        "q:list:-1:0:::::0",
    ],
)
async def test_forged_choices_show_the_queue_or_nothing(lane: Town, forged: str) -> None:
    marta, rosa = await lane.gestora("Marta"), await lane.neighbour("Rosa")
    await marta.says("/bandeja")
    await marta.taps(data=forged)
    assert len(marta.last.buttons) >= 2
    await rosa.says("/menu")
    before = rosa.texts
    await rosa.taps(data=forged)
    assert rosa.toasted() == [rosa.reads(OLD_BUTTON if "-1" in forged else NOT_YOURS)]
    assert rosa.texts == before
