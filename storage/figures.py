"""What the figures are made of: a page of the reports told in a period, or of its repairs.

Never a whole table in one go: whoever counts a large town takes page after page, others' turns in
between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select, text
from sqlmodel import Session

from storage.report import FIXED_STATE, Report

TABLE = Report.__table__  # type: ignore[attr-defined]


class Told(NamedTuple):
    """One report, as far as it is counted."""

    id: int
    created_at: datetime
    category_id: int
    territory_id: int | None
    state: str
    closed_as: str | None
    fixed_at: datetime | None
    neighbours_at: datetime | None
    private: bool


_COLUMNS = tuple(TABLE.c[name] for name in Told._fields)


def page(
    session: Session, since: datetime, until: datetime, after: int, most: int
) -> Sequence[Told]:
    """Up to `most` reports told from `since` to `until`, in the order they were told.

    The next page begins at the last one's moment and number: of those told at `since` itself only
    the ones numbered above `after` come.
    """
    return _page(session, TABLE.c.created_at, (), since, until, after, most)


def repairs(
    session: Session, since: datetime, until: datetime, after: int, most: int
) -> Sequence[Told]:
    """Up to `most` reports that are fixed, and were from `since` to `until`, in that order; page
    after page as those that were told. Whenever they were told: a slow repair counts, too."""
    # In the index's own words.
    return _page(session, TABLE.c.fixed_at, (text(FIXED_STATE),), since, until, after, most)


def _page(
    session: Session,
    moment: Any,
    rules: Sequence[Any],
    since: datetime,
    until: datetime,
    after: int,
    most: int,
) -> Sequence[Told]:
    query = (
        select(*_COLUMNS)
        .where(*rules, moment >= since, moment <= until, or_(moment > since, TABLE.c.id > after))
        .order_by(moment, TABLE.c.id)
        .limit(most)
    )
    return [Told(*row) for row in session.connection().execute(query)]
