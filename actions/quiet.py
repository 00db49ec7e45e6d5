"""Quiet hours are somebody's own: what can wait is told when they end.

Whatever is written to somebody who has not just done something passes through here, but for what
cannot wait (docs/decisions/0011-notices.md) and what is the team's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, select

from actions.act import CITIZEN, SYSTEM, Act, Refused, action
from actions.bundles import plan
from civic import quiet_hours
from flows.phrase import N_, say
from storage import due, follow, letter
from storage.due import Due, Planned
from storage.letter import Lane
from storage.parcel import Parcel
from storage.person import Person

USUAL = quiet_hours.USUAL
NO_HOURS = N_("Those are no hours of a day. Please choose two different ones.")
HELD = "held"
"""The due row of one letter that waits; its subject is the person."""
ASKED_LATER = "follow_up_later"
"""The due row of somebody who was quiet when they were to be asked; its subject is the person."""
DRAFT_LATER = "draft_later"
"""The due row of somebody who was quiet when they were to be reminded of a draft."""


@action(CITIZEN)
def set_hours(act: Act, start: int | None, end: int | None) -> None:
    """Be left alone between two hours (0 to 23) of the town's clock; both None for never."""
    me = act.me
    if (start is None) != (end is None):
        raise Refused(say(NO_HOURS))
    if start is not None and end is not None and not quiet_hours.valid(start, end):
        raise Refused(say(NO_HOURS))
    me.quiet_from, me.quiet_until = start, end
    act.session.flush()
    act.audit("set_quiet_hours", f"person:{act.my_id}", start=start, end=end)
    # What waited for the hours that held until now waits for these, or no longer.
    zone = act.town.zone
    over = quiet_hours.ends(act.now, zone, start, end)
    due.move_all(act.session, (HELD, ASKED_LATER, DRAFT_LATER), act.my_id, over or act.now)
    if follow.waits(act.session, act.my_id):
        plan(act, [(act.my_id, over or quiet_hours.full_hour(act.now, zone))])


def until(act: Act, chats: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """Of these chats, whose person is quiet now: (their number, when that ends)."""
    found: dict[int, tuple[int, datetime]] = {}
    query = select(Person).where(
        col(Person.telegram_id).in_(chats), col(Person.quiet_from).is_not(None)
    )
    for person in act.session.exec(query) if chats else ():
        at = quiet_hours.ends(act.now, act.town.zone, person.quiet_from, person.quiet_until)
        if at is not None and person.id is not None:
            found[person.telegram_id] = (person.id, at)
    return found


def owe(act: Act, told: Iterable[tuple[int, str, Parcel]]) -> int:
    """Owe (chat, dedupe key, parcel), each once and none in its person's quiet hours; how many."""
    told = list(told)
    act.turn.flush()
    known = letter.known_dedupes(act.session, [key for _, key, _ in told]) if told else set()
    fresh = [item for item in told if item[1] not in known]
    asleep = until(act, [chat_id for chat_id, _, _ in fresh])
    later: list[Planned] = []
    for chat_id, key, body in fresh:
        if chat_id in asleep:
            person_id, at = asleep[chat_id]
            facts = {"body": body, "dedupe": key}
            later.append(
                Planned(key=f"{HELD}:{key}", kind=HELD, subject=person_id, at=at, facts=facts)
            )
        else:
            act.turn.owe(chat_id, body, lane=Lane.REMINDER, dedupe=key)
    due.plan_all(act.session, later)
    return len(fresh)


@action(SYSTEM)
def release(act: Act, row: Due) -> str | None:
    """Owe a letter that waited; what became of it, None where it waits for other hours now."""
    person = act.session.get(Person, row.subject)
    if person is None:
        return "gone"
    at = quiet_hours.ends(act.now, act.town.zone, person.quiet_from, person.quiet_until)
    if at is not None:
        row.at = at
        return None
    act.turn.owe_once(person.telegram_id, row.facts["body"], dedupe=row.facts["dedupe"])
    row.facts = {}
    return "told"
