"""The team's chats: what is open comes to a new one little by little; those we are in no more are
let go, whether Telegram told us so or not.
"""

from __future__ import annotations

from actions import staff, staff_cards
from actions.act import Act
from jobs.registry import Result, hourly, job
from storage.due import Due


@job(staff_cards.JOB)
def bring(act: Act, row: Due) -> Result:
    """So many cards, and a minute later the next."""
    go_on = staff_cards.bring(act, row.subject, row.facts["reports"], row.progress)
    if go_on is not None:
        row.at = act.now + staff_cards.A_MINUTE
    return Result(go_on=go_on, wrote=staff_cards.CARDS_A_MINUTE)


@hourly
def look_round(act: Act) -> int:
    """Where the last card was refused, no more are sent, and the team hears why."""
    return staff.look_round(act)
