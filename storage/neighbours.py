"""What neighbours ask of reports: which open ones are near, and what somebody told or joined.

None of it costs more where there are more reports elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import TextClause, bindparam, or_, text, union
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from storage.report import BEFORE, OPEN_STATES, Report, ReportPhoto
from storage.support import Support

TABLE = Report.__table__  # type: ignore[attr-defined]


def _near(source: str) -> TextClause:
    # Nearly the distance, and enough to leave out what is farthest.
    return text(
        f"""
        SELECT id, latitude, longitude, words FROM {source}
        WHERE {OPEN_STATES} AND category_id = :category AND cell IN :cells
            AND (NOT private OR person_id = :viewer)
        ORDER BY (latitude - :latitude) * (latitude - :latitude)
            + (longitude - :longitude) * :narrow * (longitude - :longitude) * :narrow, id
        LIMIT :most
        """
    ).bindparams(bindparam("cells", expanding=True))


_NEAR = {
    # Left to itself, SQLite without statistics reads every open report of the category.
    "sqlite": _near("report INDEXED BY report_near"),
    "postgresql": _near("report"),
}


def near(
    session: Session,
    category_id: int,
    cells: Sequence[int],
    viewer: int,
    latitude: float,
    longitude: float,
    most: int,
) -> list[tuple[int, float, float, str | None]]:
    """(number, latitude, longitude, words) of open reports in some squares, nearest first.

    Private ones are there for who told them alone. `viewer` is a person's number.
    """
    values = {
        "category": category_id,
        "cells": list(cells),
        "viewer": viewer,
        "latitude": latitude,
        "longitude": longitude,
        "narrow": math.cos(math.radians(latitude)),
        "most": most,
    }
    connection = session.connection()
    rows = connection.execute(_NEAR[connection.dialect.name], values)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _newest(index: str, among: str) -> dict[str, TextClause]:
    # In the order of the index, backwards, so that no more is read than is given. What equals
    # nothing (no cell) orders nothing either, but PostgreSQL has to be told the whole order.
    query = """
        SELECT id, territory_id, address, words FROM {source}
        WHERE {open} AND category_id = :category AND {among}
            AND (NOT private OR person_id = :viewer)
        ORDER BY {order} id DESC
        LIMIT :most
    """
    order = "cell DESC," if "cell" in among else ""
    made = {"open": OPEN_STATES, "among": among, "order": order}
    return {
        "sqlite": text(query.format(source=f"report INDEXED BY {index}", **made)),
        "postgresql": text(query.format(source="report", **made)),
    }


_WITHOUT_POINT = _newest("report_near", "cell IS NULL")
_THERE = _newest("report_there", "territory_id = :territory")


def without_point(
    session: Session, category_id: int, viewer: int, most: int
) -> list[tuple[int, int | None, str | None, str | None]]:
    """(number, territory, address, words) of open reports whose place is words, newest first.

    Private ones are there for who told them alone. `viewer` is a person's number.
    """
    values = {"category": category_id, "viewer": viewer, "most": most}
    connection = session.connection()
    rows = connection.execute(_WITHOUT_POINT[connection.dialect.name], values)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def in_territory(
    session: Session, category_id: int, territory_id: int, viewer: int, most: int
) -> list[tuple[int, int | None, str | None, str | None]]:
    """(number, territory, address, words) of open reports in a barrio, with or without a point,
    newest first; private ones as in `without_point`."""
    values = {"category": category_id, "territory": territory_id, "viewer": viewer, "most": most}
    connection = session.connection()
    rows = connection.execute(_THERE[connection.dialect.name], values)
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def by_ids(session: Session, ids: Sequence[int]) -> list[Report]:
    """The reports of these numbers, in the order of the numbers given."""
    found = {r.id: r for r in session.exec(select(Report).where(col(Report.id).in_(ids)))}
    return [found[id] for id in ids if id in found]


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


def first_photos(session: Session, report_ids: Sequence[int]) -> dict[int, str]:
    """The first photo (a Telegram file id) of the problem that each of these reports shows."""
    query = (
        select(ReportPhoto.report_id, ReportPhoto.file_id)
        .where(
            col(ReportPhoto.report_id).in_(report_ids),
            ReportPhoto.kind == "photo",
            ReportPhoto.moment == BEFORE,
            col(ReportPhoto.hidden).is_(False),
        )
        .order_by(col(ReportPhoto.id).desc())
    )
    # The oldest comes last, and stays.
    return dict(session.exec(query).all())
