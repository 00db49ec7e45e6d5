"""What was taken out of a report before others could read it: kept for admins, and with its author.

Erasing the author erases the originals too.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select


class Redaction(SQLModel, table=True):
    """`original` is what stood there; `event_id` where it was an event's words, not the report's.

    `author_id` is whose words they were, `made_by` who took them out.
    """

    __tablename__ = "redaction"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    event_id: int | None = Field(default=None, foreign_key="report_event.id", index=True)
    photo_id: int | None = Field(default=None, foreign_key="report_photo.id", index=True)
    original: str | None = None
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    made_by: int | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime


def of_report(session: Session, report_id: int) -> list[Redaction]:
    """Everything that was taken out of a report, the oldest first."""
    return list(
        session.exec(
            select(Redaction).where(Redaction.report_id == report_id).order_by(col(Redaction.id))
        )
    )
