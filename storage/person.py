"""Who people are to us: kept only after they agreed, found by their Telegram number.

Roles are rows that begin and end; an invite is known only by its hash, works once and expires.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, bindparam, true, update
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

ADMIN, GESTOR, LEADER = "admin", "gestor", "leader"
DIGESTS = ("now", "hourly", "daily")


class Person(SQLModel, table=True):
    """Anyone who agreed to the privacy text, or was given a role.

    `privacy_version` is the text agreed to; `calls`, `reminders`, `news` and `follow_ups` are what
    they want to be told. `digest` is how often a gestor wants cards of new reports: now, hourly or
    daily. `pseudonym` is how others see them; `quiet_from` and `quiet_until` are hours (0 to 23) of
    the town's clock between which nothing is told that can wait, both empty for none.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("person_seen", "seen_on"),
        Index("person_banned", "banned_until"),
    )

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    name: str
    language: str
    privacy_version: int | None = None
    agreed_at: datetime | None = None
    territory_id: int | None = Field(default=None, foreign_key="territory.id", index=True)
    calls: bool = True
    reminders: bool = True
    # What becomes of the reports they told or joined; and to be asked whether it was fixed.
    news: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    follow_ups: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    quiet_from: int | None = None
    quiet_until: int | None = None
    pseudonym: str | None = None
    # Until when they may not tell or add anything, and why: they are told both.
    banned_until: datetime | None = None
    ban_reason: str | None = None
    # The town's day on which they last wrote, for forgetting those who are long gone.
    seen_on: date | None = None
    # False once Telegram said that they blocked the bot or left; true again when they write.
    reachable: bool = True
    digest: str = "now"
    created_at: datetime


class Role(SQLModel, table=True):
    """A role somebody holds; a leader's is for one working group."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "group_id"),
        Index("role_name", "role"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    role: str
    group_id: int | None = Field(default=None, foreign_key="working_group.id")
    given_by: int | None = Field(default=None, foreign_key="person.id")
    given_at: datetime


class Invite(SQLModel, table=True):
    """A single-use invitation to a role; only the hash of its secret is kept."""

    __tablename__ = "invite"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    role: str
    group_id: int | None = Field(default=None, foreign_key="working_group.id")
    made_by: int | None = Field(default=None, foreign_key="person.id")
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="person.id")


TABLE = Person.__table__  # type: ignore[attr-defined]


def hash_of(secret: str) -> str:
    """How an invite's secret is kept: SHA-256 suffices for 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_telegram(session: Session, telegram_id: int) -> Person | None:
    """The person behind a Telegram number."""
    return session.exec(select(Person).where(Person.telegram_id == telegram_id)).first()


def mark_unreachable(session: Session, telegram_ids: Sequence[int]) -> None:
    """Telegram said that these people blocked the bot or left it."""
    session.connection().execute(
        update(TABLE).where(TABLE.c.telegram_id.in_(telegram_ids)).values(reachable=False)
    )


_BRIEF = (
    TABLE.select()
    .with_only_columns(
        TABLE.c.id,
        TABLE.c.name,
        TABLE.c.language,
        TABLE.c.privacy_version,
        TABLE.c.reachable,
        TABLE.c.seen_on,
    )
    .where(TABLE.c.telegram_id == bindparam("telegram"))
)


SEEN = update(TABLE).where(TABLE.c.id == bindparam("row")).values(seen_on=bindparam("day"))
"""Somebody was seen on a day of the town."""


def brief(
    session: Session, telegram_id: int
) -> tuple[int, str, str, int | None, bool, date | None] | None:
    """(number, name, language, privacy version, reachable, last day seen) of a person: every turn
    asks for it."""
    row = session.connection().execute(_BRIEF, {"telegram": telegram_id}).first()
    return (row[0], row[1], row[2], row[3], row[4], row[5]) if row else None


def roles_of(session: Session, person_id: int) -> list[Role]:
    """Every role somebody holds now."""
    return list(session.exec(select(Role).where(Role.person_id == person_id)))


def holders(session: Session, role: str) -> list[Person]:
    """Everybody who holds a role, oldest first."""
    return list(
        session.exec(
            select(Person)
            .join(Role, col(Role.person_id) == Person.id)
            .where(Role.role == role)
            .order_by(col(Person.id))
            .distinct()
        )
    )
