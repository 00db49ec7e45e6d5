"""What the team's own groups are shown beyond the one card of each report: that it is open again.

A card stays where it is, so that a report has one; a short reply under it brings it to mind.
"""

from __future__ import annotations

from actions import report_words as words
from actions.act import Act
from actions.report_cards import put, subject
from flows.phrase import N_, say
from storage import card as cards
from storage import letter, parcel, staff
from storage.report import Report

OPENED_AGAIN = N_("↩️ <b>{code}</b> · {category} was opened again.")


def opened_again(act: Act, report: Report) -> None:
    """Bring a report that is open again to mind; a group that had no card of it gets one."""
    groups = staff.groups(act.session)
    if not groups:
        return
    act.turn.flush()
    for group in groups:
        carrier = cards.letter_of(act.session, group.chat_id, subject(report))
        standing = letter.by_id(act.session, carrier) if carrier is not None else None
        put(act, report, group.chat_id)
        if standing is not None and standing["message_id"] is not None:
            reminder = parcel.message(say(OPENED_AGAIN, **words.head(act, report)))
            act.turn.owe(group.chat_id, reminder | {"reply_to": standing["message_id"]})
