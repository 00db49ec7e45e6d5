"""A problem somebody told us, its photos and everything that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

RECEIVED, CONFIRMED, IN_PROGRESS, FIXED, CLOSED = (
    "received",
    "confirmed",
    "in_progress",
    "fixed",
    "closed",
)
OPEN = (RECEIVED, CONFIRMED, IN_PROGRESS)


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
    voice: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    latitude: float | None = None
    longitude: float | None = None
    address: str | None = None
    state: str = RECEIVED
    created_at: datetime
    changed_at: datetime
    fixed_at: datetime | None = None
    reopened: int = 0


class ReportPhoto(SQLModel, table=True):
    """A photo of a report: the largest size's Telegram file id."""

    __tablename__ = "report_photo"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    file_id: str
    unique_id: str
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
