"""Everything that happened to a report, in order. None of it is taken away; words may be: a gestora
redacts them, and they go with whoever is erased. Those of a "no" come after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.report import EVIDENCE, OPEN_STATES, Report, ReportPhoto


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


def adders_since(session: Session, event: ReportEvent, since: datetime) -> set[int | None]:
    """Who added anything to its report before this event, but after a moment."""
    query = select(ReportEvent.person_id).where(
        ReportEvent.report_id == event.report_id,
        col(ReportEvent.id) < event.id,
        ReportEvent.kind == ADDITION,
        ReportEvent.created_at > since,
    )
    return set(session.exec(query.distinct()))
