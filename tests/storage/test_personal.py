"""No table is forgotten when somebody erases themselves: the schema is asked, not a list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import orjson
import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    String,
    Table,
    func,
    select,
)

import jobs
from storage import METADATA, erasing, forgetting, personal, personal_rows
from storage.database import Database
from storage.personal import KEPT, RULES, to_person
from storage.turn import Turn
from tests.conftest import NOON, in_turn

ROSA, LUIS = 734_000_111, 734_000_222
RARE, OTHER = "Xiomara Zzyzx", "Luis Quux"
TABLES = METADATA.tables

CHOSEN: dict[tuple[str, str], Any] = {
    # Where a rule has a condition, the row meets it.
    ("report", "state"): "received",
    ("report", "private"): True,
    ("report_event", "kind"): "addition",
    ("report_event", "before"): "received",
    ("report_event", "after"): "received",
    ("report_photo", "moment"): "before",
    ("call", "state"): "draft",
    ("due", "kind"): "digest",
    ("letter", "call_id"): None,
    ("letter", "state"): 0,
    ("inbox", "state"): 1,
    ("invite", "used_at"): None,
    # Only what is about the person holds anything that is theirs.
    ("audit", "subject"): "report:1",
    ("audit", "facts"): {},
    ("town", "id"): 1,
}


class Filler:
    """Makes a row of any table, with words of its own in every column that may hold some."""

    def __init__(self, turn: Turn) -> None:
        self.connection = turn.session.connection()
        self.numbers = count(1000)
        self.base: dict[str, int] = {}

    def person(self, telegram_id: int, name: str) -> int:
        given = {"telegram_id": telegram_id, "name": name}
        number: int = self.row("person", name, telegram_id, given)
        return number

    def row(self, name: str, words: str, telegram_id: int, given: dict[str, Any]) -> Any:
        """Insert a row; what `given` does not say is made up."""
        table = TABLES[name]
        (key,) = table.primary_key.columns
        values: dict[str, Any] = {}
        for column in table.columns:
            if column.name in given:
                values[column.name] = given[column.name]
            elif (name, column.name) in CHOSEN:
                values[column.name] = CHOSEN[name, column.name]
            elif column.foreign_keys:
                values[column.name] = None if column.nullable else self.base_of(column)
            elif column is not key or not isinstance(column.type, Integer):
                values[column.name] = self.value(table, column, words, telegram_id)
            elif isinstance(column.type, BigInteger) or name in ("inbox", "letter"):
                values[column.name] = next(self.numbers)
        inserted = self.connection.execute(table.insert().values(values))
        made = inserted.inserted_primary_key
        assert made is not None
        return values.get(key.name) or made[0]

    def value(self, table: Table, column: Column[Any], words: str, telegram_id: int) -> Any:
        rule = RULES.get(table.name, {}).get(column.name)
        mine = rule is not None and rule.done != KEPT
        if (table.name, column.name) in personal.OWN_CHAT:
            return telegram_id
        kind = personal.plain(column)
        if isinstance(kind, JSON):
            return {"file_id": f"{words} {column.name}"} if mine else {}
        if isinstance(kind, String):
            return (
                f"{words} {column.name} {next(self.numbers)}" if mine else str(next(self.numbers))
            )
        if isinstance(kind, DateTime):
            return datetime(2026, 5, 4, 12, tzinfo=UTC)
        if isinstance(kind, Date):
            return date(2026, 5, 4)
        if isinstance(kind, Boolean):
            return False
        if isinstance(kind, Float):
            return 71.25 if mine else 1.5
        if isinstance(kind, BigInteger):
            return next(self.numbers)
        return 1

    def base_of(self, column: Column[Any]) -> int:
        (key,) = column.foreign_keys
        target = key.column.table.name
        if target not in self.base:
            self.base[target] = (
                self.person(next(self.numbers), "Somebody")
                if target == "person"
                else self.row(target, "nobody", 0, {})
            )
        return self.base[target]

    def everything_of(self, words: str, telegram_id: int) -> int:
        """A row of every table for each of its columns that can point at this person."""
        person_id = self.person(telegram_id, words)
        for table in METADATA.sorted_tables:
            if table.name == "person":
                continue
            for column in table.columns:
                if to_person(column):
                    owners = personal_rows.OWNERS.get(table.name, (column.name,))
                    whose = words if column.name in owners else "somebody's"
                    self.row(table.name, whose, telegram_id, {column.name: person_id})
                elif (table.name, column.name) in personal.OWN_CHAT:
                    self.row(table.name, words, telegram_id, {column.name: telegram_id})
        for kind in personal.PERSONAL_JOBS:
            self.row("due", words, telegram_id, {"kind": kind, "subject": person_id})
        about = {"subject": f"person:{person_id}", "facts": {"said": words}}
        self.row("audit", words, telegram_id, about)
        return person_id


def dump(turn: Turn) -> dict[str, list[str]]:
    """Every row of every table as text."""
    connection = turn.session.connection()
    return {
        table.name: [
            orjson.dumps(dict(row), default=str).decode()
            for row in connection.execute(select(table)).mappings()
        ]
        for table in METADATA.sorted_tables
    }


def erased(turn: Turn) -> erasing.Traces:
    turn.flush()
    return erasing.erase(turn.session, ROSA, turn.now, turn.machine)


def test_every_column_that_can_name_somebody_has_a_rule() -> None:
    missing = {
        t.name: columns for t in METADATA.sorted_tables if (columns := personal.undeclared(t))
    }
    assert not missing, (
        f"Say in storage/personal.py what becomes of {missing} when somebody erases themselves, "
        "and see that storage/erasing.py does it."
    )


def test_no_rule_is_for_what_is_not_there() -> None:
    for name, rules in RULES.items():
        assert set(rules) <= set(TABLES[name].columns.keys())
        for column, rule in rules.items():
            if to_person(TABLES[name].c[column]):
                assert rule.done in (personal.GONE, personal.NAMELESS), (name, column)
            if rule.done == KEPT:
                assert rule.why, (name, column)
    assert set(personal.NOBODYS) <= set(TABLES)
    assert not set(personal.NOBODYS) & set(RULES)


def test_of_every_job_it_is_known_whom_it_is_about() -> None:
    kinds = {*jobs.JOBS, *jobs.registry.MANY}
    assert kinds <= set(personal.JOBS_ABOUT), (
        "Say in storage/personal.py (JOBS_ABOUT) what the subject of these due rows is: "
        f"{sorted(kinds - set(personal.JOBS_ABOUT))}"
    )


def test_a_row_in_every_table_and_nothing_of_it_is_left(database: Database) -> None:
    def make(turn: Turn) -> tuple[int, int]:
        filler = Filler(turn)
        return filler.everything_of(OTHER, LUIS), filler.everything_of(RARE, ROSA)

    _, rosa = in_turn(database, NOON, make)
    before = in_turn(database, NOON, dump)
    assert str(before).count(RARE) > 30
    in_turn(database, NOON, erased)

    def sweep(turn: Turn) -> None:
        after: int | None = None
        while True:
            after = forgetting.forget_updates(turn.session, ROSA, after, 1)
            if after is None:
                return

    in_turn(database, NOON, sweep)
    after = in_turn(database, NOON, dump)
    for name, rows in after.items():
        for row in rows:
            assert RARE not in row, (name, row)
            assert str(ROSA) not in row, (name, row)

    def naming_her(table: Table, column: Column[Any]) -> int | None:
        rows = select(func.count()).select_from(table).where(column == rosa)
        return in_turn(database, NOON, lambda turn: turn.session.connection().scalar(rows))

    for table in METADATA.sorted_tables:
        for column in table.columns:
            if to_person(column):
                assert naming_her(table, column) == 0, column
    # Nobody else loses anything.
    for name, rows in before.items():
        kept = [row for row in rows if OTHER in row]
        assert kept == [row for row in after[name] if OTHER in row], name


def test_everything_of_somebody_is_in_their_file_and_nothing_of_others(database: Database) -> None:
    def make(turn: Turn) -> tuple[int, int]:
        filler = Filler(turn)
        return filler.everything_of(OTHER, LUIS), filler.everything_of(RARE, ROSA)

    _, rosa = in_turn(database, NOON, make)
    rows, cut = in_turn(
        database, NOON, lambda turn: personal_rows.rows_of(turn.session, rosa, ROSA, "es")
    )
    assert not cut
    orjson.dumps(rows)
    assert OTHER not in str(rows)
    pointing = {t.name for t in METADATA.sorted_tables if any(map(to_person, t.columns))}
    chats = {name for name, _ in personal.OWN_CHAT}
    assert set(rows) == {*pointing, *chats, "due", "person"}
    (me,) = rows["person"]
    assert (me["name"], me["telegram_id"]) == (RARE, ROSA)
    # What others told stays theirs, also where this person has handled it.
    handled = [row for row in rows["report"] if row.get("assignee") == personal_rows.ME]
    assert handled
    assert all("words" not in row and "code" in row for row in handled)
    assert "somebody's" not in str(rows).replace("somebody's own", "")
    assert [row["words"] for row in rows["report"] if row.get("person") == personal_rows.ME]


def test_a_long_table_is_cut_and_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_rows, "MOST_ROWS", 3)

    def make(turn: Turn) -> int:
        filler = Filler(turn)
        rosa = filler.person(ROSA, RARE)
        for _ in range(5):
            filler.row("audit", RARE, ROSA, {"person_id": rosa})
        return rosa

    rosa = in_turn(database, NOON, make)
    rows, cut = in_turn(
        database, NOON, lambda turn: personal_rows.rows_of(turn.session, rosa, ROSA, "es")
    )
    assert cut == {"audit": 5}
    assert [row["id"] for row in rows["audit"]] == [3, 4, 5]


def test_of_a_stranger_there_is_only_the_chat(database: Database) -> None:
    def make(turn: Turn) -> None:
        Filler(turn).row("letter", RARE, ROSA, {"chat_id": ROSA})

    in_turn(database, NOON, make)
    rows, _ = in_turn(
        database, NOON, lambda turn: personal_rows.rows_of(turn.session, None, ROSA, "es")
    )
    assert list(rows) == ["letter"]
    in_turn(database, NOON, erased)
    assert in_turn(database, NOON, dump)["letter"] == []
