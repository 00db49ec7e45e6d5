"""A problem somebody told us, its photos and everything that happened to it.

Its states are civic's (civic/lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index, String, cast
from sqlmodel import Field, Session, SQLModel, col, select

from storage.letter import Card


class Report(SQLModel, table=True):
    """`code` is what people quote. Place is a point (degrees, WGS 84), words, or both.

    `words` are the reporter's; a voice note is kept by its Telegram file id.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("report_queue", "state", "id"),
        Index("report_person", "person_id", "id"),
        Index("report_category", "category_id", "state"),
        Index("report_territory", "territory_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    category_id: int = Field(foreign_key="category.id")
    territory_id: int | None = Field(default=None, foreign_key="territory.id")
    words: str | None = None
    voice: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    state: str
    created_at: datetime
    changed_at: datetime
    fixed_at: datetime | None = None
    reopened: int = 0


VOICE = "voice"


class ReportPhoto(SQLModel, table=True):
    """A photo of a report, the largest size's Telegram file id; or a voice note added later."""

    __tablename__ = "report_photo"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    file_id: str
    unique_id: str
    # "document" where it came as a file, and must be sent so again; "voice" for a voice note.
    kind: str = "photo"
    # Who added it: the reporter, or somebody later.
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime


class ReportEvent(SQLModel, table=True):
    """Something that happened: kind is state, answer, question, addition or verdict.

    `words` is what the citizen reads (a reason, an answer) or said; `before`/`after` are states.
    """

    __tablename__ = "report_event"
    __table_args__ = (Index("report_event_report", "report_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    kind: str
    before: str | None = None
    after: str | None = None
    words: str | None = None
    created_at: datetime


def by_code(session: Session, code: str) -> Report | None:
    """The report people quote by this code, in any case."""
    return session.exec(select(Report).where(Report.code == code.strip().upper())).first()


def photos(session: Session, report_id: int) -> list[ReportPhoto]:
    """A report's photos in the order they came."""
    return list(
        session.exec(
            select(ReportPhoto)
            .where(ReportPhoto.report_id == report_id)
            .order_by(col(ReportPhoto.id))
        )
    )


def last_events(
    session: Session, report_id: int, kinds: Sequence[str], most: int
) -> list[ReportEvent]:
    """The newest things of some kinds that happened to a report, newest first."""
    return list(
        session.exec(
            select(ReportEvent)
            .where(ReportEvent.report_id == report_id, col(ReportEvent.kind).in_(kinds))
            .order_by(col(ReportEvent.id).desc())
            .limit(most)
        )
    )


def page_of(
    session: Session, *, states: Sequence[str] | None, person_id: int | None, skip: int, most: int
) -> list[Report]:
    """A page of reports: a person's newest first, the open ones oldest first."""
    query = select(Report)
    if states is not None:
        query = query.where(col(Report.state).in_(states))
    if person_id is not None:
        query = query.where(Report.person_id == person_id).order_by(col(Report.id).desc())
    else:
        query = query.order_by(col(Report.id))
    return list(session.exec(query.offset(skip).limit(most)))


def without_card(session: Session, chat_id: int, first: int, most: int) -> list[Report]:
    """Reports just received, from number `first` on, of which this chat has no card yet."""
    return list(
        session.exec(
            select(Report)
            .where(
                Report.state == "received",
                col(Report.id) >= first,
                ~select(Card.id)
                .where(
                    Card.chat_id == chat_id,
                    Card.subject == "report:" + cast(col(Report.id), String),
                )
                .exists(),
            )
            .order_by(col(Report.id))
            .limit(most)
        )
    )
