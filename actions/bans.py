"""Who abuses may not write for a while: they are told until when and why, and it ends.

Nobody of the team can be kept out so. A ban ends by itself, or by whoever of the team ends it. The
cards of what somebody told say whether they are banned, however that begins and ends.
"""

from __future__ import annotations

from datetime import datetime

from actions import quiet
from actions.act import GESTOR, SYSTEM, Act, Refused, action
from actions.report_cards import refresh
from actions.reports import get
from civic import moments
from flows.characters import one_line
from flows.phrase import N_, Phrase, moment, say
from storage import casework as stored
from storage import due, parcel, report_event
from storage import person as people
from storage.person import Person
from storage.report import Report

DAYS = (1, 7, 30, 90, 365)
MOST_WRITERS = 8
MOST_CARDS = 20
"""So many reports of somebody have their cards brought up to date: it is done in one turn, and
Telegram takes no more messages than these a minute in the team's group. The cards of others show it
with whatever happens to them next."""
ENDS = "ban_ends"
"""The due row of the moment at which a ban ends by itself; its subject is the person."""
NO_SUCH_PERSON = N_("There is nobody to ban here.")
OF_THE_TEAM = N_("{person} is of the team and cannot be banned.")
BANNED_ALREADY = N_("{person} is banned already, until {when}.")
NOT_BANNED = N_("That ban has ended already.")
TOLD = N_(
    "The team has decided that until {when} you cannot report or add anything here.\n"
    "Reason: {reason}\n"
    "It ends by itself. If you think that it is a mistake, please speak with the team in person."
)
LIFTED = N_("You can report and add things here again. Thank you for your patience.")
TELLER, ADDED, ADDED_PHOTO = (
    N_("Whoever told it"),
    N_("Who wrote “{words}”"),
    N_("Who sent a photo"),
)


def is_of_the_team(act: Act, person: Person) -> bool:
    """Gestores, by their role, and admins, by the settings."""
    assert person.id is not None
    roles = people.roles_of(act.session, person.id)
    return person.telegram_id in act.world.admins or any(r.role == people.GESTOR for r in roles)


def is_banned(act: Act, person: Person) -> bool:
    """Whether somebody may not write at this moment."""
    return person.banned_until is not None and person.banned_until > act.now


def writers(act: Act, report: Report) -> list[tuple[int, Phrase]]:
    """Who of those who wrote in a report can be banned: their numbers, and what they did."""
    assert report.id is not None
    found: dict[int, Phrase] = {}
    teller = report_event.teller(act.session, report)
    if teller is not None:
        found[teller] = say(TELLER)
    for person_id, said in stored.writers(act.session, report.id, MOST_WRITERS):
        label = say(ADDED, words=one_line(said, 30)) if said else say(ADDED_PHOTO)
        found.setdefault(person_id, label)
    kept = []
    for person_id, label in found.items():
        person = act.session.get(Person, person_id)
        if person is not None and not is_of_the_team(act, person):
            kept.append((person_id, label))
    return kept


@action(GESTOR)
def ban(act: Act, report_id: int, person_id: int, days: int, reason: str) -> Person:
    """Keep somebody who wrote in a report from writing for some days (one of DAYS)."""
    report = get(act, report_id)
    person = act.session.get(Person, person_id)
    if person is None or days not in DAYS or not reason.strip():
        raise Refused(say(NO_SUCH_PERSON))
    if is_of_the_team(act, person):
        raise Refused(say(OF_THE_TEAM, person=person.name))
    if person_id not in {number for number, _ in writers(act, report)}:
        raise Refused(say(NO_SUCH_PERSON))
    if is_banned(act, person):
        assert person.banned_until is not None
        raise Refused(say(BANNED_ALREADY, person=person.name, when=moment(person.banned_until)))
    person.banned_until = moments.days_later(act.now, days, act.town.zone)
    person.ban_reason = reason
    act.session.flush()
    act.audit("ban", f"person:{person_id}", days=days, report=report_id)
    told = say(TOLD, when=moment(person.banned_until), reason=reason)
    key = f"ban:{person_id}:{act.now.isoformat()}"
    quiet.owe(act, [(person.telegram_id, key, parcel.message(told))])
    until = person.banned_until
    due.plan(act.session, f"{ENDS}:{person_id}:{until.isoformat()}", ENDS, person_id, until)
    _refresh(act, person_id, report)
    return person


@action(GESTOR)
def lift(act: Act, person_id: int, report_id: int | None = None) -> Person:
    """Let somebody write again before their ban ends; `report_id` is of the card that was tapped,
    if it was one."""
    person = act.session.get(Person, person_id)
    tapped = get(act, report_id) if report_id is not None else None
    if person is None or not is_banned(act, person):
        _refresh(act, person_id, tapped)
        raise Refused(say(NOT_BANNED))
    person.banned_until = person.ban_reason = None
    act.session.flush()
    act.audit("lift", f"person:{person_id}")
    key = f"lift:{person_id}:{act.now.isoformat()}"
    quiet.owe(act, [(person.telegram_id, key, parcel.message(say(LIFTED)))])
    _refresh(act, person_id, tapped)
    return person


@action(SYSTEM)
def ended(act: Act, person_id: int, until: datetime) -> int:
    """The moment has come at which a ban was to end: how many reports have their cards brought up
    to date, none where it was lifted or is another one now."""
    person = act.session.get(Person, person_id)
    if person is None or person.banned_until != until:
        return 0
    return _refresh(act, person_id)


def _refresh(act: Act, person_id: int, at_hand: Report | None = None) -> int:
    """Bring the cards of the report at hand and of what somebody told up to date."""
    found = stored.with_cards(act.session, person_id, MOST_CARDS)
    if at_hand is not None and at_hand not in found:
        found.insert(0, at_hand)
    for report in found:
        refresh(act, report)
    return len(found)


def banned(act: Act, skip: int, most: int) -> list[Person]:
    """Who may not write now, those whose ban ends first."""
    return stored.banned(act.session, act.now, skip, most)
