"""Who is affected too by a report, and what each of them said when asked whether it was fixed.

One row a person and report, one answer a person and asking: nobody counts twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal, or_, union_all
from sqlalchemy import select as rows_of
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, select

from storage.among import among
from storage.card import CARDS
from storage.person import Person
from storage.report import EVIDENCE, Report, ReportPhoto
from storage.report_event import ANSWER, STATE, VERDICT, ReportEvent


class Support(SQLModel, table=True):
    """Somebody joined a report: "the same happens to me". They hear what becomes of it."""

    __tablename__ = "support"
    __table_args__ = (
        UniqueConstraint("report_id", "person_id"),
        Index("support_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    person_id: int = Field(foreign_key="person.id")
    created_at: datetime


YES, NO, UNSURE = "yes", "no", "unsure"
DECIDES = (STATE, ANSWER)
"""What of the team's answers a "No" that did not open a report again: a move, or words to them."""


class Verdict(SQLModel, table=True):
    """What somebody answered to "was it fixed?": yes, no or unsure; `why` is theirs.

    `asking` is the report's `reopened` at the time: a repair is always between two of these, so
    that each has a number of its own and is asked about anew.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("report_id", "asking", "person_id"),
        Index("verdict_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    # Empty once the person asked to be forgotten: what they said still counts.
    person_id: int | None = Field(default=None, foreign_key="person.id")
    asking: int
    answer: str
    why: str | None = None
    created_at: datetime


def of(session: Session, report_id: int, person_id: int) -> Support | None:
    """Somebody's support of a report, if they joined it."""
    return session.exec(
        select(Support).where(Support.report_id == report_id, Support.person_id == person_id)
    ).first()


def supporters_after(session: Session, report_id: int, after: int, most: int) -> list[int]:
    """A piece of those who joined a report, by their numbers, from beyond `after` on."""
    return list(
        session.exec(
            select(Support.person_id)
            .where(Support.report_id == report_id, Support.person_id > after)
            .order_by(col(Support.person_id))
            .limit(most)
        )
    )


def cards_of_joined(
    session: Session, report_id: int, subject: str, after: int, until: int, most: int
) -> list[tuple[int, int]]:
    """As storage.card.shown, of those who joined a report alone; `after` is the number of their
    joining."""
    query = (
        rows_of(col(Support.id), CARDS.c.chat_id)
        .join(Person, col(Support.person_id) == col(Person.id))
        .join(CARDS, col(Person.telegram_id) == CARDS.c.chat_id)
        .where(
            col(Support.report_id) == report_id,
            col(Support.id) > after,
            CARDS.c.subject == subject,
            CARDS.c.letter_id <= until,
        )
        .order_by(col(Support.id))
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.connection().execute(query)]


def are_supporters(session: Session, report_id: int, person_ids: Sequence[int]) -> set[int]:
    """Which of these people joined a report."""
    return set(
        session.exec(
            select(Support.person_id).where(
                Support.report_id == report_id, col(Support.person_id).in_(person_ids)
            )
        )
    )


def joined(
    session: Session, report_ids: Collection[int], person_ids: Collection[int]
) -> set[tuple[int, int]]:
    """(person, report) for each of these people and reports they joined."""
    query = select(Support.person_id, Support.report_id).where(
        col(Support.person_id).in_(person_ids), col(Support.report_id).in_(report_ids)
    )
    return set(session.exec(query))


