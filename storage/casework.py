"""What the team looks up and joins when it works on reports: who waits for one, who for two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, case, cast, insert, literal, text, update
from sqlmodel import Session, col, func, select

from storage.card import Card
from storage.person import Person
from storage.report import OPEN_STATES, Report, ReportPhoto
from storage.report_event import ADDITION, VERDICT, ReportEvent
from storage.support import Support

TABLE = Support.__table__  # type: ignore[attr-defined]


def hand_on(session: Session, duplicate: Report, original: Report, now: datetime) -> int:
    """Have whoever told or joined a report join another one; how many joined it anew.

    Whoever told the other one waits for it already. Its number of supports is counted anew.
    """
    session.flush()
    connection = session.connection()
    there = select(Support.person_id).where(Support.report_id == original.id)
    teller = original.person_id if original.person_id is not None else 0
    moment = literal(now, type_=TABLE.c.created_at.type)
    columns = ["report_id", "person_id", "created_at"]
    joined = select(literal(original.id), Support.person_id, moment).where(
        Support.report_id == duplicate.id,
        Support.person_id != teller,
        col(Support.person_id).not_in(there),
    )
    told = select(literal(original.id), col(Person.id), moment).where(
        Person.id == duplicate.person_id, Person.id != teller, col(Person.id).not_in(there)
    )
    added = 0
    for people in (joined, told):
        added += connection.execute(insert(Support).from_select(columns, people)).rowcount
    original.supports = session.exec(
        select(func.count()).select_from(Support).where(Support.report_id == original.id)
    ).one()
    session.flush()
    return added


def hand_on_duplicates(session: Session, old: int, new: int) -> None:
    """What repeats one report repeats another from now on."""
    session.connection().execute(
        update(Report).where(col(Report.duplicate_of) == old).values(duplicate_of=new)
    )


def writers(session: Session, report_id: int, most: int) -> list[tuple[int, str | None]]:
    """Who added to a report or judged it: (person, their newest words), the newest first."""
    found: dict[int, str | None] = {}
    events = session.exec(
        select(ReportEvent.person_id, ReportEvent.words)
        .where(
            ReportEvent.report_id == report_id,
            col(ReportEvent.kind).in_((ADDITION, VERDICT)),
            col(ReportEvent.person_id).is_not(None),
        )
        .order_by(col(ReportEvent.id).desc())
        .limit(50)
    )
    for person_id, said in events:
        found.setdefault(person_id or 0, said)
    photos = session.exec(
        select(ReportPhoto.person_id)
        .where(ReportPhoto.report_id == report_id, col(ReportPhoto.person_id).is_not(None))
        .order_by(col(ReportPhoto.id).desc())
        .limit(50)
    )
    for person in photos:
        found.setdefault(person or 0, None)
    return list(found.items())[:most]


def banned(session: Session, now: datetime, skip: int, most: int) -> list[Person]:
    """People who may not write at this moment, those whose ban ends first."""
    return list(
        session.exec(
            select(Person)
            .where(col(Person.banned_until) > now)
            .order_by(col(Person.banned_until), col(Person.id))
            .offset(skip)
            .limit(most)
        )
    )


def with_cards(session: Session, person_id: int, most: int) -> list[Report]:
    """What somebody told and the team has cards of: the open ones first, each time the newest."""
    card = select(Card.id).where(Card.subject == "report:" + cast(col(Report.id), String))
    return list(
        session.exec(
            select(Report)
            .where(Report.person_id == person_id, card.exists())
            .order_by(case((text(OPEN_STATES), 0), else_=1), col(Report.id).desc())
            .limit(most)
        )
    )


def assigned_open(
    session: Session, person_id: int, states: Sequence[str], most: int
) -> list[Report]:
    """Reports in these states that somebody looks after, the oldest first."""
    return list(
        session.exec(
            select(Report)
            .where(Report.assignee_id == person_id, col(Report.state).in_(states))
            .order_by(col(Report.id))
            .limit(most)
        )
    )


def assignees(session: Session) -> list[int]:
    """Everybody who looks after an open report."""
    query = select(Report.assignee_id).where(text(OPEN_STATES), col(Report.assignee_id) > 0)
    return sorted(number for number in session.exec(query.distinct()) if number is not None)
