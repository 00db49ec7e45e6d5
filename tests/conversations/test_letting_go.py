"""Who takes back what others have joined goes alone: it stays, without them."""

from __future__ import annotations

from actions import casework, report_views
from actions import report_words as words
from actions.report_history import page
from handlers import my_reports
from handlers import reports as telling
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_joining import joined
from tests.conversations.test_kept_from_others import acts
from tests.conversations.test_my_reports import STORY, looks, told
from tests.conversations.test_report import stored


async def joins(who: Talker, code: str) -> None:
    """Somebody joins a report."""
    await looks(who, code)
    await who.taps(report_views.JOIN)


async def test_it_stays_for_those_who_joined(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana = await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    await rosa.says("/misreportes")
    await rosa.taps(my_reports.CHANGE_NAME)
    await rosa.says("Vecina del quinto")
    number = (await stored(small_town, code)).id or 0
    await joins(ana, code)
    assert "Vecina del quinto" in ana.texts
    heard, seen = len(ana.person.inbox), []

    await looks(rosa, code)
    await rosa.taps(report_views.WITHDRAW)
    rosa.told(report_views.SURE["let_go"], code=code)
    await rosa.taps(report_views.YES["let_go"])
    rosa.shown(my_reports.NOW_LET_GO)
    report = await stored(small_town, code)
    assert (report.state, report.person_id, report.supports) == ("received", None, 1)
    # Her name is on nobody's screen, and nobody heard of it.
    await acts(small_town, marta, lambda act: seen.append(str(page(act, report, None))))
    assert "Rosa" not in seen[0]
    assert "Vecina del quinto" not in ana.texts and len(ana.person.inbox) == heard
    # It is a neighbour's to her: she hears no more of it, and may join it.
    assert rosa.reads(report_views.JOIN) in rosa.find(STORY).buttons
    await acts(small_town, marta, lambda act: casework.move(act, number, "confirmed"))
    assert rosa.reads(words.STATES["confirmed"]) not in rosa.texts
    assert code in ana.last.text
    for do in ("withdraw", "mended", "private"):
        await rosa.taps(data=f"n:{do}:{number}:yes")
        assert (await stored(small_town, code)).state == "confirmed"
    await joins(rosa, code)
    assert await joined(small_town, code) == 2


async def test_somebody_joined_while_she_was_asked(small_town: Town) -> None:
    rosa, ana = await small_town.neighbour("Rosa"), await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    await rosa.taps(telling.LOOK, code=code)
    await rosa.taps(report_views.WITHDRAW)
    await joins(ana, code)
    await rosa.taps(report_views.YES["withdraw"])
    rosa.shown(my_reports.NOW_LET_GO)
    assert (await stored(small_town, code)).state == "received"


async def test_what_the_team_made_private_is_taken_back_whole(small_town: Town) -> None:
    """Whoever had joined it can see it no more: it is open for nobody else."""
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana = await small_town.neighbour("Ana")
    code = await told(small_town, rosa)
    await joins(ana, code)
    number = (await stored(small_town, code)).id or 0
    await acts(small_town, marta, lambda act: casework.set_private(act, number, True))
    await looks(rosa, code)
    await rosa.taps(report_views.WITHDRAW)
    rosa.told(report_views.SURE["withdraw"], code=code)
    await rosa.taps(report_views.YES["withdraw"])
    rosa.shown(my_reports.NOW_BACK)
    report = await stored(small_town, code)
    assert (report.state, report.closed_as) == ("closed", "not_needed")
    assert report.person_id is not None
