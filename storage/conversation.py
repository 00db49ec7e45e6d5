"""Where somebody is in a guided flow: plain JSON, one row a person, emptied when it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class Conversation(SQLModel, table=True):
    """`active` is a flow's state, `parked` those put aside by it, newest last.

    `letter_id` is the letter that carries the last question, for replacing it. `touched` is town
    time; `nudged` when the reminder of a half-finished draft was owed.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "conversation_touched",
            "touched",
        ),
    )

    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    active: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
    parked: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(Json))
    letter_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    # Counts the flows begun here: a button carries it, so that last month's buttons are known.
    serial: int = 0
    touched: datetime
    nudged: datetime | None = None


TABLE = Conversation.__table__  # type: ignore[attr-defined]
