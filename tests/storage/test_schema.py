"""Migrations make the very tables that are declared, up, down and up again, on both databases."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, inspect, text

from civic import nearness
from storage import METADATA, schema
from storage.database import Database


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
    yield database
    database.close()


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names()) - {"alembic_version"}


def test_up_down_up(empty: Database) -> None:
    assert schema.current(empty) is None and not schema.is_current(empty)
    declared = {table.name for table in METADATA.sorted_tables}
    schema.upgrade(empty)
    assert tables(empty) == declared
    assert schema.is_current(empty)
    schema.downgrade(empty)
    assert tables(empty) == set()
    schema.upgrade(empty)
    assert tables(empty) == declared
    # Nothing to do is no trouble.
    schema.upgrade(empty)
    assert schema.is_current(empty) and schema.is_known(empty)


def test_migrations_and_declared_tables_agree(empty: Database) -> None:
    schema.upgrade(empty)
    assert schema.differences(empty) == [], (
        "a table changed: write its migration with `python -m storage.schema revision`"
    )


def test_what_alembic_does_not_compare_agrees_too(empty: Database) -> None:
    """Partial indexes, WITHOUT ROWID, checks and defaults, as the database itself tells them."""
    schema.upgrade(empty)
    with empty.connect() as connection:
        migrated = told(connection, sqlite=empty.is_sqlite)
    schema.downgrade(empty)
    with empty.engine.begin() as connection:
        METADATA.create_all(connection)
    with empty.connect() as connection:
        declared = told(connection, sqlite=empty.is_sqlite)
    assert migrated == declared
    assert any("WHERE" in words for words in declared.values())
    if empty.is_sqlite:
        assert "WITHOUT ROWID" in declared["ballot"]


def told(connection: Connection, *, sqlite: bool) -> dict[str, str]:
    """The database's own words for each table and index, without their spaces and order."""
    if sqlite:
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    else:
        query = """
            SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT conname || conrelid::regclass, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL
            SELECT table_name || '.' || column_name,
                   concat_ws(' ', data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        """
    found = {}
    for name, words in connection.execute(text(query)):
        if "alembic_version" not in name:
            head, paren, rest = words.partition("(")
            body, closing, tail = rest.rpartition(")")
            parts = sorted(" ".join(part.split()).strip('" ') for part in body.split(","))
            # SQLite quotes the name of a table that a migration has rebuilt.
            found[name] = head.replace('"', "") + paren + ", ".join(parts) + closing + tail
    return found


def test_a_changed_table_is_noticed(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE report ADD COLUMN colour VARCHAR"))
    assert [kind for kind, *_ in schema.differences(empty)] == ["remove_column"]


def test_a_newer_database_is_not_ours(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not schema.is_current(empty) and not schema.is_known(empty)
    with pytest.raises(schema.NewerDatabase, match="newer version"):
        schema.upgrade(empty)


def test_a_failing_migration_leaves_nothing(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    made: list[str] = []
    create = op.create_table

    def fail_at_the_fifth(name: str, *columns: object, **options: object) -> object:
        made.append(name)
        if len(made) == 5:
            raise RuntimeError("the lights went out")
        return create(name, *columns, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", fail_at_the_fifth)
    with pytest.raises(RuntimeError, match="the lights went out"):
        schema.upgrade(empty)
    assert tables(empty) == set() and schema.current(empty) is None
    monkeypatch.undo()
    schema.upgrade(empty)
    assert schema.is_current(empty)


def test_rows_that_point_at_nothing_are_refused(sqlite: Database) -> None:
    with sqlite.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("INSERT INTO vote_option (vote_id, position, label) VALUES (77, 1, 'x')")
        raw.execute("PRAGMA foreign_keys=ON")
    with pytest.raises(schema.BrokenReference, match="vote_option"):
        with schema._changing(sqlite):
            pass
    with sqlite.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_two_processes_at_once_take_turns(empty: Database) -> None:
    go = (
        "import sys; from storage import schema; from storage.database import Database;"
        "schema.upgrade(Database(sys.argv[1]))"
    )
    address = empty.url.render_as_string(hide_password=False)
    both = [
        subprocess.Popen([sys.executable, "-c", go, address], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in both]
    assert ended == [("", 0), ("", 0)]
    assert schema.is_current(empty)


def test_it_says_nothing(
    empty: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        schema.upgrade(empty)
    assert caplog.messages == []
    assert capfd.readouterr() == ("", "")


def test_reports_of_before_are_found_by_what_is_near(empty: Database) -> None:
    """The second revision puts every report that has a point into its square."""
    points = [(4.6, -74.08), (-34.61315, -58.37723), (0.0, 0.0), (-0.0001, 179.9999), (7.0, -180.0)]
    schema.upgrade(empty, "0001")
    with empty.engine.begin() as connection:
        connection.execute(text(_CATEGORY))
        for number, (latitude, longitude) in enumerate([*points, (None, None)], start=1):
            place = {"n": number, "code": f"R-{number}", "a": latitude, "b": longitude}
            connection.execute(text(_REPORT), place)
    schema.upgrade(empty)
    with empty.connect() as connection:
        found = connection.execute(text("SELECT cell FROM report ORDER BY id")).scalars().all()
    assert found == [nearness.cell(*point) for point in points] + [None]


def test_why_a_report_is_closed_is_put_into_its_history(empty: Database) -> None:
    """The fourth revision takes it from the report: only of the closing that still holds."""
    schema.upgrade(empty, "0003")
    with empty.engine.begin() as connection:
        connection.execute(text(_CATEGORY))
        for number in (1, 2):
            place = {"n": number, "code": f"R-{number}", "a": None, "b": None}
            connection.execute(text(_REPORT), place)
        connection.execute(text(_CLOSED))
        for state, at in (("closed", "2026-01-02"), ("received", "2026-01-03"), ("closed", _LAST)):
            connection.execute(text(_EVENT), {"state": state, "at": at})
    schema.upgrade(empty)
    query = "SELECT closed_as, duplicate_of, responsible FROM report_event ORDER BY id"
    with empty.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    assert found == [(None, None, None), (None, None, None), ("duplicate", 1, None)]


_LAST = "2026-01-04 00:00:00"
_CLOSED = f"""
    UPDATE report SET state = 'closed', closed_as = 'duplicate', duplicate_of = 1,
        changed_at = '{_LAST}' WHERE id = 2
"""
_EVENT = """
    INSERT INTO report_event (report_id, kind, after, created_at) VALUES (2, 'state', :state, :at)
"""
_CATEGORY = """
    INSERT INTO category (id, key, names, emoji, active, position)
    VALUES (1, 'luz', '{}', '', TRUE, 0)
"""
_REPORT = """
    INSERT INTO report (id, code, category_id, latitude, longitude, state, created_at, changed_at,
        reopened)
    VALUES (:n, :code, 1, :a, :b, 'received', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0)
"""
