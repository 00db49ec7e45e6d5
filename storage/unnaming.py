"""Somebody's name goes from what others wrote or began: known by what it stands in, or by itself.

In what hangs together with a person a name is theirs. Elsewhere a name of several words is, unless
so many texts have it that it cannot be one person's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, Table, cast, func, or_, select, update
from sqlmodel import Session

from civic import naming
from storage import redaction, report, report_event, support
from storage.conversation import TABLE as CONVERSATIONS
from storage.mentions import INSTEAD, pieces

MOST_ELSEWHERE = 50
"""What stands in more texts than these, beside those of the person, is no one person's name."""

Names = Sequence[str]
Hit = tuple[int, int]
"""The number of one of TEXTS, and of a row in it."""

REPORTS: Any = report.Report.__table__  # type: ignore[attr-defined]
EVENTS: Any = report_event.ReportEvent.__table__  # type: ignore[attr-defined]
VERDICTS: Any = support.Verdict.__table__  # type: ignore[attr-defined]
REDACTIONS: Any = redaction.Redaction.__table__  # type: ignore[attr-defined]


class Text(NamedTuple):
    """Where people write: the columns, the row's key, and which column says of what report."""

    table: Table
    columns: tuple[str, ...]
    about: str | None = "report_id"
    key: str = "id"


TEXTS = (
    Text(REPORTS, ("words", "address", "attributes"), "id"),
    Text(EVENTS, ("words",)),
    Text(VERDICTS, ("why",)),
    Text(REDACTIONS, ("original",)),
    # What is half written names them once it is sent.
    Text(CONVERSATIONS, ("active", "parked"), None, "chat_id"),
)


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
    for number, text in enumerate(TEXTS):
        if text.about is None:
            continue
        for piece in pieces(sorted(reports)):
            _rewrite(session, number, text.table.c[text.about].in_(piece), found)


def elsewhere(
    session: Session, number: int, after: int, most: int, names: Names
) -> tuple[list[Hit], int | None]:
    """Which of the next `most` rows of a text name them; where to go on, None at the end."""
    table, columns, _, key = TEXTS[number]
    id = table.c[key]
    last = session.connection().scalar(
        select(id).where(id > after).order_by(id).offset(most - 1).limit(1)
    )
    reach = id > after if last is None else id.between(after + 1, last)
    found = naming.pattern(names)
    maybe = or_(
        *(
            func.lower(cast(table.c[column], String)).like(naming.roughly(name))
            for column in columns
            for name in names
        )
    )
    query = select(id, *(table.c[column] for column in columns)).where(reach, maybe)
    rows = session.connection().execute(query).all() if found is not None else []
    hits = [(number, row[0]) for row in rows if any(without(v, found) != v for v in row[1:] if v)]
    return hits, last


def take_out(session: Session, hits: Iterable[Hit], names: Names) -> list[int]:
    """From these rows; the numbers of the reports that they are about."""
    reports: set[int] = set()
    found = naming.pattern(names)
    for number, row in hits:
        table, _, about, key = TEXTS[number]
        _rewrite(session, number, table.c[key] == row, found)
        if about is not None:
            query = select(table.c[about]).where(table.c[key] == row)
            reports.update(session.connection().scalars(query))
    return sorted(reports)


def _rewrite(session: Session, number: int, where: Any, found: re.Pattern[str] | None) -> None:
    if found is None:
        return
    table, columns, _, key = TEXTS[number]
    connection = session.connection()
    query = select(table.c[key], *(table.c[column] for column in columns)).where(where)
    for row in connection.execute(query).all():
        before = dict(zip(columns, row[1:], strict=True))
        after = {column: without(value, found) for column, value in before.items()}
        if after != before:
            connection.execute(update(table).where(table.c[key] == row[0]).values(after))
            _read_anew(session, table)


def _read_anew(session: Session, table: Table) -> None:
    """What was read of it before in this transaction is stale, and must not be written back."""
    session.flush()
    for known in list(session):
        if getattr(type(known), "__table__", None) is table:
            session.expire(known)


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
