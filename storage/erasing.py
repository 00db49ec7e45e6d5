"""Erasing somebody: in one transaction every rule of storage/personal.py is carried out.

What is emptied only under a condition comes first, then what goes or stays nameless by its rule,
last the person. What others have on their screens, and long tables without an index, are for
whoever calls, in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    String,
    case,
    cast,
    delete,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlmodel import Session, SQLModel

from storage import audit, call, due, follow, group, inbox, letter, redaction, report, support
from storage.card import CARDS
from storage.conversation import TABLE as CONVERSATIONS
from storage.letter import DROPPED, OWED, SENDING
from storage.letter import TABLE as LETTERS
from storage.person import Invite, Person, Role
from storage.personal import DORMANT, GONE, NAMELESS, NO_CHAT, PERSONAL_JOBS, RULES, to_person

TEAM_EVENTS = (
    report.ANSWER,
    report.QUESTION,
    report.NOTE,
    report.ASSIGNED,
    report.EXPECTED,
    report.MERGED,
    report.REDACTED,
    report.PRIVACY,
)
"""What only the team does: its words are the town's."""

INSTEAD = "…"
"""Stands where somebody's name was in another's words."""

SHORTEST_NAME = 3
SHORTEST_WORDS = 8
"""A name, or words, of fewer letters are looked for nowhere: they are in half of all texts."""
MOST_NEEDLES = 60

_ = follow
REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
PHOTOS: Any = report.ReportPhoto.__table__  # type: ignore[attr-defined]
EVENTS: Any = report.ReportEvent.__table__  # type: ignore[attr-defined]
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
        _erase_person(session, found.id, _names(found.name, found.pseudonym), now, traces)
        needles = _needles(session, found.id, _names(found.name, found.pseudonym))
        _erase_words(session, found.id)
        _about_them(session, needles, telegram_id)
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


def _names(*names: str | None) -> list[str]:
    """The longest first: one may be a part of the other."""
    found = {name.strip() for name in names if name and len(name.strip()) >= SHORTEST_NAME}
    return sorted(found, key=len, reverse=True)


def _erase_person(
    session: Session, person_id: int, names: Sequence[str], now: datetime, traces: Traces
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

    for piece in _pieces(joined):
        connection.execute(
            update(REPORTS)
            .where(REPORTS.c.id.in_(piece), REPORTS.c.supports > 0)
            .values(supports=REPORTS.c.supports - 1)
        )
    _unname(session, {*mine, *joined}, person_id, names)
    _stop_writing(session, person_id, names, now)
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
            or_(EVENTS.c.kind != report.STATE, concerned),
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
            or_(REPORTS.c.private.is_(True), REPORTS.c.state == "hidden"),
        )
        .values(latitude=None, longitude=None, cell=None)
    )


