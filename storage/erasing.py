"""Erasing somebody: in one transaction every rule of storage/personal.py is carried out.

What is emptied only under a condition comes first, then what goes or stays nameless by its rule,
last the person. What others have on their screens, and long tables without an index
(storage/forgetting.py), are for whoever calls, in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, null, or_, select, update
from sqlmodel import Session, SQLModel

from civic import lifecycle, naming
from storage import (
    audit,
    call,
    due,
    extract,
    group,
    mentions,
    redaction,
    report,
    report_event,
    support,
    unnaming,
)
from storage.card import CARDS
from storage.conversation import TABLE as CONVERSATIONS
from storage.letter import DROPPED, OWED
from storage.letter import TABLE as LETTERS
from storage.mentions import TEAM_EVENTS, pieces
from storage.person import Invite, Person, Role
from storage.personal import DORMANT, GONE, NAMELESS, NO_CHAT, PERSONAL_JOBS, RULES, to_person

REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
PHOTOS: Any = report.ReportPhoto.__table__  # type: ignore[attr-defined]
EVENTS: Any = report_event.ReportEvent.__table__  # type: ignore[attr-defined]
SUPPORTS: Any = support.Support.__table__  # type: ignore[attr-defined]
VERDICTS: Any = support.Verdict.__table__  # type: ignore[attr-defined]
REDACTIONS: Any = redaction.Redaction.__table__  # type: ignore[attr-defined]
ATTENDANCE: Any = group.Attendance.__table__  # type: ignore[attr-defined]
MEMBERS: Any = group.Membership.__table__  # type: ignore[attr-defined]
CALLS: Any = call.Call.__table__  # type: ignore[attr-defined]
DUE: Any = due.Due.__table__  # type: ignore[attr-defined]
AUDIT: Any = audit.Audit.__table__  # type: ignore[attr-defined]
ROLES: Any = Role.__table__  # type: ignore[attr-defined]
INVITES: Any = Invite.__table__  # type: ignore[attr-defined]
PEOPLE: Any = Person.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Traces:
    """What others may still have on their screens of somebody who was erased."""

    reports: list[int] = field(default_factory=list)
    meetings: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    was_staff: bool = False
    names: list[str] = field(default_factory=list)
    """What they were called, the longest first: for what is left to look through."""


def erase(
    session: Session, telegram_id: int, now: datetime, machine: float, *, is_admin: bool = False
) -> Traces:
    """Carry out every rule for the person of a Telegram number, known to us or not.

    `now` is town time, `machine` the machine's (epoch s). Flush what the turn owes first: what is
    owed to them is dropped.
    """
    person = session.connection().execute(
        select(PEOPLE.c.id, PEOPLE.c.name, PEOPLE.c.pseudonym).where(
            PEOPLE.c.telegram_id == telegram_id
        )
    )
    found = person.first()
    traces = Traces(was_staff=is_admin)
    session.flush()
    if found is not None:
        _take_up(session, found.id)
        traces.names = naming.whole(found.name, found.pseudonym)
        _erase_person(session, found.id, found.name, now, traces)
        wanted = mentions.needles(session, found.id, traces.names)
        _erase_words(session, found.id)
        mentions.take_out(session, wanted, telegram_id)
        _by_rule(session, found.id)
    _erase_chat(session, telegram_id, machine)
    _read_anew(session, found.id if found is not None else None)
    return traces


def _read_anew(session: Session, person_id: int | None) -> None:
    """What was read before is stale; not so the town, which outlives its session."""
    for known in list(session):
        if isinstance(known, Person) and known.id == person_id:
            session.expunge(known)
        elif getattr(known, "__tablename__", None) in RULES:
            session.expire(known)


def _take_up(session: Session, person_id: int) -> None:
    """What they told and were let go of is theirs once more, to be erased with the rest."""
    session.connection().execute(
        update(REPORTS)
        .where(REPORTS.c.person_id.is_(None), REPORTS.c.id.in_(report_event.told_by(person_id)))
        .values(person_id=person_id)
    )


def _erase_person(
    session: Session, person_id: int, name: str, now: datetime, traces: Traces
) -> None:
    """What hangs together with other things than the person's own row."""
    connection = session.connection()

    def numbers(query: Any) -> list[int]:
        return list(connection.scalars(query))

    mine = numbers(select(REPORTS.c.id).where(REPORTS.c.person_id == person_id))
    joined = numbers(select(SUPPORTS.c.report_id).where(SUPPORTS.c.person_id == person_id))
    others = numbers(
        select(EVENTS.c.report_id).where(EVENTS.c.person_id == person_id).distinct()
    ) + numbers(select(PHOTOS.c.report_id).where(PHOTOS.c.person_id == person_id).distinct())
    assigned = numbers(select(REPORTS.c.id).where(REPORTS.c.assignee_id == person_id))
    traces.reports = sorted({*mine, *joined, *others, *assigned})
    traces.meetings = numbers(
        select(ATTENDANCE.c.meeting_id).where(ATTENDANCE.c.person_id == person_id)
    )
    leads = numbers(select(ROLES.c.group_id).where(ROLES.c.person_id == person_id))
    traces.groups = sorted(
        {
            *numbers(select(MEMBERS.c.group_id).where(MEMBERS.c.person_id == person_id)),
            *(number for number in leads if number is not None),
        }
    )
    invited = select(AUDIT.c.id).where(
        AUDIT.c.person_id == person_id, AUDIT.c.action == "accept_invite"
    )
    traces.was_staff = traces.was_staff or bool(leads) or bool(numbers(invited.limit(1)))

    for piece in pieces(joined):
        connection.execute(
            update(REPORTS)
            .where(REPORTS.c.id.in_(piece), REPORTS.c.supports > 0)
            .values(supports=REPORTS.c.supports - 1)
        )
    unnaming.own(session, person_id, mine, traces.names, naming.words([name]))
    unnaming.near(session, joined, naming.pattern(traces.names))
    extract.begin_anew(session)
    _stop_writing(session, person_id, traces.names, now)
    theirs = DUE.c.kind.in_(PERSONAL_JOBS) & (DUE.c.subject == person_id)
    # The job that forgets whoever is long gone is at work on its own row.
    at_work = (DUE.c.kind == DORMANT) & DUE.c.done_at.is_(None) & (DUE.c.at <= now)
    connection.execute(delete(DUE).where(theirs, ~at_work))
    connection.execute(update(DUE).where(theirs).values(facts={}))
    connection.execute(
        delete(INVITES).where(INVITES.c.made_by == person_id, INVITES.c.used_at.is_(None))
    )
    connection.execute(
        delete(CALLS).where(CALLS.c.made_by == person_id, CALLS.c.state == call.DRAFT)
    )
    connection.execute(
        update(AUDIT)
        .where(AUDIT.c.subject == f"person:{person_id}")
        .values(subject="person:0", facts={})
    )


