"""Whoever asked a neighbour something, and whoever looks after the report, hears of the reply.

Who has the report's card sees it come down; this is for those who asked from the team's group.
"""

from __future__ import annotations

from actions import team_card
from actions.act import Act
from actions.report_cards import show, subject
from storage import card as cards
from storage import report_event
from storage.person import Person
from storage.report import Report
from storage.report_event import ANSWER, QUESTION, STATE


def heard(act: Act, report: Report) -> None:
    """A neighbour has added to a report: if the team had asked, show it to those who wait for it.

    Whoever hears of new reports later, together, reads of this on the next morning (mornings.py).
    """
    assert report.id is not None
    last = report_event.last_events(act.session, report.id, (QUESTION, ANSWER, STATE), 1)
    if not last or last[0].kind != QUESTION:
        return
    waiting = {last[0].person_id, report.assignee_id} - {act.actor.person_id}
    shown = cards.chats_of(act.session, subject(report))
    for one in team_card.colleagues(act):
        person = act.session.get(Person, one.id) if one.id in waiting else None
        if person is None or person.digest != "now" or one.telegram_id in shown:
            continue
        show(act, report, one.telegram_id)
