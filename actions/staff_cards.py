"""What the team's own groups are shown beyond the card of each new report.

A card stays where it is, so that a report has one: when it is open again, a short reply under it
brings it to mind. When a group is linked, what is open already comes little by little, so that
what is new, and what is pressed meanwhile, finds room among the twenty messages that Telegram lets
a group have in a minute.
"""

from __future__ import annotations

from datetime import timedelta

from actions import report_words as words
from actions.act import SYSTEM, Act, action
from actions.report_cards import put, subject
from civic.lifecycle import OPEN
from flows.phrase import N_, say
from storage import card as cards
from storage import due, letter, parcel, staff, tray
from storage.letter import Lane
from storage.report import Report
from storage.staff import StaffGroup

JOB = "staff_cards"
"""The due row of what is open when a group is linked; its subject is the group."""
A_MINUTE = timedelta(minutes=1)
CARDS_A_MINUTE = 10
MOST = 200
"""More cards than these help nobody: the rest is in the tray."""
THE_REST = N_(
    "These are the {number} open reports whose term ends first. The rest is in /bandeja, in our "
    "private chat."
)
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


def plan(act: Act, group: StaffGroup) -> None:
    """Have what is open now come to a group that was just linked."""
    numbers = tray.most_urgent(act.session, MOST + 1)
    if numbers:
        key = f"{JOB}:{group.id}:{act.now.isoformat()}"
        due.plan(act.session, key, JOB, group.id or 0, act.now, reports=numbers)


@action(SYSTEM)
def bring(act: Act, group_id: int, numbers: list[int], done: int) -> int | None:
    """The next cards of what was open, after `done` of these; how many are done now, None where
    that is all, or the group is the team's no more."""
    group = act.session.get(StaffGroup, group_id)
    if group is None:
        return None
    until = min(done + CARDS_A_MINUTE, MOST)
    for number in numbers[done:until]:
        report = act.session.get(Report, number)
        if report is not None and report.state in OPEN:
            put(act, report, group.chat_id, Lane.CALL)
    if until < min(len(numbers), MOST):
        return until
    if len(numbers) > MOST:
        act.turn.owe(group.chat_id, parcel.message(say(THE_REST, number=MOST)), lane=Lane.CALL)
    return None


def stop(act: Act, group: StaffGroup) -> None:
    """A group is the team's no more: nothing that has not left goes there."""
    due.cancel(act.session, JOB, group.id or 0, act.now)
    act.turn.flush()
    letter.drop_to(act.session, group.chat_id, act.turn.machine)


def strip(act: Act, group: StaffGroup) -> None:
    """The newest cards that stand in a group lose their buttons; they keep what they say."""
    for carrier in cards.newest(act.session, group.chat_id, "report:", MOST):
        act.turn.owe(group.chat_id, {"kind": "strip"}, lane=Lane.CALL, edits=carrier)
