"""A card is a subject in a chat kept up to date by editing the same message.

It points at the letter that carries it: a newer one, once that message could not be edited.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, select, update
from sqlmodel import Field, Session, SQLModel, UniqueConstraint


class Card(SQLModel, table=True):
    """One message kept up to date: the letter that carries `subject` in `chat_id`."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("chat_id", "subject"),
        Index("card_subject", "subject"),
        Index("card_letter", "letter_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    subject: str
    letter_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    version: int = 1


CARDS = Card.__table__  # type: ignore[attr-defined]


def letter_of(session: Session, chat_id: int, subject: str) -> int | None:
    """The letter that carries this card in this chat."""
    return session.connection().scalar(
        select(CARDS.c.letter_id).where(CARDS.c.chat_id == chat_id, CARDS.c.subject == subject)
    )


def chats_of(session: Session, subject: str) -> list[int]:
    """Every chat that has a card of this subject."""
    return list(
        session.connection().scalars(select(CARDS.c.chat_id).where(CARDS.c.subject == subject))
    )


def shown(
    session: Session, subject: str, after: int, until: int, most: int
) -> list[tuple[int, int]]:
    """(number, chat) of the next cards of a subject after a number, in order, but for those that a
    letter after number `until` carries."""
    rows = session.connection().execute(
        select(CARDS.c.id, CARDS.c.chat_id)
        .where(CARDS.c.subject == subject, CARDS.c.id > after, CARDS.c.letter_id <= until)
        .order_by(CARDS.c.id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


def newest(session: Session, chat_id: int, about: str, most: int) -> list[int]:
    """The letters of a chat's newest cards whose subject begins so, the newest first."""
    return list(
        session.connection().scalars(
            select(CARDS.c.letter_id)
            .where(CARDS.c.chat_id == chat_id, CARDS.c.subject.startswith(about, autoescape=True))
            .order_by(CARDS.c.letter_id.desc())
            .limit(most)
        )
    )


def point(session: Session, chat_id: int, subject: str, letter_id: int) -> None:
    """From now on this letter carries the card."""
    result = session.connection().execute(
        update(CARDS)
        .where(CARDS.c.chat_id == chat_id, CARDS.c.subject == subject)
        .values(letter_id=letter_id, version=CARDS.c.version + 1)
    )
    if result.rowcount == 0:
        session.connection().execute(
            CARDS.insert().values(chat_id=chat_id, subject=subject, letter_id=letter_id, version=1)
        )


def move(session: Session, old: int, new: int) -> None:
    """A chat has another number: its cards go with it."""
    there = select(CARDS.c.subject).where(CARDS.c.chat_id == new)
    session.connection().execute(
        # What was shown in the new chat already is the newer one.
        CARDS.delete().where(CARDS.c.chat_id == old, CARDS.c.subject.in_(there))
    )
    session.connection().execute(update(CARDS).where(CARDS.c.chat_id == old).values(chat_id=new))
