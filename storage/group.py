"""Working groups, who is in them, their meetings and who comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, delete, func, select
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col
from sqlmodel import select as pick

from storage.due import Due
from storage.person import LEADER, Person, Role

ANSWERS = ("yes", "maybe", "no")
"""What can be answered to a meeting."""


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


def active(session: Session) -> list[WorkingGroup]:
    """Every group that has not ended, by name."""
    return list(
        session.exec(
            pick(WorkingGroup)
            .where(col(WorkingGroup.ended_at).is_(None))
            .order_by(WorkingGroup.name, col(WorkingGroup.id))
        )
    )


def by_telegram(session: Session, telegram_id: int) -> WorkingGroup | None:
    """The group whose Telegram chat this is."""
    return session.exec(pick(WorkingGroup).where(WorkingGroup.telegram_id == telegram_id)).first()


def move_telegram(session: Session, old: int, new: int | None) -> WorkingGroup | None:
    """A group's Telegram chat got another number, or is gone (None); the group it is of.

    A chat that was linked to another group by its new number meanwhile stays that one's.
    """
    group = by_telegram(session, old)
    if group is not None:
        taken = new is not None and by_telegram(session, new) is not None
        group.telegram_id = None if taken else new
        session.flush()
    return group


def membership(session: Session, group_id: int, person_id: int) -> Membership | None:
    """Somebody's place in a group, or None."""
    return session.exec(
        pick(Membership).where(Membership.group_id == group_id, Membership.person_id == person_id)
    ).first()


def joined(session: Session, person_id: int) -> set[int]:
    """The groups somebody is in."""
    return set(session.exec(pick(Membership.group_id).where(Membership.person_id == person_id)))


def sizes(session: Session, group_ids: Collection[int]) -> dict[int, int]:
    """How many are in each of these groups; one without members is left out."""
    rows = session.connection().execute(
        select(col(Membership.group_id), func.count())
        .where(col(Membership.group_id).in_(group_ids))
        .group_by(col(Membership.group_id))
    )
    return {row[0]: row[1] for row in rows}


def members(session: Session, group_id: int, after: int, most: int) -> list[Person]:
    """A group's members in order of their number, from the one after `after` on."""
    return list(
        session.exec(
            pick(Person)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(Membership.group_id == group_id, Membership.person_id > after)
            .order_by(col(Membership.person_id))
            .limit(most)
        )
    )


def members_of(session: Session, group_id: int, person_ids: Collection[int]) -> list[Person]:
    """Those of these people who are in a group."""
    return list(
        session.exec(
            pick(Person)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(Membership.group_id == group_id, col(Membership.person_id).in_(person_ids))
            .order_by(col(Membership.person_id))
        )
    )


def members_page(session: Session, group_id: int, skip: int, most: int) -> list[Person]:
    """A page of a group's members, in the order in which they came to us."""
    return list(
        session.exec(
            pick(Person)
            .join(Membership, col(Membership.person_id) == Person.id)
            .where(Membership.group_id == group_id)
            .order_by(col(Membership.person_id))
            .offset(skip)
            .limit(most)
        )
    )


def leaders(session: Session, group_id: int) -> list[Person]:
    """Who was made leader of a group."""
    return list(
        session.exec(
            pick(Person)
            .join(Role, col(Role.person_id) == Person.id)
            .where(Role.role == LEADER, Role.group_id == group_id)
            .order_by(col(Person.id))
        )
    )


def upcoming(session: Session, group_id: int, now: datetime, most: int = 8) -> list[Meeting]:
    """A group's meetings to come, the next one first."""
    return list(
        session.exec(
            pick(Meeting)
            .where(
                Meeting.group_id == group_id,
                Meeting.starts_at > now,
                col(Meeting.cancelled_at).is_(None),
            )
            .order_by(col(Meeting.starts_at), col(Meeting.id))
            .limit(most)
        )
    )


def to_come(session: Session, since: datetime) -> list[Meeting]:
    """Every group's meetings that begin after a moment and were not called off."""
    return list(
        session.exec(
            pick(Meeting)
            .where(Meeting.starts_at > since, col(Meeting.cancelled_at).is_(None))
            .order_by(col(Meeting.id))
        )
    )


def next_meetings(
    session: Session, group_ids: Collection[int], now: datetime
) -> dict[int, Meeting]:
    """The next meeting of each of these groups that has one."""
    found: dict[int, Meeting] = {}
    for meeting in session.exec(
        pick(Meeting)
        .where(
            col(Meeting.group_id).in_(group_ids),
            Meeting.starts_at > now,
            col(Meeting.cancelled_at).is_(None),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    ):
        found.setdefault(meeting.group_id, meeting)
    return found


def attendance(session: Session, meeting_id: int, person_id: int) -> Attendance | None:
    """What somebody answered to a meeting, or None."""
    return session.exec(
        pick(Attendance).where(
            Attendance.meeting_id == meeting_id, Attendance.person_id == person_id
        )
    ).first()


def answers(
    session: Session, meeting_id: int, person_ids: Collection[int] | None = None
) -> dict[int, str]:
    """What people answered to a meeting, by person: everybody's, or only these people's."""
    query = select(col(Attendance.person_id), col(Attendance.answer)).where(
        col(Attendance.meeting_id) == meeting_id
    )
    if person_ids is not None:
        query = query.where(col(Attendance.person_id).in_(person_ids))
    return {row[0]: row[1] for row in session.connection().execute(query)}


def tally(session: Session, meeting_id: int) -> dict[str, int]:
    """How many gave each answer to a meeting; every answer is there, also with 0."""
    rows = session.connection().execute(
        select(col(Attendance.answer), func.count())
        .where(col(Attendance.meeting_id) == meeting_id)
        .group_by(col(Attendance.answer))
    )
    return dict.fromkeys(ANSWERS, 0) | {row[0]: row[1] for row in rows}


def answered_names(session: Session, meeting_id: int, answer: str, most: int) -> list[str]:
    """The names of who gave this answer, the earliest first."""
    return list(
        session.exec(
            pick(Person.name)
            .join(Attendance, col(Attendance.person_id) == Person.id)
            .where(Attendance.meeting_id == meeting_id, Attendance.answer == answer)
            .order_by(col(Attendance.id))
            .limit(most)
        )
    )


def forget_answers(session: Session, meeting_id: int) -> None:
    """Nobody has answered to this meeting any more: it is at another moment now."""
    session.exec(delete(Attendance).where(col(Attendance.meeting_id) == meeting_id))


def forget_attendance(
    session: Session, group_id: int, person_id: int, now: datetime
) -> list[Meeting]:
    """Take somebody out of a group's meetings to come; those they had answered to."""
    rows = session.exec(
        pick(Meeting, Attendance)
        .join(Attendance, col(Attendance.meeting_id) == Meeting.id)
        .where(
            Attendance.person_id == person_id,
            Meeting.group_id == group_id,
            Meeting.starts_at > now,
        )
    ).all()
    for _, given in rows:
        session.delete(given)
    session.flush()
    return [meeting for meeting, _ in rows]


def themes(groups: Sequence[WorkingGroup]) -> list[str]:
    """The themes of these groups, each once, in their order."""
    return list(dict.fromkeys(group.theme for group in groups))


def written_since(session: Session, group_id: int, since: datetime) -> int:
    """How often a group's members were written to from a moment on."""
    return session.exec(
        pick(func.count())
        .select_from(Due)
        .where(Due.kind == "group_write", Due.subject == group_id, Due.at >= since)
    ).one()
