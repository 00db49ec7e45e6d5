"""A vote, its options and its ballots; who holds the database cannot tell whose a ballot is.

A ballot is found by an HMAC of vote and person under a secret outside the database. It has a
random key, no time and no row order (WITHOUT ROWID on SQLite).
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint


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
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(Json, nullable=True))
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
