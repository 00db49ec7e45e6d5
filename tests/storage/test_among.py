"""One of many values, bound as one: what `in_` finds, on both databases, by the index."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import col, select

from storage.among import among
from storage.database import Database
from storage.due import Due

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES = ["a", "\u00f1and\u00fa", "it's", 'with "two"', "{curly}", "NULL", "7"]


def planned(database: Database) -> dict[str, int]:
    with database.begin() as session:
        for name in NAMES:
            session.add(Due(key=name, kind="k", subject=1, at=NOW, facts={}))
    with database.read() as session:
        return {row.key: row.id or 0 for row in session.exec(select(Due))}


def test_it_finds_what_is_among_them_and_nothing_else(database: Database) -> None:
    numbers = planned(database)

    def keys(*values: str) -> set[str]:
        with database.read() as session:
            return set(session.exec(select(Due.key).where(among(col(Due.key), values))))

    for name in NAMES:
        assert keys(name, "nobody's") == {name}
    assert keys(*NAMES) == set(NAMES)
    assert keys() == set() == keys("nobody's")
    some = {numbers["a"], numbers["7"]}
    with database.read() as session:
        found = session.exec(select(Due.id).where(among(col(Due.id), some), Due.kind == "k"))
        assert set(found) == some
        others = session.exec(select(Due.id).where(~among(col(Due.id), some)))
        assert set(others) == set(numbers.values()) - some


def test_thousands_are_looked_for_at_once(database: Database) -> None:
    numbers = planned(database)
    with database.read() as session:
        # SQLite binds 32,766 values at most, PostgreSQL 65,535.
        found = session.exec(select(Due.id).where(among(col(Due.id), range(1, 100_000))))
        assert set(found) == set(numbers.values())


def test_sqlite_goes_by_the_index(sqlite: Database) -> None:
    with sqlite.read() as session:
        query = select(Due.id).where(among(col(Due.key), ["a", "b"]))
        words = str(query.compile(sqlite.engine, compile_kwargs={"literal_binds": False}))
        plan = session.connection().execute(
            text("EXPLAIN QUERY PLAN " + words.replace("?", "'[]'"))
        )
        assert any("SEARCH due USING" in row.detail for row in plan)
