"""Admins come from the settings alone; before there is a gestora, they hear of every report."""

from __future__ import annotations

from storage.report import Report
from tests.conversations.conftest import ADMIN, Town
from tests.conversations.test_report import tells


async def test_while_there_is_no_gestora_the_admins_hear(small_town: Town) -> None:
    admin = await small_town.neighbour("Alcaldesa", id=ADMIN)
    rosa = await small_town.neighbour("Rosa")
    code = await tells(rosa)
    card = admin.find(code)
    await admin.taps("Confirm", card)
    report = await small_town.turn(lambda turn: turn.session.get(Report, 1))
    assert report is not None and report.state == "confirmed"


async def test_the_hourly_digest_is_kept_for_an_admin_as_for_a_gestora(small_town: Town) -> None:
    admin = await small_town.neighbour("Alcaldesa", id=ADMIN)
    rosa = await small_town.neighbour("Rosa")
    await admin.says("/avisos")
    await admin.taps("New reports: at once")
    assert admin.reads("New reports: every hour") in admin.last.buttons
    code = await tells(rosa)
    assert code not in admin.texts
    await small_town.jump(hours=1)
    assert admin.find(code)
    # With a gestora, who is handed what comes in, there is nothing to switch.
    marta = await small_town.gestora("Marta")
    await admin.says("/avisos")
    assert admin.reads("New reports: every hour") not in admin.last.buttons
    await marta.says("/avisos")
    assert marta.reads("New reports: at once") in marta.last.buttons
