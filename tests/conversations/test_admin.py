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
