"""Who is affected too by a report, and what each of them said when asked whether it was fixed.

One row a person and report, one answer a person and asking: nobody counts twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, Index, Session, SQLModel, UniqueConstraint, col, select


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


class Verdict(SQLModel, table=True):
    """What somebody answered to "was it fixed?": yes, no or unsure; `why` is theirs.

    `asking` counts the times it was marked as fixed (the report's `reopened` at the time), so that
    a second repair is asked about anew.
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


def supporters(session: Session, report_id: int) -> list[int]:
    """The numbers of everybody who joined a report, the first first."""
    return list(
        session.exec(
            select(Support.person_id)
            .where(Support.report_id == report_id)
            .order_by(col(Support.id))
        )
    )


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
