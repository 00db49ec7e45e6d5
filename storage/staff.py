"""The Telegram groups in which the team sees every report as one card."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, Session, SQLModel, col, select

from storage.group import by_telegram
from storage.letter import FAILED, SENDING, TABLE

PUT_OUT = frozenset({"kicked", "not_a_member"})
"""What Telegram answers where we are not in a chat any more."""
GONE = frozenset({"group_closed", "chat_not_found"})
"""What it answers where the chat itself is no more."""
SILENCED = frozenset({"no_rights", "forbidden"})
"""What it answers where we are in a chat and may not write."""
TOPIC_CLOSED = "topic_closed"


class StaffGroup(SQLModel, table=True):
    """`chat_id` is Telegram's number of the group; it changes when a group becomes a supergroup."""

    __tablename__ = "staff_group"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    title: str = ""
    linked_by: int | None = Field(default=None, foreign_key="person.id", index=True)
    linked_at: datetime


def groups(session: Session) -> list[StaffGroup]:
    """Every staff group, the first linked first."""
    return list(session.exec(select(StaffGroup).order_by(col(StaffGroup.id))))


def by_chat(session: Session, chat_id: int) -> StaffGroup | None:
    """The staff group in this chat."""
    return session.exec(select(StaffGroup).where(StaffGroup.chat_id == chat_id)).first()


def move(session: Session, old: int, new: int) -> StaffGroup | None:
    """A staff group's chat got another number: the group, or None where it was no staff group's.

    One that was linked anew by its new number meanwhile, for the team or for others, is let go.
    """
    group = by_chat(session, old)
    if group is None:
        return None
    if by_chat(session, new) is not None or by_telegram(session, new) is not None:
        session.delete(group)
    else:
        group.chat_id = new
    session.flush()
    return group


def refusal(session: Session, chat_id: int) -> str | None:
    """Why Telegram refused the last message to this chat; None where it took it."""
    last = (
        session.connection()
        .execute(
            TABLE.select()
            .with_only_columns(TABLE.c.state, TABLE.c.verdict)
            .where(TABLE.c.chat_id == chat_id, TABLE.c.state > SENDING)
            .order_by(TABLE.c.id.desc())
            .limit(1)
        )
        .first()
    )
    return last.verdict if last is not None and last.state == FAILED else None
