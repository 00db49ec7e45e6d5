"""What has a moment: one row with a unique key; whoever finishes it does so in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index, delete, insert, update
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.among import among
from storage.retention import Piece


class Due(SQLModel, table=True):
    """`at` is town time (UTC). `progress` is where a long one goes on after a commit."""

    __tablename__ = "due"
    __table_args__ = (
        Index(
            "due_at",
            "at",
            sqlite_where=Column("done_at").is_(None),
            postgresql_where=Column("done_at").is_(None),
        ),
        Index("due_subject", "kind", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject: int
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json))
    at: datetime
    progress: int = 0
    done_at: datetime | None = None
    # Why it was not done, where it was not: cancelled, too late.
    outcome: str | None = None


class Planned(TypedDict):
    """What plan() takes, for many."""

    key: str
    kind: str
    subject: int
    at: datetime
    facts: dict[str, Any]


def plan(session: Session, key: str, kind: str, subject: int, at: datetime, **facts: Any) -> None:
    """Have something done at a moment, once: a key that is known already changes nothing."""
    if session.exec(select(Due.id).where(Due.key == key)).first() is None:
        session.add(Due(key=key, kind=kind, subject=subject, at=at, facts=facts))
        session.flush()


def plan_all(session: Session, rows: Sequence[Planned]) -> int:
    """Plan many at once, but for those whose key is known; how many were new."""
    asked = {row["key"]: row for row in rows}
    if not asked:
        return 0
    known = set(session.exec(select(Due.key).where(among(col(Due.key), asked))))
    fresh = [{"progress": 0, **row} for key, row in asked.items() if key not in known]
    if fresh:
        session.connection().execute(insert(Due), fresh)
    return len(fresh)


def waits(session: Session, kind: str, subject: int) -> bool:
    """Whether something of a kind is planned for a subject and not done yet."""
    query = select(Due.id).where(
        Due.kind == kind, Due.subject == subject, col(Due.done_at).is_(None)
    )
    return session.exec(query).first() is not None


def cancel(session: Session, kind: str, subject: int, now: datetime) -> None:
    """What was planned for a subject will not be done."""
    session.connection().execute(
        update(Due)
        .where(col(Due.kind) == kind, col(Due.subject) == subject, col(Due.done_at).is_(None))
        .values(done_at=now, outcome="cancelled")
    )


def finish(session: Session, ids: Sequence[int], now: datetime, outcome: str) -> None:
    """These are done, all with the same outcome."""
    session.connection().execute(
        update(Due).where(among(col(Due.id), ids)).values(done_at=now, outcome=outcome)
    )


def move(session: Session, key: str, at: datetime) -> None:
    """What is planned under a key is due at another moment, if it is not done yet."""
    session.connection().execute(
        update(Due).where(col(Due.key) == key, col(Due.done_at).is_(None)).values(at=at)
    )


def move_all(session: Session, kinds: Sequence[str], subject: int, at: datetime) -> None:
    """What is planned of these kinds for a subject is due at another moment, if not done yet."""
    session.connection().execute(
        update(Due)
        .where(col(Due.kind).in_(kinds), col(Due.subject) == subject, col(Due.done_at).is_(None))
        .values(at=at)
    )


def pending(session: Session, now: datetime, most: int = 500) -> Sequence[Due]:
    """What is due now and not done, the earliest first."""
    return session.exec(
        select(Due)
        .where(col(Due.done_at).is_(None), col(Due.at) <= now)
        .order_by(col(Due.at), col(Due.id))
        .limit(most)
    ).all()


def next_moment(session: Session, but: Collection[int] = ()) -> datetime | None:
    """When the next thing is due, these rows left aside."""
    query = select(func.min(Due.at)).where(col(Due.done_at).is_(None))
    if but:
        query = query.where(col(Due.id).not_in(but))
    return session.exec(query).first()


def prune(session: Session, before: datetime, after: int, most: int) -> Piece:
    """Look at the `most` rows numbered above `after` and forget those done before a moment.

    Most of the table is done and not old enough: nobody waits while all of it is looked through.
    """
    rows = session.exec(
        select(Due.id, Due.done_at).where(col(Due.id) > after).order_by(col(Due.id)).limit(most)
    ).all()
    old = [number for number, done in rows if done is not None and done < before]
    if old:
        session.connection().execute(delete(Due).where(col(Due.id).in_(old)))
    return Piece(len(old), rows[-1][0] if len(rows) == most else None)
