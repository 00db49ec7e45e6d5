"""A letter is one message owed to one chat; what becomes of it is always written down.

owed -> sending -> sent | failed | uncertain; or owed -> dropped (stopped before it left).
A letter holds keys, values and buttons; its body is emptied once it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Field, Session, SQLModel

from storage import card
from storage.among import among
from storage.database import BIG_KEY

OWED, SENDING, SENT, FAILED, UNCERTAIN, DROPPED = range(6)
STATE_NAMES = ("owed", "sending", "sent", "failed", "uncertain", "dropped")


class Lane(IntEnum):
    """Who leaves first when the token's budget is short."""

    REPLY = 0
    REMINDER = 1
    CALL = 2


class Letter(SQLModel, table=True):
    """`not_before`, `claimed`, `settled` are machine time (epoch s); `body` is a parcel."""

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "letter_open",
            "lane",
            "id",
            sqlite_where=Column("state") <= SENDING,
            postgresql_where=Column("state") <= SENDING,
        ),
        Index("letter_chat", "chat_id", "id"),
        Index("letter_call", "call_id", "state"),
    )

    id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    lane: int = Field(default=Lane.REPLY)
    state: int = OWED
    # Never owed twice: a reminder's or a call's own name for this recipient.
    dedupe: str | None = Field(default=None, unique=True)
    # An edit names the letter whose message it replaces.
    edits: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    call_id: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    body: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    # Used when the recipient is nobody we know yet; a known person's own language wins.
    language: str | None = None
    attempts: int = 0
    not_before: float = 0.0
    claimed: float | None = None
    settled: float | None = None
    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    # A verdict's name, never Telegram's text with somebody's words in it.
    verdict: str | None = None


TABLE = Letter.__table__  # type: ignore[attr-defined]

# What has not left yet, in the very words of the partial index: a bound value would hide it.
_OPEN = TABLE.c.state <= literal_column(str(SENDING))


def last_id(session: Session) -> int:
    """The highest letter number so far; the one writer counts on from it."""
    return session.connection().scalar(select(func.coalesce(func.max(TABLE.c.id), 0))) or 0


def insert(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store owed letters; rows have every column of a new letter (see Turn.owe)."""
    session.connection().execute(TABLE.insert(), rows)


def known_dedupes(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these were owed already."""
    return set(
        session.connection().scalars(select(TABLE.c.dedupe).where(among(TABLE.c.dedupe, keys)))
    )


def drop_named(session: Session, prefix: str, at: float) -> int:
    """What has not left and whose dedupe key begins so is dropped: it no longer holds."""
    result = session.connection().execute(
        update(TABLE)
        .where(
            _OPEN,
            TABLE.c.state == OWED,
            TABLE.c.dedupe.startswith(prefix, autoescape=True),
        )
        .values(state=DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def owed_named(session: Session, prefix: str) -> dict[str, int]:
    """What has not left and whose dedupe key begins so: the letters' numbers by their keys."""
    found = session.connection().execute(
        select(TABLE.c.dedupe, TABLE.c.id).where(
            _OPEN,
            TABLE.c.state == OWED,
            TABLE.c.dedupe.startswith(prefix, autoescape=True),
        )
    )
    return {row.dedupe: row.id for row in found}


def drop_to(session: Session, chat_id: int, at: float) -> int:
    """A chat is to hear nothing more: what has not left for it is dropped. Returns how many."""
    result = session.connection().execute(
        update(TABLE)
        .where(TABLE.c.chat_id == chat_id, TABLE.c.state == OWED)
        .values(state=DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def by_id(session: Session, letter_id: int) -> dict[str, Any] | None:
    """A letter's id, state, chat_id and message_id."""
    row = (
        session.connection()
        .execute(
            select(TABLE.c.id, TABLE.c.state, TABLE.c.chat_id, TABLE.c.message_id).where(
                TABLE.c.id == letter_id
            )
        )
        .first()
    )
    return dict(row._mapping) if row else None


def replace_body(session: Session, letter_id: int, body: dict[str, Any]) -> bool:
    """Give an unsent letter its newest version; False when it has left already."""
    result = session.connection().execute(
        update(TABLE).where(TABLE.c.id == letter_id, TABLE.c.state == OWED).values(body=body)
    )
    return result.rowcount == 1


def owed_edit(session: Session, chat_id: int, letter_id: int) -> int | None:
    """The letter that is to edit this one's message and has not left yet, if there is one."""
    return session.connection().scalar(
        select(TABLE.c.id)
        # The chat's index leads to the few letters since; nothing else knows of edits.
        .where(
            TABLE.c.chat_id == chat_id,
            TABLE.c.id > letter_id,
            TABLE.c.edits == letter_id,
            TABLE.c.state == OWED,
        )
        .order_by(TABLE.c.id.desc())
        .limit(1)
    )


def last_shown(session: Session, chat_id: int, letter_id: int) -> tuple[bool, float]:
    """Of a card's letter and its edits: is one still to leave, and when was the last settled?

    Machine time (epoch s), 0.0 when none was.
    """
    rows = session.connection().execute(
        select(TABLE.c.state, TABLE.c.settled).where(
            TABLE.c.chat_id == chat_id,
            TABLE.c.id >= letter_id,
            or_(TABLE.c.id == letter_id, TABLE.c.edits == letter_id),
        )
    )
    found = [(state, settled) for state, settled in rows]
    return (
        any(state <= SENDING for state, _ in found),
        max((settled for _, settled in found if settled is not None), default=0.0),
    )


def move_chat(session: Session, old: int, new: int) -> None:
    """A group became a supergroup: its letters and cards go along, those not sent yet as well.

    There messages are numbered from 1 again. What has a number of before has none from now on, so
    that nothing new is taken for it: a card is sent anew when it next changes. Doing it twice is
    doing it once.
    """
    connection = session.connection()
    waiting = connection.execute(
        select(TABLE.c.id, TABLE.c.body).where(TABLE.c.chat_id == old, _OPEN)
    ).all()
    for row in waiting:
        named = {"reply_to", "message_id"} & set(row.body or ())
        if named:
            body = {name: value for name, value in row.body.items() if name not in named}
            connection.execute(update(TABLE).where(TABLE.c.id == row.id).values(body=body))
    connection.execute(
        update(TABLE).where(TABLE.c.chat_id == old).values(chat_id=new, message_id=None)
    )
    card.move(session, old, new)