def _erase_words(session: Session, person_id: int) -> None:
    """What they wrote, said and photographed, wherever it stands."""
    connection = session.connection()
    mine = select(REPORTS.c.id).where(REPORTS.c.person_id == person_id)
    joined = select(SUPPORTS.c.report_id).where(SUPPORTS.c.person_id == person_id)
    concerned = or_(EVENTS.c.report_id.in_(mine), EVENTS.c.report_id.in_(joined))
    connection.execute(
        update(EVENTS)
        .where(
            EVENTS.c.person_id == person_id,
            EVENTS.c.kind.not_in(TEAM_EVENTS),
            # A state is changed by the team, and by whoever told or joined the report.
            or_(EVENTS.c.kind != report_event.STATE, concerned),
        )
        .values(words=None)
    )
    connection.execute(update(VERDICTS).where(VERDICTS.c.person_id == person_id).values(why=None))
    theirs = select(PHOTOS.c.id).where(
        PHOTOS.c.person_id == person_id, PHOTOS.c.moment != report.AFTER
    )
    connection.execute(delete(REDACTIONS).where(REDACTIONS.c.photo_id.in_(theirs)))
    connection.execute(
        update(PHOTOS)
        .where(PHOTOS.c.person_id == person_id, PHOTOS.c.moment == report.AFTER)
        .values(person_id=None)
    )
    connection.execute(
        update(REPORTS)
        .where(REPORTS.c.person_id == person_id)
        .values(words=None, voice=null(), attributes={}, address=None)
    )
    connection.execute(
        update(REPORTS)
        .where(
            REPORTS.c.person_id == person_id,
            or_(REPORTS.c.private.is_(True), REPORTS.c.state == lifecycle.HIDDEN),
        )
        .values(latitude=None, longitude=None, cell=None)
    )


def _stop_writing(session: Session, person_id: int, names: Sequence[str], now: datetime) -> None:
    """What they had begun to write to the groups they lead is written to nobody more."""
    connection = session.connection()
    led = select(ROLES.c.group_id).where(ROLES.c.person_id == person_id)
    for row in connection.execute(
        select(DUE.c.id, DUE.c.facts).where(
            DUE.c.kind == "group_write", DUE.c.subject.in_(led), DUE.c.done_at.is_(None)
        )
    ).all():
        if row.facts.get("leader") in names:
            connection.execute(
                update(DUE)
                .where(DUE.c.id == row.id)
                .values(facts={}, done_at=now, outcome="erased")
            )


def _by_rule(session: Session, person_id: int) -> None:
    """Every key to the person: the row goes, or points at nobody from now on."""
    connection = session.connection()
    tables = [t for t in reversed(SQLModel.metadata.sorted_tables) if t.name in RULES]
    for table in tables:
        for column in table.columns:
            if to_person(column) and RULES[table.name][column.name].done == NAMELESS:
                connection.execute(
                    update(table).where(column == person_id).values({column.name: None})
                )
    for table in tables:
        for column in table.columns:
            if to_person(column) and RULES[table.name][column.name].done == GONE:
                connection.execute(delete(table).where(column == person_id))
    connection.execute(delete(PEOPLE).where(PEOPLE.c.id == person_id))


def _erase_chat(session: Session, telegram_id: int, machine: float) -> None:
    """What passed between them and us: a call's letter stays for its numbers, to nobody."""
    connection = session.connection()
    connection.execute(delete(CARDS).where(CARDS.c.chat_id == telegram_id))
    connection.execute(
        delete(LETTERS).where(LETTERS.c.chat_id == telegram_id, LETTERS.c.call_id.is_(None))
    )
    waits = LETTERS.c.state == OWED
    connection.execute(
        update(LETTERS)
        .where(LETTERS.c.chat_id == telegram_id)
        .values(
            chat_id=NO_CHAT,
            dedupe=None,
            language=None,
            body=null(),
            verdict=case((waits, "muted"), else_=LETTERS.c.verdict),
            settled=case((waits, machine), else_=LETTERS.c.settled),
            state=case((waits, DROPPED), else_=LETTERS.c.state),
        )
    )
    connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.chat_id == telegram_id))
