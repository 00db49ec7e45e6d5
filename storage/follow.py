"""What people follow beyond their own reports, and what waits to be told in one bundle.

A notice is one thing that happened, for one person, once: its key is the pair.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

TERRITORY, CATEGORY, PLACE = "territory", "category", "place"


class Follow(SQLModel, table=True):
    """Somebody follows a territory (with what is below it), a category, or a circle of metres.

    A place is a point in degrees (WGS 84) with `radius_m`; `label` is what they call it. `cell` is
    the wide square that the point lies in (civic/nearness.py), for finding who follows a place.
    """

    __tablename__ = "follow"
    __table_args__ = (
        Index("follow_person", "person_id"),
        # Who follows something is found in the index alone, a piece of people after another.
        Index("follow_kind", "kind", "territory_id", "category_id", "person_id"),
        Index("follow_cell", "kind", "cell", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: str
    territory_id: int | None = Field(default=None, foreign_key="territory.id")
    category_id: int | None = Field(default=None, foreign_key="category.id")
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int | None = None
    cell: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    label: str | None = None
    created_at: datetime


class Notice(SQLModel, table=True):
    """Something to be told to somebody, with others, in one letter; gone once it is told."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("person_id", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    event_id: int = Field(foreign_key="report_event.id", index=True)
    created_at: datetime
