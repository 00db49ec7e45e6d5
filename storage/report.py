"""A problem somebody told us, and its photos.

Its states are civic's (civic/lifecycle.py).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, cast, false, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.card import Card

# In the very words of the partial indexes: what a gestor or a neighbour may still do something
# about. A bound value would hide the index from SQLite.
OPEN_STATES = "state IN ('received', 'confirmed', 'investigating', 'planned', 'in_progress')"
# What is fixed now, for the repairs of a time.
FIXED_STATE = "state = 'fixed'"
# What was fixed once more: of these a neighbour may say that they still are not.
FIXED_AGAIN = "state = 'fixed' AND reopened > 0"


class Report(SQLModel, table=True):
    """`code` is what people quote. Place is a point (degrees, WGS 84), words, or both.

    `words` are the reporter's; a voice note is kept by its Telegram file id. `attributes` are the
    answers to the category's own questions, by key. `cell` is the square of the grid its point
    lies in (civic/nearness.py), for finding what is near. `supports` counts those who joined it.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("report_queue", "state", "id"),
        Index("report_person", "person_id", "id"),
        Index("report_category", "category_id", "state"),
        Index("report_territory", "territory_id", "state"),
        Index(
            "report_near",
            "category_id",
            "cell",
            "id",
            # What a search looks at is in the index whole: each report read besides is another
            # page of the file.
            "latitude",
            "longitude",
            "private",
            "person_id",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "report_there",
            "category_id",
            "territory_id",
            "id",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "report_due",
            "due_at",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "report_supported",
            "supports",
            sqlite_where=text(OPEN_STATES),
            postgresql_where=text(OPEN_STATES),
        ),
        Index(
            "report_fixed_again",
            "id",
            sqlite_where=text(FIXED_AGAIN),
            postgresql_where=text(FIXED_AGAIN),
        ),
        Index("report_assignee", "assignee_id", "state"),
        Index("report_original", "duplicate_of"),
        Index("report_created", "created_at"),
        Index(
            "report_fixed",
            "fixed_at",
            sqlite_where=text(FIXED_STATE),
            postgresql_where=text(FIXED_STATE),
        ),
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
    attributes: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}")
    )
    latitude: float | None = None
    longitude: float | None = None
    cell: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    address: str | None = None
    # Kept although its point lies outside every territory, because who told it said so.
    outside: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    # Shown to nobody but who told it and the team.
    private: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    state: str
    created_at: datetime
    changed_at: datetime
    # When it was marked as fixed, and by whom: "body" or "users" (civic.lifecycle).
    fixed_at: datetime | None = None
    fixed_by: str | None = None
    # Why it was closed (civic.lifecycle.CLOSINGS), which report it repeats, and whose it is when
    # it is not ours.
    closed_as: str | None = None
    duplicate_of: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("report.id", name="report_original_report")),
    )
    responsible: str | None = None
    # How often it was opened again, whichever way it had come to be over.
    reopened: int = 0
    # When three different people have said that it was fixed.
    neighbours_at: datetime | None = None
    supports: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    assignee_id: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("person.id", name="report_assignee_person")),
    )
    # The end of the last working day the category allows; and the day the team has announced.
    due_at: datetime | None = None
    expected_on: date | None = None


PHOTO, VOICE = "photo", "voice"
BEFORE, AFTER, EVIDENCE = "before", "after", "evidence"


class ReportPhoto(SQLModel, table=True):
    """A photo of a report, the largest size's Telegram file id; or a voice note added later.

    `moment` is before (of the problem), after (of the team's work) or evidence (of somebody asked
    whether it was fixed). A photo taken back from everybody but admins is `hidden`.
    """

    __tablename__ = "report_photo"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    file_id: str
    unique_id: str
    # "document" where it came as a file, and must be sent so again; "voice" for a voice note.
    kind: str = PHOTO
    moment: str = Field(default=BEFORE, sa_column_kwargs={"server_default": BEFORE})
    hidden: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    # Who added it: the reporter, or somebody later.
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime


def by_code(session: Session, code: str) -> Report | None:
    """The report people quote by this code, in any case."""
    return session.exec(select(Report).where(Report.code == code.strip().upper())).first()


def photos(session: Session, report_id: int) -> list[ReportPhoto]:
    """A report's photos in the order they came, but for those that were taken out."""
    return list(
        session.exec(
            select(ReportPhoto)
            .where(ReportPhoto.report_id == report_id, col(ReportPhoto.hidden).is_(False))
            .order_by(col(ReportPhoto.id))
        )
    )


def photos_by(session: Session, report_id: int, person_id: int) -> int:
    """How many photos and voice notes of somebody's a report has."""
    query = (
        select(func.count())
        .select_from(ReportPhoto)
        .where(ReportPhoto.report_id == report_id, ReportPhoto.person_id == person_id)
    )
    return session.exec(query).one()


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
