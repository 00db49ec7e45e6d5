"""One database, one writer: SQLite or PostgreSQL behind the same few calls.

SQLite is opened in WAL mode with synchronous FULL (a commit that was told is on disk) and its
write transactions start with BEGIN IMMEDIATE, since a deferred read-then-write fails at once when
another process writes, whatever the busy timeout. Deleted values are overwritten
(`secure_delete`): what passed through the bot must not stay readable in the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, Engine, Integer, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

BIG_KEY = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit primary key. On SQLite only a column declared INTEGER is the row's own number; any
other type costs a second tree and a write in it for each row."""


class BadDatabaseURL(ValueError):
    """The database URL cannot be used; the message says why, without the password."""


def to_json(value: Any) -> str:
    """JSON as both databases store it."""
    return orjson.dumps(value).decode()


def is_outage(error: BaseException) -> bool:
    """Whether an error is the database's own (connection lost, disk full, lock), not a turn's.

    Drivers call both kinds operational: a statement that is wrong or asks too much is its turn's,
    and must not hold up everybody's.
    """
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        # The low byte is the kind, the rest a detail of it (https://sqlite.org/rescode.html).
        return code & 0xFF not in _SQLITE_STATEMENT
    state = getattr(error.orig, "sqlstate", "")
    if state is None:
        # Not the server's answer: no connection to be had, or a statement that was never sent.
        return error.statement is None
    # Class 54 is PostgreSQL's "program limit exceeded".
    return not str(state).startswith("54")


_SQLITE_STATEMENT = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE}
)


class Database:
    """A SQLite file or a PostgreSQL database.

    `url` is SQLAlchemy's; a bare `sqlite:///file` or `postgresql://...` gets the driver we use.
    Raises BadDatabaseURL for another kind.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise BadDatabaseURL("not a database URL") from None
        kind = parsed.get_backend_name()
        if kind == "postgresql" or kind == "postgres":
            parsed = parsed.set(drivername="postgresql+psycopg")
        elif kind != "sqlite":
            raise BadDatabaseURL(f"{kind} is not supported: use sqlite:/// or postgresql://")
        self.url = parsed
        self.is_sqlite = kind == "sqlite"
        # Errors must not print row values: they may be somebody's words.
        arguments: dict[str, Any] = {
            "hide_parameters": True,
            "json_serializer": to_json,
            "json_deserializer": orjson.loads,
        }
        if self.is_sqlite:
            arguments["connect_args"] = {"timeout": 10.0, "check_same_thread": False}
        else:
            arguments["pool_pre_ping"] = True
        self.engine: Engine = create_engine(parsed, **arguments)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A write transaction: committed at the end, rolled back when anything raises."""
        with self.connect() as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.flush()
            connection.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads; it never waits for the writer on SQLite."""
        with self.engine.connect().execution_options(reads=True) as connection:
            with Session(connection, expire_on_commit=False) as session:
                yield session
            connection.rollback()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection whose transaction is the caller's to commit; rolled back otherwise."""
        with self.engine.connect() as connection:
            yield connection

    def tidy(self) -> None:
        """Let nothing that was emptied stay readable beside the database.

        SQLite's log holds pages as they were until it is written over: here it is cut off. Other
        processes are waited for; what cannot be done now is done the next time.
        """
        if not self.is_sqlite:
            return
        with self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin deferred ones behind our back.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        # KiB of pages that a connection keeps: the indexes of a town of a million reports.
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