def concerned(session: Session, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of these (person, report), who told that report or has joined it."""
    people, reports = {person for person, _ in pairs}, {report for _, report in pairs}
    told = select(Report.person_id, Report.id).where(col(Report.id).in_(reports))
    return {*session.exec(told), *joined(session, reports, people)} & set(pairs)


class Asked(NamedTuple):
    """Somebody to be asked whether a report was fixed; `place` counts on from the reporter's 0."""

    report_id: int
    place: int
    person_id: int
    telegram_id: int
    quiet_from: int | None
    quiet_until: int | None


def to_ask(
    session: Session, report_ids: Sequence[int], after: int | None, most: int, now: datetime
) -> list[Asked]:
    """Who told or joined these reports and wants to be asked, report by report, `most` in all.

    after: the place of the last one asked already, None at the beginning. Whoever said of their
    own report that it was fixed is not asked whether it was; nor, of a private one, who joined it;
    nor who may not answer now.
    """

    def people(report: ColumnElement[int], place: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
        return rows_of(
            report,
            place,
            col(Person.id),
            col(Person.telegram_id),
            col(Person.quiet_from),
            col(Person.quiet_until),
        ).where(
            col(Person.follow_ups),
            col(Person.reachable),
            # Written so that no index answers it: those who are not banned are nearly everybody.
            (col(Person.banned_until) > now).is_not(True),
        )

    told = (
        people(col(Report.id).label("report"), literal(0).label("place"))
        .join(Report, col(Report.person_id) == col(Person.id))
        .where(
            among(col(Report.id), report_ids),
            or_(col(Report.fixed_by).is_(None), col(Report.fixed_by) != "users"),
        )
    )
    joined = (
        people(col(Support.report_id).label("report"), col(Support.id).label("place"))
        .join(Support, col(Support.person_id) == col(Person.id))
        .join(Report, col(Support.report_id) == col(Report.id))
        .where(
            among(col(Support.report_id), report_ids),
            col(Support.id) > (after or 0),
            col(Report.private).is_(False),
        )
    )
    both = union_all(told, joined) if after is None else joined
    query = both.order_by("report", "place").limit(most)
    return [Asked._make(row) for row in session.connection().execute(query)]


def verdict_of(session: Session, report_id: int, asking: int, person_id: int) -> Verdict | None:
    """What somebody said in one asking."""
    return session.exec(
        select(Verdict).where(
            Verdict.report_id == report_id,
            Verdict.asking == asking,
            Verdict.person_id == person_id,
        )
    ).first()


def said(session: Session, report_id: int, asking: int, answer: str) -> int:
    """How many people gave this answer in one asking."""
    return session.exec(
        select(func.count())
        .select_from(Verdict)
        .where(Verdict.report_id == report_id, Verdict.asking == asking, Verdict.answer == answer)
    ).one()


def denied(session: Session, report_id: int, but: int | None = None) -> int:
    """How often anybody has ever said that it was not fixed, one verdict left aside."""
    query = (
        select(func.count())
        .select_from(Verdict)
        .where(Verdict.report_id == report_id, Verdict.answer == NO)
    )
    if but is not None:
        query = query.where(Verdict.id != but)
    return session.exec(query).one()


def denial_of(session: Session, report_id: int, person_id: int) -> ReportEvent | None:
    """Where it is written down that somebody said it was not fixed, the last time."""
    return session.exec(
        select(ReportEvent)
        .where(
            ReportEvent.report_id == report_id,
            ReportEvent.person_id == person_id,
            ReportEvent.kind == VERDICT,
        )
        .order_by(col(ReportEvent.id).desc())
        .limit(1)
    ).first()


def evidence_of(session: Session, report_id: int, person_id: int) -> int:
    """How many photos somebody has shown of a report when asked whether it was fixed."""
    return session.exec(
        select(func.count())
        .select_from(ReportPhoto)
        .where(
            ReportPhoto.report_id == report_id,
            ReportPhoto.person_id == person_id,
            ReportPhoto.moment == EVIDENCE,
        )
    ).one()


def undecided(session: Session, report_id: int) -> datetime | None:
    """Since when a "No" waits for the team to decide; None where none does."""
    decided = (
        select(func.max(ReportEvent.id))
        .where(ReportEvent.report_id == report_id, col(ReportEvent.kind).in_(DECIDES))
        .scalar_subquery()
    )
    return session.exec(
        select(ReportEvent.created_at)
        .where(
            ReportEvent.report_id == report_id,
            ReportEvent.kind == VERDICT,
            col(ReportEvent.id) > decided,
        )
        .order_by(col(ReportEvent.id))
        .limit(1)
    ).first()
