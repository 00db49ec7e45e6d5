"""What the figures are made of: a page of the reports of a period, by the moment they were told.

Never a whole table in one go: whoever counts a large town takes page after page, others' turns in
between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlmodel import Session

from storage.report import Report

TABLE = Report.__table__  # type: ignore[attr-defined]


class Told(NamedTuple):
    """One report, as far as it is counted."""

    id: int
    created_at: datetime
    category_id: int
    territory_id: int | None
    state: str
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
    made = TABLE.c.created_at
    query = (
        select(*_COLUMNS)
        .where(made >= since, made <= until, or_(made > since, TABLE.c.id > after))
        .order_by(made, TABLE.c.id)
        .limit(most)
    )
    return [Told(*row) for row in session.connection().execute(query)]
