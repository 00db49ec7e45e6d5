"""Where somebody is in a guided flow: plain JSON, one row a person, emptied when it ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index, bindparam, select, text, update
from sqlmodel import Field, Session, SQLModel

from storage.database import BIG_KEY


class Conversation(SQLModel, table=True):
    """`active` is {name, about, talk, letter}, `parked` those put aside by it, newest last.

    `talk` is the flow engine's state and `letter` carries its last question. `touched` is town
    time; `nudged` is when the reminder of a half-finished draft was owed.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index(
            "conversation_alive",
            "touched",
            # As SQLite is asked: written otherwise, it would not see that the index serves.
            sqlite_where=text("open = 1"),
            postgresql_where=text("open"),
        ),
        # Whom the reminder has not reached yet: those it has would be read again each second.
        Index(
            "conversation_waiting",
            "touched",
            sqlite_where=text("open = 1 AND nudged IS NULL"),
            postgresql_where=text("open AND nudged IS NULL"),
        ),
    )

    chat_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    active: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    parked: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(Json))
    # Whether anything is active or parked: what the scan for forgotten drafts looks at.
    open: bool = False
    # Counts the flows begun here: a button carries it, so that last month's buttons are known.
    serial: int = 0
    touched: datetime
    nudged: datetime | None = None


TABLE = Conversation.__table__  # type: ignore[attr-defined]
Row = dict[str, Any]

_READ = select(TABLE.c.active, TABLE.c.parked, TABLE.c.serial).where(
    TABLE.c.chat_id == bindparam("chat")
)
KEEP = (
    update(TABLE)
    .where(TABLE.c.chat_id == bindparam("chat"))
    .values(
        {
            name: bindparam(name)
            for name in ("active", "parked", "open", "serial", "touched", "nudged")
        }
    )
)
"""Keeps what a turn made of the conversation of `chat`, with a value for each column."""


def read(session: Session, chat_id: int) -> Any:
    """(active, parked, serial) of a chat's conversation; None where there was never one."""
    return session.connection().execute(_READ, {"chat": chat_id}).first()


def insert(session: Session, row: Row) -> None:
    """The first conversation of a chat: every column by its name."""
    session.connection().execute(TABLE.insert(), row)