def _unname(session: Session, reports: set[int], person_id: int, names: Sequence[str]) -> None:
    """Take their name out of what others wrote about their reports, and of what they signed."""
    if not names:
        return
    holds = or_(*(EVENTS.c.words.icontains(name, autoescape=True) for name in names))
    wheres: list[ColumnElement[bool]] = [EVENTS.c.person_id == person_id]
    wheres += [EVENTS.c.report_id.in_(piece) for piece in _pieces(sorted(reports))]
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE
    )
    connection = session.connection()
    for where in wheres:
        rows = connection.execute(select(EVENTS.c.id, EVENTS.c.words).where(where, holds)).all()
        for row in rows:
            connection.execute(
                update(EVENTS)
                .where(EVENTS.c.id == row.id)
                .values(words=pattern.sub(INSTEAD, row.words))
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


def _needles(session: Session, person_id: int, names: Sequence[str]) -> list[str]:
    """By what a letter to somebody else is known to be about them: names, words, files."""
    connection = session.connection()
    found: list[str] = []
    mine = connection.execute(
        select(REPORTS.c.words, REPORTS.c.voice, REPORTS.c.address)
        .where(REPORTS.c.person_id == person_id)
        .order_by(REPORTS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    for words, voice, address in mine:
        found += [text for text in (words, address) if text]
        found += [voice["file_id"]] if voice else []
    found += connection.scalars(
        select(PHOTOS.c.file_id)
        .where(PHOTOS.c.person_id == person_id, PHOTOS.c.moment != report.AFTER)
        .order_by(PHOTOS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    found += connection.scalars(
        select(EVENTS.c.words)
        .where(
            EVENTS.c.person_id == person_id,
            EVENTS.c.words.is_not(None),
            EVENTS.c.kind.not_in(TEAM_EVENTS),
        )
        .order_by(EVENTS.c.id.desc())
        .limit(MOST_NEEDLES)
    )
    said = [words for words in dict.fromkeys(found) if len(words) >= SHORTEST_WORDS]
    return [*names, *said]


def _about_them(session: Session, needles: Sequence[str], telegram_id: int) -> None:
    """Letters to others that have not left, and what is still to be made of them: one that only
    hands on a file or a link of theirs goes, of another their name and words go."""
    connection = session.connection()
    texts = [orjson.dumps(needle).decode()[1:-1] for needle in needles]
    for few in _pieces(texts, 20):
        facts = cast(DUE.c.facts, String)
        for row in connection.execute(
            select(DUE.c.id, DUE.c.facts).where(
                DUE.c.done_at.is_(None), or_(*(facts.contains(t, autoescape=True) for t in few))
            )
        ).all():
            rewritten = _without(row.facts, needles)
            connection.execute(update(DUE).where(DUE.c.id == row.id).values(facts=rewritten))
    texts.append(f'"person":{telegram_id}')
    body = cast(LETTERS.c.body, String)
    for few in _pieces(texts, 20):
        rows = connection.execute(
            select(LETTERS.c.id, LETTERS.c.body).where(
                # In the words of the index of what is open.
                LETTERS.c.state <= literal_column(str(SENDING)),
                LETTERS.c.state == OWED,
                LETTERS.c.call_id.is_(None),
                LETTERS.c.chat_id != telegram_id,
                or_(*(body.contains(text, autoescape=True) for text in few)),
            )
        ).all()
        for row in rows:
            here = {row.body.get(name) for name in ("photo", "voice", "document", "person")}
            here |= set(row.body.get("photos", ()))
            if here & {*needles, telegram_id}:
                connection.execute(delete(LETTERS).where(LETTERS.c.id == row.id))
                connection.execute(delete(CARDS).where(CARDS.c.letter_id == row.id))
            else:
                connection.execute(
                    update(LETTERS)
                    .where(LETTERS.c.id == row.id)
                    .values(body=_without(row.body, needles))
                )


_OURS = frozenset({"kind", "key", "plural", "data", "url", "date", "time", "style"})
"""What in a letter is the program's own word, or a button's: never what somebody said."""


def _without(value: Any, needles: Sequence[str]) -> Any:
    """The same JSON, needles replaced in every text that is a value."""
    if isinstance(value, dict):
        return {
            name: part if name in _OURS else _without(part, needles) for name, part in value.items()
        }
    if isinstance(value, list):
        return [_without(part, needles) for part in value]
    if isinstance(value, str):
        for needle in needles:
            value = value.replace(needle, INSTEAD)
    return value


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


def _pieces(values: Sequence[Any], most: int = 500) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), most):
        yield values[start : start + most]


# In pieces, after it.


def forget_updates(session: Session, telegram_id: int, after: int | None, most: int) -> int | None:
    """Empty what the next `most` updates kept tell of them; where to go on, None at the end.

    What they have written since, and is not applied yet, is a new beginning and stays.
    """
    columns = inbox.TABLE.c
    query = (
        select(columns.update_id, columns.lane, columns.state, columns.payload)
        .order_by(columns.update_id)
        .limit(most)
    )
    if after is not None:
        query = query.where(columns.update_id > after)
    rows = session.connection().execute(query).all()
    ours, set_aside = [], []
    for row in rows:
        if row.state == inbox.WAITING:
            continue
        if row.lane == telegram_id:
            ours.append(row.update_id)
        elif row.payload is not None and str(telegram_id) in orjson.dumps(row.payload).decode():
            set_aside.append(row.update_id)
    _empty(session, ours, lane=NO_CHAT, payload=null())
    _empty(session, set_aside, payload=null())
    return rows[-1].update_id if len(rows) == most else None


def _empty(session: Session, updates: Iterable[int], **values: Any) -> None:
    for piece in _pieces(list(updates)):
        session.connection().execute(
            update(inbox.TABLE).where(inbox.TABLE.c.update_id.in_(piece)).values(**values)
        )


def forget_assignments(session: Session, person_id: int, after: int, most: int) -> int | None:
    """In the next `most` events no report was given to or taken from this number any more; where
    to go on, None at the end. A database may give a number again, to somebody else."""
    connection = session.connection()
    last = connection.scalar(
        select(EVENTS.c.id)
        .where(EVENTS.c.id > after)
        .order_by(EVENTS.c.id)
        .offset(most - 1)
        .limit(1)
    )
    reach = EVENTS.c.id > after if last is None else EVENTS.c.id.between(after + 1, last)
    for column in (EVENTS.c.before, EVENTS.c.after):
        connection.execute(
            update(EVENTS)
            .where(reach, EVENTS.c.kind == report.ASSIGNED, column == str(person_id))
            .values({column.name: NOBODY})
        )
    return last


def forget_audited(session: Session, person_id: int, after: int, most: int) -> int | None:
    """The same for what is audited of assignments."""
    connection = session.connection()
    rows = connection.execute(
        select(AUDIT.c.id, AUDIT.c.action, AUDIT.c.facts)
        .where(AUDIT.c.id > after)
        .order_by(AUDIT.c.id)
        .limit(most)
    ).all()
    for row in rows:
        if row.action != "assign" or person_id not in row.facts.values():
            continue
        facts = {name: 0 if value == person_id else value for name, value in row.facts.items()}
        connection.execute(update(AUDIT).where(AUDIT.c.id == row.id).values(facts=facts))
    return rows[-1].id if len(rows) == most else None


NOBODY = "0"
"""The number that no person has, where an assignment's must stay one."""


def forget_letter(session: Session, letter_id: int) -> bool:
    """Let go of the last letter to them once it has left or failed; False while it has not."""
    standing = letter.by_id(session, letter_id)
    if standing is not None and standing["state"] <= SENDING:
        return False
    session.connection().execute(delete(LETTERS).where(LETTERS.c.id == letter_id))
    return True
