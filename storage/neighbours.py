"""What neighbours ask of reports: which open ones are near, and what somebody told or joined.

None of it costs more where there are more reports elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import TextualSelect, or_, text, union
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from storage.report import BEFORE, OPEN_STATES, PHOTO, VOICE, Report, ReportPhoto
from storage.support import Support

TABLE = Report.__table__  # type: ignore[attr-defined]


class Told(NamedTuple):
    """What is compared and shown of a report that may be the same: no more of it is read, since
    somebody waits for it at each step."""

    id: int
    code: str
    person_id: int | None
    category_id: int
    territory_id: int | None
    state: str
    created_at: datetime
    supports: int
    latitude: float | None
    longitude: float | None
    address: str | None
    words: str | None


_COLUMNS = [TABLE.c[name] for name in Told._fields]
# Left to itself, SQLite without statistics reads every open report of the category. The squares
# are one value, so that the statement is always the same: making it anew cost as much as asking.
_SOURCES = {
    "sqlite": ("report INDEXED BY {index}", "IN (SELECT value FROM json_each(:cells))"),
    "postgresql": ("report", "= ANY(CAST(:cells AS bigint[]))"),
}
_BRACKETS = {"sqlite": "[]", "postgresql": "{}"}
"""Round the list of squares, as each of them reads it."""


def _open(index: str, among: str, order: str) -> dict[str, TextualSelect]:
    """The query for open reports of a category that somebody may know of, by dialect: first which
    ones, then what is told of them."""
    found = {}
    for dialect, (source, cells) in _SOURCES.items():
        query = f"""
            SELECT {", ".join(f"told.{name}" for name in Told._fields)}
            FROM (
                SELECT id FROM {source.format(index=index)}
                WHERE {OPEN_STATES} AND category_id = :category AND {among.format(cells=cells)}
                    AND (NOT private OR person_id = :viewer)
                ORDER BY {order}
                LIMIT :most
            ) AS those JOIN report AS told ON told.id = those.id
        """
        found[dialect] = text(query).columns(*_COLUMNS)
    return found


# Nearly the distance, and enough to leave out what is farthest.
_AWAY = """(latitude - :latitude) * (latitude - :latitude)
    + (longitude - :longitude) * :narrow * (longitude - :longitude) * :narrow, id"""
_NEAR = _open("report_near", "cell {cells}", _AWAY)
# In the order of the index, backwards, so that no more is read than is given. What equals nothing
# (no cell) orders nothing either, but PostgreSQL has to be told the whole order.
_WITHOUT_POINT = _open("report_near", "cell IS NULL", "cell DESC, id DESC")
_THERE = _open("report_there", "territory_id = :territory", "id DESC")


def near(
    session: Session,
    category_id: int,
    cells: Sequence[int],
    viewer: int,
    latitude: float,
    longitude: float,
    most: int,
) -> list[Told]:
    """The nearest open reports in some squares, in no order.

    Private ones are there for who told them alone. `viewer` is a person's number.
    """
    dialect = session.connection().dialect.name
    values = {
        "category": category_id,
        "cells": ",".join(map(str, cells)).join(_BRACKETS[dialect]),
        "viewer": viewer,
        "latitude": latitude,
        "longitude": longitude,
        "narrow": math.cos(math.radians(latitude)),
        "most": most,
    }
    return _told(session, _NEAR, values)


def without_point(session: Session, category_id: int, viewer: int, most: int) -> list[Told]:
    """The newest open reports whose place is words, in no order.

    Private ones are there for who told them alone. `viewer` is a person's number.
    """
    values = {"category": category_id, "viewer": viewer, "most": most}
    return _told(session, _WITHOUT_POINT, values)


def in_territory(
    session: Session, category_id: int, territory_id: int, viewer: int, most: int
) -> list[Told]:
    """The newest open reports in a barrio, with or without a point, in no order; private ones as in
    `without_point`."""
    values = {"category": category_id, "territory": territory_id, "viewer": viewer, "most": most}
    return _told(session, _THERE, values)


def _told(
    session: Session, queries: Mapping[str, TextualSelect], values: Mapping[str, Any]
) -> list[Told]:
    connection = session.connection()
    return [Told(*row) for row in connection.execute(queries[connection.dialect.name], values)]


def newest_of(session: Session, person_id: int, most: int) -> list[Report]:
    """The last reports somebody told, newest first."""
    return list(
        session.exec(
            select(Report)
            .where(Report.person_id == person_id)
            .order_by(col(Report.id).desc())
            .limit(most)
        )
    )


def theirs(session: Session, person_id: int, skip: int, most: int) -> list[Report]:
    """A page of what somebody told or joined, newest first; of what others have hidden or made
    private since, nothing."""
    numbers = union(
        rows_of(TABLE.c.id).where(TABLE.c.person_id == person_id),
        rows_of(col(Support.report_id)).where(col(Support.person_id) == person_id),
    )
    return list(
        session.exec(
            select(Report)
            .where(
                col(Report.id).in_(numbers),
                or_(
                    col(Report.person_id) == person_id,
                    col(Report.private).is_(False) & (col(Report.state) != "hidden"),
                ),
            )
            .order_by(col(Report.id).desc())
            .offset(skip)
            .limit(most)
        )
    )


def first_photos(session: Session, report_ids: Sequence[int]) -> dict[int, str | None]:
    """Of those of these reports that show the problem, the first photo (a Telegram file id), or
    None where all came as files, which Telegram shows beside nothing else."""
    query = (
        select(ReportPhoto.report_id, ReportPhoto.kind, ReportPhoto.file_id)
        .where(
            col(ReportPhoto.report_id).in_(report_ids),
            ReportPhoto.kind != VOICE,
            ReportPhoto.moment == BEFORE,
            col(ReportPhoto.hidden).is_(False),
        )
        .order_by(col(ReportPhoto.kind) == PHOTO, col(ReportPhoto.id).desc())
    )
    # The oldest that is no file comes last, and stays.
    return {
        number: file_id if kind == PHOTO else None for number, kind, file_id in session.exec(query)
    }
