"""The database's shape: every table is made and changed by a migration, on both databases alike.

`python -m storage.schema revision "Say what changes"` writes the next migration from the tables
as they are now declared; `--first` writes the first one anew, which is allowed only until a town
has used it. Look at what was written before committing it.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import METADATA
from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
# Any number, as long as nobody else locks by it: "cabildo" on a telephone's keys.
_LOCK = 2224536
# Its steps are of no interest to whoever reads a bot's log.
logging.getLogger("alembic").setLevel(logging.WARNING)


class NewerDatabase(RuntimeError):
    """The database is at a revision that this program does not know; the message says so."""


class BrokenReference(RuntimeError):
    """A migration would leave rows that point at nothing; it was rolled back."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database up to a revision, in one transaction: wholly or not at all.

    Raises NewerDatabase, or the database's own errors.
    """
    if revision == "head" and is_current(database):
        return
    if not is_known(database):
        raise NewerDatabase(
            "This database was used by a newer version of Cabildo: install that one again."
        )
    with _changing(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Take the database back to a revision ("base": no tables), in one transaction."""
    with _changing(database) as config:
        command.downgrade(config, revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None for one without tables of ours."""
    with database.read() as session:
        context = MigrationContext.configure(session.connection())
        return context.get_current_revision()


def head() -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def is_current(database: Database) -> bool:
    """Whether the database has the shape that this program expects."""
    return current(database) == head()


def is_known(database: Database) -> bool:
    """Whether this program knows the database's revision; not so after going back a version."""
    at = current(database)
    return at is None or any(
        script.revision == at for script in ScriptDirectory(str(FOLDER)).walk_revisions()
    )


def differences(database: Database) -> list[Any]:
    """What the declared tables and the database's differ in, as Alembic sees it."""
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


@contextmanager
def _changing(database: Database) -> Iterator[Config]:
    with database.connect() as connection:
        if database.is_sqlite:
            # A table is altered by replacing it, which its children must not notice. The switch
            # works only outside a transaction, hence the driver's own connection.
            _driver(connection).execute("PRAGMA foreign_keys=OFF")
        try:
            if not database.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield _config(connection)
            if database.is_sqlite:
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise BrokenReference(f"{len(broken)} rows, first in {broken[0][0]}")
            connection.commit()
        finally:
            connection.rollback()
            if database.is_sqlite:
                _driver(connection).execute("PRAGMA foreign_keys=ON")


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def write_revision(message: str, *, first: bool = False) -> Path:
    """Write the next migration (or the first anew) from the declared tables; returns its file."""
    if first:
        for old in (FOLDER / "versions").glob("*.py"):
            old.unlink()
    number = f"{len(list((FOLDER / 'versions').glob('*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.sqlite")
        upgrade(database)
        with database.connect() as connection:
            config = _config(connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message.rstrip("."), autogenerate=True, rev_id=number)
        database.close()
    written = next((FOLDER / "versions").glob(f"{number}_*.py"))
    # A partial index on a plain boolean column: Alembic writes the column's name as a string,
    # which it then cannot read.
    fixed = re.sub(r"_where='(\w+)'", r"_where=sa.text('\1')", written.read_text())
    # And the truth as SQLite writes it, which PostgreSQL does not take for a boolean.
    for number, truth in (("0", "false"), ("1", "true")):
        fixed = fixed.replace(
            f"sa.Boolean(), server_default=sa.text('{number}')",
            f"sa.Boolean(), server_default=sa.{truth}()",
        )
    written.write_text(fixed)
    return written


def main(arguments: list[str] | None = None) -> int:
    """The command line of this module, for whoever changes a table."""
    parser = argparse.ArgumentParser(prog="python -m storage.schema")
    revision = parser.add_subparsers(required=True).add_parser("revision")
    revision.add_argument("message")
    revision.add_argument("--first", action="store_true")
    given = parser.parse_args(arguments)
    print(write_revision(given.message, first=given.first))
    return 0


if __name__ == "__main__":
    sys.exit(main())
