"""Somebody's name goes from what others wrote: known by what it stands in, or by itself.

In what hangs together with a person a name is theirs. Elsewhere a name of several words is, unless
so many texts have it that it cannot be one person's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import String, Table, cast, func, or_, select, update
from sqlmodel import Session

from civic import naming
from storage import redaction, report, support
from storage.mentions import INSTEAD, pieces

MOST_ELSEWHERE = 50
"""What stands in more texts than these, beside those of the person, is no one person's name."""

Names = Sequence[str]
Hit = tuple[int, int]
"""The number of one of TEXTS, and of a row in it."""

REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
EVENTS: Any = report.ReportEvent.__table__  # type: ignore[attr-defined]
VERDICTS: Any = support.Verdict.__table__  # type: ignore[attr-defined]
REDACTIONS: Any = redaction.Redaction.__table__  # type: ignore[attr-defined]

TEXTS: tuple[tuple[Table, tuple[str, ...], str], ...] = (
    (REPORTS, ("words", "address", "attributes"), "id"),
    (EVENTS, ("words",), "report_id"),
    (VERDICTS, ("why",), "report_id"),
    (REDACTIONS, ("original",), "report_id"),
)
"""Where people write about reports: the columns, and which one says of what report."""


def own(
    session: Session, person_id: int, told: Collection[int], names: Names, called: Names
) -> None:
    """From what others wrote about the reports they told, and from what they signed: there each
    word of their name is theirs, too (`called`)."""
    for found in (naming.pattern(names, any_case=True), naming.pattern(called)):
        near(session, told, found)
        _rewrite(session, 1, EVENTS.c.person_id == person_id, found)


def near(session: Session, reports: Collection[int], found: re.Pattern[str] | None) -> None:
    """From everything about these reports that the pattern finds."""
    for number, (table, _, of) in enumerate(TEXTS):
        for piece in pieces(sorted(reports)):
            _rewrite(session, number, table.c[of].in_(piece), found)


def elsewhere(
    session: Session, number: int, after: int, most: int, names: Names
) -> tuple[list[Hit], int | None]:
    """Which of the next `most` rows of a text name them; where to go on, None at the end."""
    table, columns, _ = TEXTS[number]
    last = session.connection().scalar(
        select(table.c.id).where(table.c.id > after).order_by(table.c.id).offset(most - 1).limit(1)
    )
    reach = table.c.id > after if last is None else table.c.id.between(after + 1, last)
    found = naming.pattern(names)
    maybe = or_(
        *(
            func.lower(cast(table.c[column], String)).like(naming.roughly(name))
            for column in columns
            for name in names
        )
    )
    query = select(table.c.id, *(table.c[column] for column in columns)).where(reach, maybe)
    rows = session.connection().execute(query).all() if found is not None else []
    hits = [(number, row[0]) for row in rows if any(without(v, found) != v for v in row[1:] if v)]
    return hits, last


def take_out(session: Session, hits: Iterable[Hit], names: Names) -> list[int]:
    """From these rows; the numbers of the reports that they are about."""
    reports: set[int] = set()
    found = naming.pattern(names)
    for number, row in hits:
        table, _, of = TEXTS[number]
        _rewrite(session, number, table.c.id == row, found)
        about = session.connection().scalar(select(table.c[of]).where(table.c.id == row))
        if about is not None:
            reports.add(about)
    return sorted(reports)


def _rewrite(session: Session, number: int, where: Any, found: re.Pattern[str] | None) -> None:
    if found is None:
        return
    table, columns, _ = TEXTS[number]
    connection = session.connection()
    query = select(table.c.id, *(table.c[column] for column in columns)).where(where)
    for row in connection.execute(query).all():
        before = dict(zip(columns, row[1:], strict=True))
        after = {column: without(value, found) for column, value in before.items()}
        if after != before:
            connection.execute(update(table).where(table.c.id == row[0]).values(after))


def without(value: Any, found: re.Pattern[str] | None) -> Any:
    """The same value, names gone from every text in it."""
    if found is None:
        return value
    if isinstance(value, str):
        return found.sub(INSTEAD, value)
    if isinstance(value, dict):
        return {name: without(part, found) for name, part in value.items()}
    if isinstance(value, list):
        return [without(part, found) for part in value]
    return value
