"""A call for participation: one text to an audience, and what became of it for each recipient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, Index, update
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, func, select

from storage import letter
from storage.letter import TABLE as LETTERS

DRAFT, SENDING, STOPPED, FINISHED = "draft", "sending", "stopped", "finished"
AS_FILE = "document:"


class Call(SQLModel, table=True):
    """`audience` as in a vote. `roll_done` once every recipient has a row and a letter.

    `photo` is a file id; a picture that was sent as a file has AS_FILE before it. `total` is how
    many the call is for: expected when it is sent, exact once the roll is done.
    """

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


RECIPIENTS = CallRecipient.__table__  # type: ignore[attr-defined]


def write_roll(
    session: Session, call_id: int, rows: Sequence[tuple[int, int | None, str | None]]
) -> None:
    """(person, letter, reason why there is none) of each recipient of a piece."""
    if rows:
        session.connection().execute(
            RECIPIENTS.insert(),
            [
                {"call_id": call_id, "person_id": person, "letter_id": letter, "skipped": reason}
                for person, letter, reason in rows
            ],
        )


def under_way(session: Session) -> list[Call]:
    """Calls whose last word has not been said: sending, or stopped with something in flight."""
    return list(
        session.exec(
            select(Call)
            .where(col(Call.state).in_((SENDING, STOPPED)), col(Call.ended_at).is_(None))
            .order_by(col(Call.id))
        )
    )


def on_roll(session: Session, call_id: int) -> int:
    """How many recipients have been written so far."""
    found: int | None = session.connection().scalar(
        select(func.count()).where(RECIPIENTS.c.call_id == call_id)
    )
    return found or 0


def skipped(session: Session, call_id: int) -> dict[str, int]:
    """How many recipients were skipped, by reason."""
    rows = session.connection().execute(
        select(RECIPIENTS.c.skipped, func.count())
        .where(RECIPIENTS.c.call_id == call_id, RECIPIENTS.c.skipped.is_not(None))
        .group_by(RECIPIENTS.c.skipped)
    )
    return {str(reason): number for reason, number in rows}


def drop_letters(session: Session, call_id: int, at: float) -> int:
    """Stop means stop: every letter of a call that has not left is dropped. Returns how many."""
    result = session.connection().execute(
        update(LETTERS)
        .where(LETTERS.c.call_id == call_id, LETTERS.c.state == letter.OWED)
        .values(state=letter.DROPPED, verdict="stopped", settled=at, body=None)
    )
    return result.rowcount


def drop_letters_to(session: Session, chat_id: int, at: float) -> int:
    """They want no calls: those owed to this chat that have not left are dropped. How many."""
    result = session.connection().execute(
        update(LETTERS)
        .where(
            LETTERS.c.chat_id == chat_id,
            LETTERS.c.call_id.is_not(None),
            LETTERS.c.state == letter.OWED,
        )
        .values(state=letter.DROPPED, verdict="muted", settled=at, body=None)
    )
    return result.rowcount


def reasons(session: Session, call_id: int, state: int) -> dict[str, int]:
    """How many of a call's letters in a state carry each verdict's name."""
    rows = session.connection().execute(
        select(LETTERS.c.verdict, func.count())
        .where(LETTERS.c.call_id == call_id, LETTERS.c.state == state)
        .group_by(LETTERS.c.verdict)
    )
    return {str(verdict or ""): number for verdict, number in rows}


def outcomes(session: Session, call_id: int) -> dict[str, int]:
    """How many of a call's letters are in each state, by name."""
    rows = session.connection().execute(
        select(LETTERS.c.state, func.count())
        .where(LETTERS.c.call_id == call_id)
        .group_by(LETTERS.c.state)
    )
    return {letter.STATE_NAMES[state]: number for state, number in rows}
