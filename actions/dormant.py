"""Whoever was not seen for the town's months is told, and a month later forgotten.

Not so who holds a role; whoever waits for an open report of theirs is so after a second period of
the same length, and the report goes on without them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_
from sqlmodel import col, select

from actions import personal_data, quiet
from actions.act import SYSTEM, Act, action
from actions.buttons import Menu
from civic import dormancy, lifecycle
from flows.phrase import N_, say
from storage import due, parcel
from storage import person as people
from storage.due import Due
from storage.person import Person
from storage.personal import DORMANT
from storage.report import Report

SCAN = "dormant_scan"
"""The kind of the due row that looks for them, once a day of the town."""

HOUR = time(10)
"""Of the town's morning: nobody is woken to be told that they were not here."""

WARNING = N_(
    "You have not written here for a long time. If you write to me within {days} days, everything "
    "stays as it is. Otherwise I will erase what I keep about you: your name and everything you "
    "told us."
)
STILL_HERE = N_("I am still here")


def plan_scan(act: Act) -> None:
    """Have those who are long gone looked for at the next such hour."""
    day = today(act)
    at = datetime.combine(day, HOUR, act.town.zone).astimezone(UTC)
    if at <= act.now:
        day += timedelta(days=1)
        at = datetime.combine(day, HOUR, act.town.zone).astimezone(UTC)
    due.plan(act.session, f"{SCAN}:{day.isoformat()}", SCAN, 0, at)


def today(act: Act) -> date:
    """The town's day."""
    return act.now.astimezone(act.town.zone).date()


@action(SYSTEM)
def warn(act: Act, after: int, most: int) -> tuple[int | None, int]:
    """Look at the next `most` people long unseen, numbered above `after`, and tell those who are
    to be forgotten: where to go on (None at the end), how many were told."""
    months = act.town.dormant_months
    if months is None:
        return None, 0
    day = today(act)
    seen = col(Person.seen_on)
    found = act.session.exec(
        select(Person)
        .where(
            col(Person.id) > after,
            or_(seen <= dormancy.unseen_since(day, months), seen.is_(None)),
        )
        .order_by(col(Person.id))
        .limit(most)
    ).all()
    told = 0
    for person in found:
        if person.seen_on is None:
            # From before anybody counted: their time begins now.
            person.seen_on = day
        elif not _is_among_us(act, person):
            told += _tell(act, person)
    act.session.flush()
    last = found[-1].id if len(found) == most else None
    return last, told


def _tell(act: Act, person: Person) -> int:
    assert person.seen_on is not None
    key = f"{DORMANT}:{person.id}:{person.seen_on.isoformat()}"
    if act.session.exec(select(Due.id).where(Due.key == key)).first() is not None:
        return 0
    at = act.now + timedelta(days=dormancy.WARNING_DAYS)
    seen = person.seen_on.isoformat()
    due.plan(act.session, key, DORMANT, person.id or 0, at, seen=seen)
    if person.reachable:
        buttons = [[parcel.button(say(STILL_HERE), Menu(what="menu").pack())]]
        body = parcel.message(say(WARNING, days=dormancy.WARNING_DAYS), buttons)
        quiet.owe(act, [(person.telegram_id, key, body)])
    return 1


@action(SYSTEM)
def forget(act: Act, person_id: int, seen: str) -> str:
    """Forget somebody who was told and has not come back; else why not."""
    person = act.session.get(Person, person_id)
    if person is None:
        return "gone"
    if person.seen_on is None or person.seen_on.isoformat() != seen:
        return "came back"
    if act.town.dormant_months is None or _is_among_us(act, person):
        return "stays"
    personal_data.forget(act, person_id)
    return "forgotten"


def _is_among_us(act: Act, person: Person) -> bool:
    assert person.id is not None
    if person.telegram_id in act.world.admins or people.roles_of(act.session, person.id):
        return True
    months, seen = act.town.dormant_months, person.seen_on
    if months is None or seen is None or not dormancy.waits_still(seen, today(act), months):
        return False
    waits = select(Report.id).where(
        Report.person_id == person.id, col(Report.state).in_(lifecycle.OPEN)
    )
    return act.session.exec(waits.limit(1)).first() is not None
