"""Everything the tables hold of a person, as plain rows: found from the schema, so that a new table
is in it as soon as it points at people.

Rows that only name them as the one who handled something of somebody else's come without what
that other person said.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, func, or_, select
from sqlmodel import Session, SQLModel

from storage import report_event
from storage.personal import (
    EMPTIED,
    GONE,
    KEPT,
    OWN_CHAT,
    PERSONAL_JOBS,
    RULES,
    Rule,
    to_person,
)

MOST_ROWS = 5000
"""Of one table: more is only of those who work here, and would hold up everybody else."""

OWNERS = {
    "person": ("id",),
    "report": ("person_id",),
    "redaction": ("author_id",),
    "role": ("person_id",),
    "invite": ("made_by", "used_by"),
}
"""The columns that make a row somebody's own, where another key to a person does not."""

PUBLIC_EVENTS = (
    report_event.STATE,
    report_event.ANSWER,
    report_event.QUESTION,
    report_event.EXPECTED,
    report_event.MERGED,
    report_event.CATEGORIZED,
)
"""What becomes of their report is about them too: neither the team's notes nor what other people
added."""

MACHINERY = ("card", "conversation", "inbox", "letter", "audit")
"""How what they told came in and what was answered went out: below what they told."""

ME, ANOTHER = "me", "somebody else"


def rows_of(
    session: Session, person_id: int | None, telegram_id: int, language: str
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, int]]:
    """By table, what they told first, every row that points at a person; and of tables cut at
    MOST_ROWS, the newest being kept, how many rows there are in all.

    Moments are ISO 8601 in UTC; a key to another row is told by that row's name or code.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    cut: dict[str, int] = {}
    labels = _Labels(session, language)
    told = set(session.exec(report_event.told_by(person_id))) if person_id is not None else set()
    tables = sorted(SQLModel.metadata.sorted_tables, key=lambda table: table.name in MACHINERY)
    for table in tables:
        wheres = _wheres(table, person_id, telegram_id)
        if not wheres:
            continue
        (key,) = table.primary_key.columns
        query = select(table).where(or_(*wheres)).order_by(key.desc()).limit(MOST_ROWS + 1)
        rows = session.connection().execute(query).mappings().all()
        if len(rows) > MOST_ROWS:
            count = select(func.count()).select_from(table).where(or_(*wheres))
            cut[str(table.name)] = session.connection().scalar(count) or 0
        kept = [_row(table, dict(row), person_id, labels, told) for row in rows[:MOST_ROWS]]
        if kept:
            found[str(table.name)] = kept[::-1]
    return found, cut


def _wheres(table: Table, person_id: int | None, telegram_id: int) -> list[Any]:
    wheres: list[Any] = [
        table.c[name] == telegram_id for where, name in OWN_CHAT if where == table.name
    ]
    if person_id is None:
        return wheres
    wheres += [column == person_id for column in table.columns if to_person(column)]
    if table.name == "person":
        wheres.append(table.c.id == person_id)
    elif table.name == "due":
        wheres.append((table.c.kind.in_(PERSONAL_JOBS)) & (table.c.subject == person_id))
    elif table.name == "audit":
        wheres.append(table.c.subject == f"person:{person_id}")
    elif table.name == "report":
        wheres.append(table.c.id.in_(report_event.told_by(person_id)))
    elif table.name == "report_event":
        reports = SQLModel.metadata.tables["report"]
        mine = select(reports.c.id).where(reports.c.person_id == person_id)
        wheres.append(table.c.report_id.in_(mine) & table.c.kind.in_(PUBLIC_EVENTS))
    return wheres


def _row(
    table: Table, row: dict[str, Any], person_id: int | None, labels: _Labels, told_by_me: set[int]
) -> dict[str, Any]:
    owners = OWNERS.get(table.name)
    own = owners is None or any(row[name] == person_id for name in owners)
    # What they told and were let go of is in their words still.
    own = own or (table.name == "report" and row["id"] in told_by_me)
    told: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.name]
        if value is None or (not own and _is_somebodys(table, column)):
            continue
        # SQLAlchemy's names are more than texts, which JSON does not take.
        name = str(column.name)
        if to_person(column):
            told[name.removesuffix("_id")] = ME if value == person_id else ANOTHER
        elif column.foreign_keys:
            (key,) = column.foreign_keys
            told[name.removesuffix("_id")] = labels.of(key.column.table, value)
        elif isinstance(value, datetime | date):
            told[name] = value.isoformat()
        else:
            told[name] = value
    return told


def _is_somebodys(table: Table, column: Column[Any]) -> bool:
    """Whether a column holds what the row's own person said or where they were."""
    rule = RULES.get(table.name, {}).get(column.name, Rule(KEPT))
    return rule.done in (EMPTIED, GONE) and not to_person(column)


class _Labels:
    """How a row of another table is told: by its code, its name or its title."""

    NAMED_BY = ("code", "names", "name", "title", "question")

    def __init__(self, session: Session, language: str) -> None:
        self._session, self._language = session, language
        self._known: dict[tuple[str, int], Any] = {}

    def of(self, table: Table, number: int) -> Any:
        """The label of a row, or its number where it has no name."""
        if (table.name, number) not in self._known:
            self._known[table.name, number] = self._read(table, number)
        return self._known[table.name, number]

    def _read(self, table: Table, number: int) -> Any:
        name = next((name for name in self.NAMED_BY if name in table.c), None)
        if name is None:
            return number
        label = self._session.connection().scalar(select(table.c[name]).where(table.c.id == number))
        if isinstance(label, dict):
            return label.get(self._language) or next(iter(label.values()), number)
        return label if label is not None else number
