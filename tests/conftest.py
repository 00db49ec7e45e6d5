"""What every test stands on: both databases, the real writer, strict texts, and no way out.

A test that takes `database` runs twice: on a SQLite file and on a real PostgreSQL server. Take
`sqlite` or `postgres` for one of them.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from psycopg import sql

import locales
from storage import METADATA, inbox, letter
from storage.database import Database
from storage.turn import Ledger, Turn
from storage.writer import Writer
from tests import network
from tests import postgres as servers

T = TypeVar("T")
NOON = datetime(2026, 5, 4, 17, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_leaves(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Any try to reach another machine is refused and fails the test, even if it was caught."""
    attempts = network.guard(monkeypatch)
    yield
    if attempts:
        pytest.fail(f"tried to reach {', '.join(sorted(set(attempts)))}")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of whoever runs the tests are not theirs."""
    for name in os.environ:
        if name.upper().startswith("CABILDO_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def strict_texts() -> Iterator[None]:
    """A text that is missing or unfilled raises instead of falling back."""
    was = locales.strict()
    yield
    locales.strict(was)


class TownClock:
    """Town time in a test: stands still until it is moved; called, it gives the moment."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        """Move on by a timedelta's arguments (hours=1, days=2)."""
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock() -> TownClock:
    """A town clock at a Monday noon in May (UTC-5)."""
    return TownClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        METADATA.create_all(connection)
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """One PostgreSQL server for this process's tests; an error, never a skip, without one."""
    server = servers.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_house(postgres_server: servers.Postgres) -> str:
    """The address of the PostgreSQL database that tests take in turns, with every table.

    It is emptied between tests: copying a database for each takes 0.4 s, emptying one 0.02.
    """
    _make_database(postgres_server, "cabildo")
    url = postgres_server.url_of("cabildo")
    database = Database(url)
    with database.engine.begin() as connection:
        METADATA.create_all(connection)
    database.close()
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
def postgres_url(postgres_server: servers.Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"t{uuid.uuid4().hex}"
    _make_database(postgres_server, name)
    yield postgres_server.url_of(name)
    _drop_database(postgres_server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without tables; the test runs on both kinds."""
    return str(
        request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    )


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A SQLite database with every table."""
    path = tmp_path / "cabildo.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgres(postgres_house: str) -> Iterator[Database]:
    """A PostgreSQL database with every table, all of them empty."""
    database = Database(postgres_house)
    yield database
    database.close()
    _empty(postgres_house)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A database with every table; the test runs on both kinds."""
    found: Database = request.getfixturevalue("sqlite" if request.param == "sqlite" else "postgres")
    return found


@pytest.fixture
async def writer(database: Database, clock: TownClock) -> AsyncIterator[Writer]:
    """The started writer of `database`, on the town's `clock`; closed at the end."""
    started = Writer(database, clock)
    started.start()
    yield started
    await started.close()


@pytest.fixture
def take_turn(database: Database, clock: TownClock) -> Callable[[Callable[[Turn], T]], T]:
    """Run work in a turn of its own and commit it: what a writer does, without its thread."""

    def run(work: Callable[[Turn], T]) -> T:
        return in_turn(database, clock(), work)

    return run


def in_turn(database: Database, now: datetime, work: Callable[[Turn], T]) -> T:
    """Run work in one turn and commit it; letters are numbered on from the highest there is."""
    with database.begin() as session:
        numbers = iter(range(letter.last_id(session) + 1, 1 << 62))
        ledger = Ledger(lambda: next(numbers))
        turn = Turn(session, ledger, now, time.time())
        result = work(turn)
        turn.flush()
        inbox.mark_done(session, ledger.done)
        return result


_ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_FROM_ONE = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


def _empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        # A connection that a test forgot would hold its rows, and this with them.
        connection.execute(_ALONE)
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in METADATA.sorted_tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        connection.execute(_FROM_ONE)


def _make_database(server: servers.Postgres, name: str) -> None:
    _order(server, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))


def _drop_database(server: servers.Postgres, name: str) -> None:
    _order(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _order(server: servers.Postgres, statement: sql.Composed) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)
