"""What Telegram told us, kept before it is confirmed and emptied once it is done.

Rows live for two days after they are done: longer than Telegram can repeat an update (24 hours),
shorter than the week after which it may start numbering anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Column, Index, and_, bindparam, delete, select, update
from sqlmodel import Field, Session, SQLModel

from storage.database import BIG_KEY

WAITING, DONE, ASIDE = 0, 1, 2


class Inbox(SQLModel, table=True):
    """One update. `lane` is the chat whose order it keeps; `received` is machine time (epoch s)."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "inbox_waiting",
            "update_id",
            sqlite_where=Column("state") == WAITING,
            postgresql_where=Column("state") == WAITING,
        ),
        Index("inbox_received", "received"),
    )

    update_id: int = Field(sa_column=Column(BIG_KEY, primary_key=True, autoincrement=False))
    lane: int = Field(sa_column=Column(BigInteger, nullable=False))
    kind: str
    # A tap that Telegram sends again under a new update id has the same query id.
    tap: str | None = Field(default=None, unique=True)
    payload: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    state: int = WAITING
    attempts: int = 0
    received: float
    error: str | None = None


TABLE = Inbox.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as the intake hands it in."""

    update_id: int
    lane: int
    kind: str
    tap: str | None
    payload: dict[str, Any]


def keep(session: Session, arrivals: Sequence[Arrival], received: float) -> list[Arrival]:
    """Store what is new and return it, in Telegram's order; what is known already is left out."""
    known_ids = set(
        session.connection().scalars(
            select(TABLE.c.update_id).where(TABLE.c.update_id.in_([a.update_id for a in arrivals]))
        )
    )
    taps = [a.tap for a in arrivals if a.tap]
    known_taps: set[str | None] = set()
    if taps:
        known_taps = set(
            session.connection().scalars(select(TABLE.c.tap).where(TABLE.c.tap.in_(taps)))
        )
    fresh = []
    for arrival in sorted(arrivals, key=lambda a: a.update_id):
        if arrival.update_id in known_ids or (arrival.tap and arrival.tap in known_taps):
            continue
        known_ids.add(arrival.update_id)
        if arrival.tap:
            known_taps.add(arrival.tap)
        fresh.append(arrival)
    if fresh:
        session.connection().execute(
            TABLE.insert(),
            [
                {
                    "update_id": a.update_id,
                    "lane": a.lane,
                    "kind": a.kind,
                    "tap": a.tap,
                    "payload": a.payload,
                    "state": WAITING,
                    "attempts": 0,
                    "received": received,
                }
                for a in fresh
            ],
        )
    return fresh


_DONE = (
    update(TABLE)
    .where(TABLE.c.update_id == bindparam("row"))
    .values(state=DONE, payload=None, error=None)
)


def mark_done(session: Session, update_ids: Iterable[int]) -> None:
    """These updates have been applied; what they carried is emptied."""
    rows = [{"row": number} for number in update_ids]
    if rows:
        session.connection().execute(_DONE, rows)


def still_waiting(session: Session, update_ids: Iterable[int]) -> set[int]:
    """Which of these are kept and not applied yet."""
    return set(
        session.connection().scalars(
            select(TABLE.c.update_id).where(
                TABLE.c.update_id.in_(list(update_ids)), TABLE.c.state == WAITING
            )
        )
    )


def count_attempt(session: Session, update_ids: Iterable[int]) -> None:
    """Commit this before each retry, so that an update which kills the process is counted too."""
    rows = [{"row": number} for number in update_ids]
    if rows:
        session.connection().execute(
            update(TABLE)
            .where(TABLE.c.update_id == bindparam("row"))
            .values(attempts=TABLE.c.attempts + 1),
            rows,
        )


def set_aside(session: Session, update_id: int, error: str) -> None:
    """Give up on a poisonous update; `error` names the kind of failure, never its values."""
    session.connection().execute(
        update(TABLE).where(TABLE.c.update_id == update_id).values(state=ASIDE, error=error[:200])
    )


@dataclass(frozen=True, slots=True)
class Leftover:
    """An update that was waiting when the bot stopped."""

    update_id: int
    lane: int
    attempts: int
    payload: dict[str, Any]
    received: float


def leftovers(session: Session, *, only_answers: bool = False) -> list[Leftover]:
    """Everything accepted and not yet applied, in Telegram's order.

    `only_answers`: what the courier put in, whose numbers are negative.
    """
    query = select(
        TABLE.c.update_id,
        TABLE.c.lane,
        TABLE.c.attempts,
        TABLE.c.payload,
        TABLE.c.received,
    ).where(TABLE.c.state == WAITING)
    if only_answers:
        query = query.where(TABLE.c.update_id < 0)
    rows = session.connection().execute(query.order_by(TABLE.c.update_id))
    return [Leftover(*row) for row in rows]


def waiting_before(session: Session, moment: float) -> bool:
    """Whether an update received before `moment` (epoch s) is still to be applied."""
    return (
        session.connection()
        .execute(
            select(TABLE.c.update_id)
            .where(and_(TABLE.c.state == WAITING, TABLE.c.received <= moment))
            .limit(1)
        )
        .first()
        is not None
    )


def set_aside_rows(session: Session, most: int = 20) -> list[tuple[int, str, str | None]]:
    """(update id, kind, error) of what was set aside, newest first."""
    rows = session.connection().execute(
        select(TABLE.c.update_id, TABLE.c.kind, TABLE.c.error)
        .where(TABLE.c.state == ASIDE)
        .order_by(TABLE.c.update_id.desc())
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def why_aside(session: Session, update_id: int) -> tuple[str, str] | None:
    """(kind, error) of an update that was set aside."""
    row = (
        session.connection()
        .execute(
            select(TABLE.c.kind, TABLE.c.error).where(
                TABLE.c.update_id == update_id, TABLE.c.state == ASIDE
            )
        )
        .first()
    )
    return (row[0], row[1] or "") if row else None


def prune(session: Session, before: float) -> int:
    """Forget rows done before `before` (epoch s); how many.

    What was set aside stays for an administrator, without what somebody said in it.
    """
    session.connection().execute(
        update(TABLE)
        .where(TABLE.c.received < before, TABLE.c.state == ASIDE, TABLE.c.payload.is_not(None))
        .values(payload=None)
    )
    result = session.connection().execute(
        delete(TABLE).where(and_(TABLE.c.received < before, TABLE.c.state == DONE))
    )
    return result.rowcount
