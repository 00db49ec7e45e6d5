"""A vote, its options and its ballots; who holds the database cannot tell whose a ballot is.

A ballot is found by an HMAC of vote and person under a secret outside the database. It has a
random key, no time and no row order (WITHOUT ROWID on SQLite; on PostgreSQL, whose rows remember
their transaction and their place, ballots are written anew in a random order).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index, delete, insert, text
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from storage import due

CLOSING = "vote_close"
"""The kind of the due row that closes a vote."""


class Vote(SQLModel, table=True):
    """Approval of up to `at_most` options, open until `closes_at`.

    `audience` is {"kind": "all"} | {"kind": "territory", "id"} | {"kind": "group", "id"}.
    `secret_mark` tells whether the secret that ballots were cast under is still at hand.
    """

    __tablename__ = "vote"
    __table_args__ = (Index("vote_closes", "closed_at", "closes_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)
    question: str
    at_most: int
    audience: dict[str, Any] = Field(sa_column=Column(Json))
    secret_mark: str | None = None
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    result: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    made_by: int | None = Field(default=None, foreign_key="person.id")


class VoteOption(SQLModel, table=True):
    """One thing to vote for."""

    __tablename__ = "vote_option"
    __table_args__ = (Index("vote_option_vote", "vote_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    vote_id: int = Field(foreign_key="vote.id")
    position: int
    label: str


class Ballot(SQLModel, table=True):
    """A cast ballot; `voter` is the HMAC (hex), `choices` the options' numbers, sorted."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("vote_id", "voter"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(default_factory=lambda: uuid.uuid4().hex, primary_key=True)
    vote_id: int = Field(foreign_key="vote.id")
    voter: str
    choices: list[int] = Field(sa_column=Column(Json))


BALLOTS = Ballot.__table__  # type: ignore[attr-defined]


def plan_closing(session: Session, vote: Vote) -> None:
    """Have a vote closed at its moment; closing waits for the ballots received before it."""
    assert vote.id is not None
    due.plan(session, f"{CLOSING}:{vote.id}", CLOSING, vote.id, vote.closes_at, waits=True)


def open_at(session: Session, moment: datetime) -> list[Vote]:
    """Votes that are open, the first to close first."""
    return list(
        session.exec(
            select(Vote)
            .where(col(Vote.closed_at).is_(None), col(Vote.closes_at) > moment)
            .order_by(col(Vote.closes_at), col(Vote.id))
        )
    )


def closed_page(session: Session, skip: int, most: int) -> list[Vote]:
    """Votes that were counted, the latest first."""
    return list(
        session.exec(
            select(Vote)
            .where(col(Vote.closed_at).is_not(None))
            .order_by(col(Vote.closed_at).desc(), col(Vote.id).desc())
            .offset(skip)
            .limit(most)
        )
    )


def options(session: Session, vote_id: int) -> list[VoteOption]:
    """A vote's options in its order."""
    return list(
        session.exec(
            select(VoteOption)
            .where(VoteOption.vote_id == vote_id)
            .order_by(col(VoteOption.position), col(VoteOption.id))
        )
    )


def ballot_of(session: Session, vote_id: int, voter: str) -> list[int] | None:
    """What a voter's ballot approves, None where there is none."""
    choices: list[int] | None = session.connection().scalar(
        select(BALLOTS.c.choices).where(BALLOTS.c.vote_id == vote_id, BALLOTS.c.voter == voter)
    )
    return choices


def put_ballot(session: Session, vote_id: int, voter: str, choices: Sequence[int]) -> None:
    """Cast a ballot in place of the one before: a new row, so that nothing tells it was changed."""
    connection = session.connection()
    connection.execute(
        delete(BALLOTS).where(BALLOTS.c.vote_id == vote_id, BALLOTS.c.voter == voter)
    )
    connection.execute(
        insert(BALLOTS).values(
            id=uuid.uuid4().hex, vote_id=vote_id, voter=voter, choices=sorted(choices)
        )
    )


def has_ballots(session: Session, vote_id: int) -> bool:
    """Whether anybody has voted."""
    first = select(BALLOTS.c.id).where(BALLOTS.c.vote_id == vote_id).limit(1)
    return session.connection().scalar(first) is not None


def ballots(session: Session, vote_id: int) -> Iterator[list[int]]:
    """What each ballot of a vote approves, in no order that means anything."""
    yield from session.connection().scalars(
        select(BALLOTS.c.choices).where(BALLOTS.c.vote_id == vote_id)
    )


def mix(session: Session, vote_id: int) -> None:
    """Write a vote's ballots anew in a random order, in one transaction that is nobody's.

    Only where rows remember which transaction wrote them (PostgreSQL): a ballot would have the
    same one as its voter's conversation.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_MIX, {"vote": vote_id})


def mix_open(session: Session) -> int:
    """Mix every open vote that has had new ballots since it was last mixed; how many."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return 0
    mixed = 0
    for vote_id in session.exec(select(Vote.id).where(col(Vote.closed_at).is_(None))).all():
        if connection.scalar(_UNMIXED, {"vote": vote_id}):
            connection.execute(_MIX, {"vote": vote_id})
            mixed += 1
    return mixed


_MIX = text(
    "WITH gone AS (DELETE FROM ballot WHERE vote_id = :vote RETURNING vote_id, voter, choices) "
    "INSERT INTO ballot (id, vote_id, voter, choices) "
    "SELECT replace(gen_random_uuid()::text, '-', ''), vote_id, voter, choices "
    "FROM gone ORDER BY random()"
)
_UNMIXED = text("SELECT count(DISTINCT xmin::text) > 1 FROM ballot WHERE vote_id = :vote")
