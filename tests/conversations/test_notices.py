"""What people are told, in chat: each switch, what they follow, and the hours they sleep."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from actions import bundles, follow_ups, verdicts
from actions import report_words as words
from handlers import follow_ups as asked
from handlers import follows, notices, quiet_hours
from storage.report import Report, by_code
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import head, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

LANGUAGES = ["es", "en", "pt-br"]
BOGOTA = ZoneInfo("America/Bogota")
PARK = (7.087797, -74.703358)


async def joins(ana: Talker, code: str) -> None:
    """Join a report by its code."""
    await ana.says(f"/reporte {code}")
    await ana.taps("🤝 It happens to me too")


async def stored(town: Town, code: str) -> Report:
    """A report as the database has it."""
    found = await town.turn(lambda turn: by_code(turn.session, code))
    assert found is not None
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_yes_with_a_photo_not_sure_and_no_with_a_reason(street: Town, language: str) -> None:
    marta = await street.gestora("Marta")
    rosa, ana = [await street.neighbour(name, language) for name in ("Rosa", "Ana")]
    code = await tells(rosa)
    here = head(rosa, code)
    await joins(ana, code)
    await marta.taps("Mark as fixed", marta.find(words.HEADING, **head(marta, code)))
    await street.jump(days=28, hours=1)
    question = ana.find(follow_ups.QUESTION, **here)
    assert rosa.reads(follow_ups.QUESTION, **here) in rosa.texts

    await ana.taps(follow_ups.NOT_SURE, question)
    ana.told(asked.THANKS_ANYWAY)
    await ana.taps(follow_ups.IT_WAS, question)
    ana.told(asked.THANKS)
    await ana.taps(asked.ADD_PHOTO)
    await ana.does("sends_photo")
    await ana.taps("Done")
    ana.told("Thank you! The photos are with report <b>{code}</b>.", code=code)
    await ana.taps(follow_ups.IT_WAS_NOT, question)
    ana.shown(verdicts.JUDGED)

    await rosa.taps(follow_ups.IT_WAS_NOT, rosa.find(follow_ups.QUESTION, **here))
    rosa.told(asked.REOPENED)
    rosa.told("What is still wrong? Write it, send a voice note, or skip.")
    # Whoever joined hears that it is open again.
    assert ana.reads(words.CHANGED["received"], **here) in ana.last.text
    await rosa.says("Sigue apagado de noche.")
    await rosa.taps("Skip")
    rosa.told("Thank you! The team will see it with report <b>{code}</b>.", code=code)
    card = marta.find(words.HEADING, **head(marta, code))
    assert "Sigue apagado de noche." in card.text
    assert (await stored(street, code)).state == "received"


async def test_a_no_without_a_reason_counts_as_well(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    await marta.taps("Mark as fixed", marta.find(words.HEADING, **head(marta, code)))
    await street.jump(days=28, hours=1)
    await rosa.taps(follow_ups.IT_WAS_NOT)
    await rosa.taps("Skip")
    await rosa.taps("Skip")
    rosa.told(asked.NOTHING_ADDED)
    assert (await stored(street, code)).state == "received"


async def test_three_neighbours_confirm_it(street: Town) -> None:
    marta, rosa = await street.gestora("Marta"), await street.neighbour("Rosa")
    code = await tells(rosa)
    others = [await street.neighbour(name) for name in ("Ana", "Luz")]
    for other in others:
        await joins(other, code)
    await marta.taps("Mark as fixed", marta.find(words.HEADING, **head(marta, code)))
    await street.jump(days=28, hours=1)
    for who in (rosa, *others):
        await who.taps(follow_ups.IT_WAS, who.find(follow_ups.QUESTION, **head(who, code)))
    assert rosa.reads(verdicts.SURELY, **head(rosa, code)) in rosa.texts
    assert others[1].reads(verdicts.SURELY, **head(rosa, code)) not in others[1].texts
    card = marta.find(words.HEADING, **head(marta, code))
    assert marta.reads(words.FIXED_SURELY) in card.text
    await others[1].says(f"/reporte {code}")
    assert others[1].reads(words.FIXED_SURELY) in others[1].last.text
    assert (await stored(street, code)).neighbours_at is not None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_switch_turns_and_every_screen_leads_back(street: Town, language: str) -> None:
    ana = await street.neighbour("Ana", language)
    await ana.says("/avisos")
    card = ana.last
    for on, off in (
        (notices.NEWS_ON, notices.NEWS_OFF),
        (notices.FOLLOW_UPS_ON, notices.FOLLOW_UPS_OFF),
    ):
        await ana.taps(on)
        assert ana.reads(off) in ana.heard()[-1].buttons
        await ana.taps(off)
        assert ana.reads(on) in ana.heard()[-1].buttons
    await ana.taps(follows.SEE_FOLLOWS)
    ana.told(follows.NOTHING)
    await ana.taps(follows.ADD_TERRITORY)
    ana.told(follows.WHICH_PLACES)
    await ana.taps(follows.IS_NOT, what="Centro")
    assert ana.reads(follows.IS_FOLLOWED, what="Centro") in ana.heard()[-1].buttons
    await ana.taps(follows.TO_FOLLOWS)
    assert ana.reads(follows.DROP, what="Centro") in ana.heard()[-1].buttons
    await ana.taps(follows.ADD_CATEGORY)
    ana.told(follows.WHICH_KINDS)
    await ana.taps(follows.TO_FOLLOWS)
    await ana.taps(follows.DROP, what="Centro")
    ana.told(follows.NOTHING)
    await ana.taps(follows.TO_NOTICES)
    await ana.taps(quiet_hours.NO_HOURS)
    await ana.taps(quiet_hours.FROM_TO, start="22:00", end="06:00")
    ana.told(quiet_hours.QUIET_NOW, start="22:00", end="06:00")
    await ana.taps(quiet_hours.OWN)
    await ana.taps("23:00")
    ana.told(quiet_hours.UNTIL_WHEN, start="23:00")
    await ana.taps("05:00")
    ana.told(quiet_hours.QUIET_NOW, start="23:00", end="05:00")
    await ana.taps(quiet_hours.TO_NOTICES)
    assert ana.reads(quiet_hours.MY_HOURS, start="23:00", end="05:00") in ana.heard()[-1].buttons
    # All of it on one card.
    assert {seen.id for seen in ana.heard()} == {card.id}


async def test_what_she_follows_and_what_happened_while_she_slept(street: Town) -> None:
    marta, rosa, ana = (
        await street.gestora("Marta"),
        await street.neighbour("Rosa"),
        await street.neighbour("Ana"),
    )
    await ana.says("/avisos")
    await ana.taps(follows.SEE_FOLLOWS)
    await ana.taps(follows.ADD_PLACE)
    await ana.presses("📍 Send my location", *PARK)
    await ana.taps("3 kilometres")
    await ana.says("la casa")
    ana.told("Done. What happens there will reach you in one message, at most every hour.")
    await ana.taps(follows.SEE_FOLLOWS)
    place = ana.reads(follows.NAMED_PLACE, metres=3000, name="la casa")
    assert ana.reads(follows.DROP, what=place) in ana.last.buttons

    code = await tells(rosa)
    assert ana.reads(bundles.MEANWHILE) not in ana.texts
    await street.jump(hours=1)
    assert ana.reads(bundles.MEANWHILE) in ana.last.text
    assert code in ana.last.text and ana.reads(bundles.NEW) in ana.last.text
    # From there to the report, which she joins.
    await ana.taps(code)
    assert code in ana.last.text
    await ana.taps("🤝 It happens to me too")

    # She is quiet from now on, for nine hours; Rosa is not.
    hour = (await street.turn(lambda turn: turn.now)).astimezone(BOGOTA).hour
    await ana.taps(data=f"w:quiet:{hour}-{(hour + 9) % 24}")
    card = marta.find(words.HEADING, **head(marta, code))
    await marta.taps("Confirm", card)
    await marta.taps("Start work", card)
    assert rosa.reads(words.CHANGED["in_progress"], **head(rosa, code)) in rosa.last.text
    assert ana.reads(words.STATES["in_progress"]) not in ana.last.text
    await street.jump(hours=9)
    assert ana.reads(bundles.YOURS) in ana.last.text
    assert ana.reads(words.STATES["confirmed"]) in ana.last.text
    assert ana.reads(words.STATES["in_progress"]) in ana.last.text
    await street.jump(days=1)
    assert ana.texts.count(ana.reads(bundles.YOURS)) == 1


@pytest.mark.parametrize(
    "data",
    [
        "w:quiet:", "w:quiet:7-7", "w:quiet:25-3", "w:quiet:x", "w:from:24", "w:from:-1",
        "w:from:", "y:territory:0:0", "y:category:2147483647:9", "y:drop:2147483647:0",
        "y:zz:1:0", "p:places:2147483647", "p:kinds:99", "v:no:2147483647:0", "v::1:0",
        "v:photo:2147483647:0", "v:yes:1:2147483647",
    ],
)  # fmt: skip
async def test_forged_taps_do_nothing(lane: Town, data: str) -> None:
    ana = await lane.neighbour("Ana")
    await ana.says("/avisos")
    await ana.taps(data=data)
    await ana.says("/avisos")
    assert ana.reads(quiet_hours.NO_HOURS) in ana.last.buttons
    assert ana.reads(follows.SEE_FOLLOWS) in ana.last.buttons


async def test_a_stranger_is_asked_for_permission_first(lane: Town) -> None:
    luz = lane.talker("Luz")
    await luz.starts()
    for data in ("y:territory:1:0", "p:quiet:0", "w:quiet:22-6", "w:news:0", "v:yes:1:0"):
        await luz.taps(data=data)
        luz.told("Before we keep anything you tell us, please read this:")
