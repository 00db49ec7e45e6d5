"""Working groups, who is in them, their meetings and who comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel, UniqueConstraint


class WorkingGroup(SQLModel, table=True):
    """People around a theme or a place; `telegram_id` is its Telegram group, where it has one."""

    __tablename__ = "working_group"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)
    name: str
    theme: str
    purpose: str
    territory_id: int | None = Field(default=None, foreign_key="territory.id", index=True)
    telegram_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, nullable=True, unique=True)
    )
    created_at: datetime
    ended_at: datetime | None = None


class Membership(SQLModel, table=True):
    """Somebody is in a working group."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        Index("membership_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="working_group.id")
    person_id: int = Field(foreign_key="person.id")
    joined_at: datetime


class Meeting(SQLModel, table=True):
    """`starts_local` is wall time in the town ("2026-05-01T18:30"): what people agreed on.

    `starts_at` is the same moment in UTC, for finding what is due. `version` grows when it is
    moved, so that reminders of the old moment are known.
    """

    __tablename__ = "meeting"
    __table_args__ = (Index("meeting_group", "group_id", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="working_group.id")
    called_by: int | None = Field(default=None, foreign_key="person.id")
    title: str
    starts_local: str
    starts_at: datetime
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    version: int = 1
    cancelled_at: datetime | None = None
    created_at: datetime


class Attendance(SQLModel, table=True):
    """What somebody answered to a meeting: yes, maybe or no."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        Index("attendance_person", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    meeting_id: int = Field(foreign_key="meeting.id")
    person_id: int = Field(foreign_key="person.id")
    answer: str
    answered_at: datetime
