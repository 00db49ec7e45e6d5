"""What the team hears of together: the cards that gathered since the last hour or morning."""

from __future__ import annotations

from actions import team_card
from actions.act import SYSTEM, Act, action
from actions.report_cards import put
from storage import report as reports
from storage.person import Person

PIECE = 50
"""The most cards one transaction writes for a digest."""


@action(SYSTEM)
def digest(act: Act, person_id: int, first: int) -> int:
    """Give one of the team the next cards, at most PIECE, of what came from report `first` on;
    how many.

    What was waiting before they chose a digest stays in the tray.
    """
    person = act.session.get(Person, person_id)
    if person is None or person_id not in {one.id for one in team_card.colleagues(act)}:
        return 0
    fresh = reports.without_card(act.session, person.telegram_id, first, PIECE)
    for report in fresh:
        put(act, report, person.telegram_id)
    return len(fresh)
