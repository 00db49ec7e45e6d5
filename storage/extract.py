"""Reports as the rows of a file: whole rows by their numbers, and the pieces gathered so far.

Pieces are due rows of their own, done as soon as they are there, so that gathering a large file
goes on after a restart; they are gone once the file is owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from storage.due import Due
from storage.person import Person
from storage.report import Report

TABLE = Report.__table__  # type: ignore[attr-defined]
PEOPLE = Person.__table__  # type: ignore[attr-defined]
_ORIGINAL = TABLE.alias("original")
KIND = "export"
"""The kind of the due row of a file; what was gathered so far is in its facts as "gathered"."""
PIECE = "export_rows"
AT_ONCE = 500
"""So many numbers are asked for in one query: SQLite takes a limited number of values."""

_COLUMNS = [
    *(
        TABLE.c[name]
        for name in (
            "id", "code", "person_id", "category_id", "territory_id", "words", "attributes",
            "latitude", "longitude", "address", "outside", "private", "state", "created_at",
            "changed_at", "fixed_at", "fixed_by", "closed_as", "responsible", "reopened",
            "neighbours_at", "supports", "due_at", "expected_on", "assignee_id",
        )
    ),
    _ORIGINAL.c.code.label("original"),
]  # fmt: skip


def rows(session: Session, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """The reports of these numbers, in their order; `original` is the code of what one repeats."""
    found: dict[int, dict[str, Any]] = {}
    joined = TABLE.outerjoin(_ORIGINAL, TABLE.c.duplicate_of == _ORIGINAL.c.id)
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        query = select(*_COLUMNS).select_from(joined).where(TABLE.c.id.in_(some))
        for row in session.connection().execute(query):
            found[row.id] = dict(row._mapping)
    return [found[number] for number in numbers if number in found]


def names(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """What these people are called."""
    found: dict[int, str] = {}
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        query = select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(some))
        found |= {row.id: row.name for row in session.connection().execute(query)}
    return found


def keep(session: Session, export: int, number: int, piece: list[Any], now: datetime) -> None:
    """Put away the next piece of an export (the number of its due row)."""
    session.add(
        Due(
            key=f"{PIECE}:{export}:{number}",
            kind=PIECE,
            subject=export,
            facts={"rows": piece},
            at=now,
            progress=number,
            done_at=now,
        )
    )
    session.flush()


def gather(session: Session, export: int) -> list[Any]:
    """All the pieces of an export in their order; they are gone afterwards."""
    table = Due.__table__  # type: ignore[attr-defined]
    own = (table.c.kind == PIECE, table.c.subject == export)
    query = select(table.c.facts).where(*own).order_by(table.c.progress)
    found = [row for facts in session.connection().scalars(query) for row in facts["rows"]]
    session.connection().execute(delete(table).where(*own))
    return found


def begin_anew(session: Session) -> None:
    """What was gathered so far is thrown away, and gathered again: somebody may be in it who is
    to be in no file any more."""
    table = Due.__table__  # type: ignore[attr-defined]
    connection = session.connection()
    connection.execute(delete(table).where(table.c.kind == PIECE))
    under_way = (table.c.kind == KIND, table.c.done_at.is_(None))
    query = select(table.c.id, table.c.facts).where(*under_way)
    for number, facts in connection.execute(query).all():
        begun = {name: value for name, value in facts.items() if name != "gathered"}
        connection.execute(update(table).where(table.c.id == number).values(facts=begun))


def forget(session: Session, before: datetime) -> int:
    """Pieces put away before a moment go: whoever asked for that file is there no more."""
    table = Due.__table__  # type: ignore[attr-defined]
    old = delete(table).where(table.c.kind == PIECE, table.c.at < before)
    return session.connection().execute(old).rowcount
