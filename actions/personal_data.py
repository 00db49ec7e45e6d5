"""What we keep about somebody is theirs: to take out as a file, and to erase, in chat.

Erasing happens in one turn; what is on other people's screens, and what is left in long tables,
follows in pieces within seconds (actions/aftermath.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from actions import kept_bans
from actions.act import ANYONE, SYSTEM, Act, action
from flows.phrase import N_, Phrase, say
from storage import due, erasing, parcel, personal_rows
from storage.group import Membership
from storage.parcel import Parcel
from storage.person import Person
from storage.personal import AFTERMATH
from storage.report import Report
from storage.support import Support

FILE_NAME = N_("my_data.json")
HERE_IT_IS = N_("📄 Here is everything about you. You can open this file with any text editor.")
ABOUT = N_(
    "This is everything the assistant of {town} keeps about you. How you voted is not in it: "
    "ballots are secret, and nobody can tell which one is yours. Photos and voice notes are named "
    "by the number Telegram gave their file."
)
ERASED = N_(
    "✅ Done: nothing of you is left here. Thank you for what you did for your neighbours.\n"
    "If you ever write again, we begin anew: /menu"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How much there is of somebody."""

    reports: int
    joined: int
    groups: int


def kept(act: Act) -> Kept | None:
    """What we keep of whoever acts, in numbers; None for who never agreed to anything."""
    person_id = act.actor.person_id
    if person_id is None:
        return None

    def count(column: Any) -> int:
        return act.session.exec(select(func.count()).where(column == person_id)).one()

    return Kept(
        count(col(Report.person_id)),
        count(col(Support.person_id)),
        count(col(Membership.person_id)),
    )


@action(ANYONE)
def take_out(act: Act) -> Parcel:
    """Everything about whoever acts, as a letter with a file."""
    act.turn.flush()
    actor = act.actor
    rows, cut = personal_rows.rows_of(
        act.session, actor.person_id, actor.telegram_id, actor.language
    )
    content: dict[str, Any] = {
        "made_at": act.now.astimezone(act.town.zone).isoformat(timespec="seconds"),
        "roles": sorted({role for role, _ in act.roles()}),
        "data": rows,
    }
    if cut:
        # Of these only the newest are in the file; the number is how many there are.
        content["more_than_shown"] = cut
    if actor.person_id is not None:
        act.audit("take_out", "person:0", rows=sum(map(len, rows.values())))
    about = say(ABOUT, town=act.town.name)
    return parcel.message(
        say(HERE_IT_IS),
        file={
            "kind": "json",
            "name": say(FILE_NAME),
            "data": {"about": about, "content": content},
        },
    )


@action(ANYONE)
def erase(act: Act, message_id: int | None = None) -> None:
    """Erase everything about whoever acts, and tell them so; nothing names them afterwards.

    `message_id` is the message they said yes to: its buttons go.
    """
    telegram_id = act.actor.telegram_id
    act.turn.flush()
    last: list[int] = []
    job = _erase(act, telegram_id, act.actor.person_id, is_admin=act.is_admin())
    if message_id is not None:
        strip: Parcel = {"kind": "strip", "message_id": message_id}
        last.append(act.turn.owe(telegram_id, strip))
    last.append(act.turn.owe(telegram_id, parcel.message(say(ERASED), clear_keys=True)))
    job.facts = {**job.facts, "letters": last}
    act.session.flush()
    actor = act.actor
    actor.person_id = actor.privacy_version = actor._roles = None


@action(SYSTEM)
def forget(act: Act, person_id: int) -> None:
    """Erase somebody of whom nothing was heard for long; they are told nothing more."""
    person = act.session.get(Person, person_id)
    if person is not None:
        telegram_id = person.telegram_id
        act.turn.flush()
        _erase(act, telegram_id, person_id, is_admin=telegram_id in act.world.admins)


def _erase(act: Act, telegram_id: int, person_id: int | None, *, is_admin: bool) -> due.Due:
    person = act.session.get(Person, person_id) if person_id is not None else None
    if person is not None:
        kept_bans.keep(act, telegram_id, person.banned_until)
    traces = erasing.erase(act.session, telegram_id, act.now, act.turn.machine, is_admin=is_admin)
    act.session.flush()
    act.session.add(
        job := due.Due(
            key=f"{AFTERMATH}:{person_id or 0}:{act.now.isoformat()}:{act.turn.machine}",
            kind=AFTERMATH,
            subject=person_id or 0,
            at=act.now,
            # Emptied when it is done: until then it is all that is left of them.
            facts={
                "chat": telegram_id,
                "letters": [],
                "reports": traces.reports,
                "meetings": traces.meetings,
                "groups": traces.groups,
                "staff": traces.was_staff,
                "names": traces.names,
            },
        )
    )
    act.session.flush()
    act.actor.person_id, before = None, act.actor.person_id
    act.audit("erase", "person:0", reports=len(traces.reports))
    act.actor.person_id = before
    return job


def banned_until(act: Act) -> datetime | None:
    """Until when whoever acts may not write, where somebody has decided so."""
    person = act.actor.person
    until = person.banned_until if person is not None else None
    return until if until is not None and until > act.now else None


def summary(found: Kept) -> Phrase:
    """What is kept, in a sentence."""
    return say(
        N_(
            "We keep your name, your language and what you chose here; reports told: {reports}, "
            "reports joined: {joined}, working groups: {groups}."
        ),
        reports=found.reports,
        joined=found.joined,
        groups=found.groups,
    )
