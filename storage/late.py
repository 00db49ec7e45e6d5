"""What has stayed untouched too long: when the team last did something about a report, and which
steps were taken since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.due import Due
from storage.report import Report
from storage.report_event import (
    ANSWER,
    ASSIGNED,
    CATEGORIZED,
    EXPECTED,
    LOCATED,
    MERGED,
    NOTE,
    PRIVACY,
    QUESTION,
    REDACTED,
    STATE,
    ReportEvent,
)

TOUCHES = (
    STATE,
    ANSWER,
    QUESTION,
    NOTE,
    ASSIGNED,
    EXPECTED,
    MERGED,
    REDACTED,
    PRIVACY,
    CATEGORIZED,
    LOCATED,
)
"""What the team does with a report. Whoever told it may do some of it too: that is no touch."""


def touched(session: Session, report_id: int, teller: int | None) -> datetime | None:
    """When somebody of the team last did something about a report that `teller` told."""
    query = select(ReportEvent.created_at).where(
        ReportEvent.report_id == report_id,
        col(ReportEvent.kind).in_(TOUCHES),
        col(ReportEvent.person_id).is_not(None),
    )
    if teller is not None:
        query = query.where(ReportEvent.person_id != teller)
    return session.exec(query.order_by(col(ReportEvent.id).desc()).limit(1)).first()


def last_step(session: Session, kind: str, report_id: int) -> int:
    """The number of the newest due row of a kind about a report; 0 when there is none."""
    query = select(func.max(Due.id)).where(Due.kind == kind, Due.subject == report_id)
    return session.exec(query).one() or 0


def waits(session: Session, kind: str, until: datetime) -> bool:
    """Whether a step of a kind that is due by a moment has not been taken yet."""
    query = select(Due.id).where(Due.kind == kind, col(Due.done_at).is_(None), Due.at <= until)
    return session.exec(query.limit(1)).first() is not None


def gone_up(
    session: Session, kind: str, since: datetime, outcomes: Sequence[str]
) -> list[tuple[Report, str]]:
    """The reports of which a step was taken after a moment with one of these outcomes, the oldest
    first, each with the outcome of its newest step."""
    rows = session.exec(
        select(Report, Due.outcome)
        .join(Due, col(Due.subject) == col(Report.id))
        .where(Due.kind == kind, col(Due.done_at) > since, col(Due.outcome).in_(outcomes))
        .order_by(col(Report.id), col(Due.id))
    )
    found = {report.id: (report, outcome or "") for report, outcome in rows}
    return list(found.values())
