"""Runs migrations on a connection that is handed in, so that both databases go one way.

storage/schema.py calls it; Alembic's own command line has no connection to hand in.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage import METADATA


def plain(kind: str, value: Any, _: AutogenContext) -> str | Literal[False]:
    """Write a revision in SQLAlchemy's own types: it must still run when the models moved on."""
    if kind == "type":
        if isinstance(value, AutoString):
            return f"sa.String({value.length or ''})"
        if isinstance(value, UTCDateTime):
            return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_item=plain,
    # SQLite alters by copying a table, and does so inside a transaction with this connection.
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
