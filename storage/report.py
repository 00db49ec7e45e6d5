"""A problem somebody told us, its photos and everything that happened to it.

Its states are civic's (civic/lifecycle.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, cast, false, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

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


class ReportEvent(SQLModel, table=True):
    """Something that happened. `kind` is one of EVENTS.

    `words` is what the citizen reads (a reason, an answer) or said; of a note, what only the team
    reads. `before` and `after` are states, people's numbers for an assignment, or the keys of a
    category or a territory; an answer's is AFTER where it is a photo of the work. Of a closing,
    `closed_as`, `duplicate_of` and `responsible` are the report's own at that time: they stay when
    it is opened again.
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
    closed_as: str | None = None
    duplicate_of: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("report.id", name="report_event_original")),
    )
    responsible: str | None = None
    created_at: datetime


STATE, ANSWER, QUESTION, ADDITION = "state", "answer", "question", "addition"
VERDICT, KEPT, UNSURE = "verdict", "kept", "unsure"
NOTE, ASSIGNED, EXPECTED, MERGED = "note", "assigned", "expected", "merged"
REDACTED, PRIVACY, SUPPORTED = "redacted", "privacy", "supported"
CATEGORIZED, LOCATED = "categorized", "located"
EVENTS = (
    # The public ones: its state, what the team answered and asked, what was added, what people
    # said when asked whether it was fixed (no, yes, not sure), a new expected date, another
    # report merged into this one, another category, somebody who joined it.
    STATE,
    ANSWER,
    QUESTION,
    ADDITION,
    VERDICT,
    KEPT,
    UNSURE,
    EXPECTED,
    MERGED,
    CATEGORIZED,
    SUPPORTED,
    # The team's own.
    NOTE,
    ASSIGNED,
    REDACTED,
    PRIVACY,
    LOCATED,
)


def by_code(session: Session, code: str) -> Report | None:
    """The report people quote by this code, in any case."""
    return session.exec(select(Report).where(Report.code == code.strip().upper())).first()


def told_by(person_id: int) -> SelectOfScalar[int]:
    """The numbers of what somebody told, also where they were let go since: that they told it is
    written down as the first thing that happened to it."""
    return select(ReportEvent.report_id).where(
        ReportEvent.person_id == person_id,
        ReportEvent.kind == STATE,
        col(ReportEvent.before).is_(None),
    )


def teller(session: Session, report: Report) -> int | None:
    """Whose words a report is told in, also where they were let go since."""
    if report.person_id is not None:
        return report.person_id
    return session.exec(
        select(ReportEvent.person_id).where(
            ReportEvent.report_id == report.id,
            ReportEvent.kind == STATE,
            col(ReportEvent.before).is_(None),
        )
    ).first()


def photos(session: Session, report_id: int) -> list[ReportPhoto]:
    """A report's photos in the order they came, but for those that were taken out."""
    return list(
        session.exec(
            select(ReportPhoto)
            .where(ReportPhoto.report_id == report_id, col(ReportPhoto.hidden).is_(False))
            .order_by(col(ReportPhoto.id))
        )
    )


def last_events(
    session: Session, report_id: int, kinds: Sequence[str], most: int, *, before: int | None = None
) -> list[ReportEvent]:
    """The newest things of some kinds that happened to a report, or did before the event of that
    number, newest first."""
    query = select(ReportEvent).where(
        ReportEvent.report_id == report_id, col(ReportEvent.kind).in_(kinds)
    )
    if before is not None:
        query = query.where(col(ReportEvent.id) < before)
    return list(session.exec(query.order_by(col(ReportEvent.id).desc()).limit(most)))


def unanswered(session: Session, person_id: int) -> tuple[Report, ReportEvent] | None:
    """The newest question of the team about an open report of this person, to which they have
    added nothing since."""
    later = aliased(ReportEvent)
    added = (
        select(later.id)
        .where(
            later.report_id == ReportEvent.report_id,
            col(later.id) > col(ReportEvent.id),
            later.kind == ADDITION,
            later.person_id == person_id,
        )
        .exists()
    )
    return session.exec(
        select(Report, ReportEvent)
        .join(ReportEvent, col(ReportEvent.report_id) == col(Report.id))
        .where(
            text(OPEN_STATES),
            Report.person_id == person_id,
            ReportEvent.kind == QUESTION,
            ~added,
        )
        .order_by(col(ReportEvent.id).desc())
        .limit(1)
    ).first()


def added_at(session: Session, person_id: int, most: int) -> list[datetime]:
    """When somebody last added something to a report, or showed how it is: the newest first."""
    added = (
        select(ReportEvent.created_at)
        .where(ReportEvent.person_id == person_id, ReportEvent.kind == ADDITION)
        .order_by(col(ReportEvent.id).desc())
    )
    shown = (
        select(ReportPhoto.created_at)
        .where(ReportPhoto.person_id == person_id, ReportPhoto.moment == EVIDENCE)
        .order_by(col(ReportPhoto.created_at).desc())
        .distinct()
    )
    moments = [*session.exec(added.limit(most)), *session.exec(shown.limit(most))]
    return sorted(moments, reverse=True)[:most]


def joined_at(session: Session, person_id: int, most: int) -> list[datetime]:
    """When somebody last joined a report, also where they have left it since: the newest first."""
    joined = (
        select(ReportEvent.created_at)
        .where(ReportEvent.person_id == person_id, ReportEvent.kind == SUPPORTED)
        .order_by(col(ReportEvent.id).desc())
    )
    return list(session.exec(joined.limit(most)))


def photos_by(session: Session, report_id: int, person_id: int) -> int:
    """How many photos and voice notes of somebody's a report has."""
    query = (
        select(func.count())
        .select_from(ReportPhoto)
        .where(ReportPhoto.report_id == report_id, ReportPhoto.person_id == person_id)
    )
    return session.exec(query).one()


def adders_since(session: Session, event: ReportEvent, since: datetime) -> set[int | None]:
    """Who added anything to its report before this event, but after a moment."""
    query = select(ReportEvent.person_id).where(
        ReportEvent.report_id == event.report_id,
        col(ReportEvent.id) < event.id,
        ReportEvent.kind == ADDITION,
        ReportEvent.created_at > since,
    )
    return set(session.exec(query.distinct()))


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
