"""Both databases through the same calls; an outage is told from a turn's own mistake."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select

from storage.audit import Audit
from storage.database import BadDatabaseURL, Database, is_outage
from tests.conftest import NOON


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://u:p4ssword@h/d", "oracle://h"])
def test_another_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadDatabaseURL) as told:
        Database(url)
    assert "p4ssword" not in str(told.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u@h/d", "postgres://u@h/d", "postgresql+psycopg2://u@h/d"]
)
def test_every_way_to_write_postgresql_gets_our_driver(url: str) -> None:
    try:
        assert Database(url).url.drivername == "postgresql+psycopg"
    except BadDatabaseURL as error:
        pytest.fail(f"{url}: {error}")


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    def add() -> None:
        with database.begin() as session:
            session.add(Audit(at=NOON, action="a", subject="x:1"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add()
    with database.begin() as session:
        session.add(Audit(at=NOON, action="b", subject="x:1"))
    with database.read() as session:
        assert session.exec(select(Audit.action)).all() == ["b"]
        assert session.exec(select(Audit.at)).one() == NOON


def test_an_error_shows_no_value(database: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        with database.begin() as session:
            session.connection().execute(
                text("INSERT INTO audit (nothing) VALUES (:words)"), {"words": "somebody's words"}
            )
    assert "somebody's words" not in str(raised.value)


def test_a_wrong_statement_is_no_outage(database: Database) -> None:
    for statement in ("SELECT nothing FROM nowhere", "SELEKT", "SELECT * FROM audit WHERE x = 1"):
        with pytest.raises(DBAPIError) as raised:
            with database.read() as session:
                session.connection().execute(text(statement))
        assert not is_outage(raised.value), statement


def test_a_statement_that_asks_too_much_is_no_outage(database: Database) -> None:
    if database.is_sqlite:
        statement, values = "SELECT " + "1+" * 5000 + "1", None
    else:
        values = tuple(range(70_000))
        statement = "SELECT 1 WHERE 1 IN (" + ",".join(["%s"] * len(values)) + ")"
    with pytest.raises(OperationalError) as raised:
        with database.read() as session:
            session.connection().exec_driver_sql(statement, values)
    assert not is_outage(raised.value)


def test_a_server_that_is_not_there_is_an_outage(tmp_path: Path) -> None:
    for url in (
        f"postgresql://u@/d?host={tmp_path}",
        f"sqlite:///{tmp_path / 'no such folder' / 'x.sqlite'}",
    ):
        with pytest.raises(OperationalError) as raised:
            with Database(url).read() as session:
                session.connection().execute(text("SELECT 1"))
        assert is_outage(raised.value)


def test_a_connection_that_was_cut_is_an_outage(postgres: Database) -> None:
    with pytest.raises(DBAPIError) as raised:
        with postgres.begin() as session:
            connection = session.connection()
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_outage(raised.value)
    # The next one gets a connection that lives.
    with postgres.read() as session:
        assert session.connection().scalar(text("SELECT 1")) == 1


def test_sqlite_is_as_durable_as_promised(sqlite: Database) -> None:
    with sqlite.read() as session:
        told = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_reading_never_waits_for_the_writer(sqlite: Database) -> None:
    with sqlite.begin() as session:
        session.add(Audit(at=NOON, action="a", subject="x:1"))
        session.flush()
        started = time.monotonic()
        with sqlite.read() as other:
            assert other.exec(select(Audit)).all() == []
        assert time.monotonic() - started < 2


def test_a_second_writer_waits_its_turn(sqlite: Database) -> None:
    """BEGIN IMMEDIATE: what is read before a write cannot have gone stale."""
    with sqlite.begin() as session:
        session.add(Audit(at=NOON, action="first", subject="x:1"))

    def grow(times: int) -> None:
        for _ in range(times):
            with sqlite.begin() as session:
                row = session.exec(select(Audit)).one()
                row.facts = {"n": row.facts.get("n", 0) + 1}

    threads = [threading.Thread(target=grow, args=(25,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with sqlite.read() as session:
        assert session.exec(select(Audit)).one().facts == {"n": 100}


def test_what_was_emptied_cannot_be_read_in_the_file(sqlite: Database) -> None:
    words = "words that were only passing through " * 40
    with sqlite.begin() as session:
        session.add(Audit(at=NOON, action="a", subject="x:1", facts={"w": words}))
    with sqlite.begin() as session:
        session.exec(select(Audit)).one().facts = {}
    with sqlite.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sqlite.url.database is not None
    assert b"only passing through" not in Path(sqlite.url.database).read_bytes()
