"""What people follow beyond their own reports, and what waits to be told in one bundle.

A notice is one thing that happened, for one person, once: its key is the pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Column, ColumnElement, Index, and_, delete, false, insert
from sqlalchemy import select as rows_of
from sqlmodel import Field, Session, SQLModel, UniqueConstraint, col, select

from civic import nearness
from civic.territory import distance
from storage.report_event import ReportEvent

Point: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
WIDEST = 3000
"""Metres: the greatest radius of a circle that somebody follows."""
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


def of(session: Session, person_id: int) -> list[Follow]:
    """What somebody follows, in the order in which they began to."""
    return list(
        session.exec(select(Follow).where(Follow.person_id == person_id).order_by(col(Follow.id)))
    )


def of_all(session: Session, person_ids: Sequence[int]) -> dict[int, list[Follow]]:
    """What each of these people follows."""
    found: dict[int, list[Follow]] = {}
    for one in session.exec(select(Follow).where(col(Follow.person_id).in_(person_ids))):
        found.setdefault(one.person_id, []).append(one)
    return found


def followed(
    session: Session, places: Sequence[int], category_id: int, point: Point | None
) -> list[str]:
    """In which ways somebody follows a report: by a territory it lies in (`places`), its category
    or its point."""
    row = session.connection().execute(
        rows_of(
            *(
                rows_of(col(Follow.id)).where(_matches(kind, places, category_id, point)).exists()
                for kind in (TERRITORY, CATEGORY, PLACE)
            )
        )
    ).one()  # fmt: skip
    return [kind for kind, any_ in zip((TERRITORY, CATEGORY, PLACE), row, strict=True) if any_]


def followers(
    session: Session,
    kind: str,
    places: Sequence[int],
    category_id: int,
    point: Point | None,
    after: int,
    most: int,
) -> tuple[list[int], int | None]:
    """A piece of those who follow a report in one way, by their numbers beyond `after`; and after
    whom the next piece begins, None when there is none."""
    matches = and_(_matches(kind, places, category_id, point), col(Follow.person_id) > after)
    columns = (
        col(Follow.person_id), col(Follow.latitude), col(Follow.longitude), col(Follow.radius_m)
    )  # fmt: skip
    rows = (
        session.connection()
        .execute(rows_of(*columns).where(matches).order_by(col(Follow.person_id)).limit(most))
        .all()
    )
    last = None
    if len(rows) == most:
        # Somebody's circles are not torn apart: whoever comes last waits for the next piece.
        whole = [row for row in rows if row[0] != rows[-1][0]] or list(rows)
        rows, last = whole, whole[-1][0]
    if kind == PLACE and point is not None:
        rows = [row for row in rows if distance(row[1] or 0, row[2] or 0, *point) <= (row[3] or 0)]
    return sorted({row[0] for row in rows}), last


def _matches(
    kind: str, places: Sequence[int], category_id: int, point: Point | None
) -> ColumnElement[bool]:
    of_kind = col(Follow.kind) == kind
    if kind == TERRITORY:
        return and_(
            of_kind, col(Follow.territory_id).in_(places), col(Follow.category_id).is_(None)
        )
    if kind == CATEGORY:
        by_category = col(Follow.category_id) == category_id
        return and_(of_kind, col(Follow.territory_id).is_(None), by_category)
    if point is None:
        return false()
    squares = nearness.cells(*point, WIDEST, nearness.WIDE)
    return and_(of_kind, col(Follow.cell).in_(squares))


def keep(session: Session, event_id: int, person_ids: Sequence[int], now: datetime) -> None:
    """Something that happened is to be told to these people; to none of them twice."""
    known = set(
        session.exec(
            select(Notice.person_id).where(
                Notice.event_id == event_id, col(Notice.person_id).in_(person_ids)
            )
        )
    )
    fresh: list[dict[str, Any]] = [
        {"person_id": number, "event_id": event_id, "created_at": now}
        for number in dict.fromkeys(person_ids)
        if number not in known
    ]
    if fresh:
        session.connection().execute(insert(Notice), fresh)


def waits(session: Session, person_id: int) -> bool:
    """Whether anything is to be told to somebody."""
    return (
        session.exec(select(Notice.id).where(Notice.person_id == person_id).limit(1)).first()
        is not None
    )


def waiting(
    session: Session, person_ids: Sequence[int], since: datetime
) -> dict[int, list[ReportEvent]]:
    """What is to be told to each of these people and happened since a moment, in order."""
    found: dict[int, list[ReportEvent]] = {}
    for person_id, event in session.exec(
        select(Notice.person_id, ReportEvent)
        .join(ReportEvent, col(ReportEvent.id) == col(Notice.event_id))
        .where(col(Notice.person_id).in_(person_ids), ReportEvent.created_at >= since)
        .order_by(col(Notice.person_id), col(Notice.event_id))
    ):
        found.setdefault(person_id, []).append(event)
    return found


def forget(session: Session, person_ids: Sequence[int]) -> None:
    """Nothing is to be told to these people any more."""
    session.connection().execute(delete(Notice).where(col(Notice.person_id).in_(person_ids)))
