"""A call for participation: one text to an audience, and what became of it for each recipient."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

DRAFT, SENDING, STOPPED, FINISHED = "draft", "sending", "stopped", "finished"


class Call(SQLModel, table=True):
    """`audience` as in a vote. `roll_done` once every recipient has a row and a letter."""

    __tablename__ = "call"
    __table_args__ = (Index("call_state", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    made_by: int | None = Field(default=None, foreign_key="person.id")
    words: str
    photo: str | None = None
    audience: dict[str, Any] = Field(sa_column=Column(Json))
    state: str = DRAFT
    # The roll is written in pieces, in order of person: where the next piece starts.
    roll_from: int = 0
    roll_done: bool = False
    total: int = 0
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None


class CallRecipient(SQLModel, table=True):
    """Somebody the call is for: a letter, or the reason why there is none (`skipped`)."""

    __tablename__ = "call_recipient"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        Index("call_recipient_person", "person_id"),
        Index("call_recipient_skipped", "call_id", "skipped"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    letter_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    skipped: str | None = None
