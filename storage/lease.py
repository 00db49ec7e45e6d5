"""Who may listen and who may speak: one process at a time, by a row that must be renewed.

Machine time (epoch s): a lease not renewed for its length is anybody's.
"""

from __future__ import annotations

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel


class Lease(SQLModel, table=True):
    """`holder` names a process by a random word; it is free after `until` (epoch s)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: float


TABLE = Lease.__table__  # type: ignore[attr-defined]


def take(session: Session, name: str, holder: str, now: float, seconds: float) -> bool:
    """Take or renew a lease; False while somebody else holds it.

    One statement, so that of two processes that start together one gets it and neither fails.
    """
    connection = session.connection()
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"holder": holder, "until": now + seconds}
    taken = connection.execute(
        insert(TABLE)
        .values(name=name, **values)
        .on_conflict_do_update(
            index_elements=[TABLE.c.name],
            set_=values,
            where=or_(TABLE.c.holder == holder, TABLE.c.until <= now),
        )
        .returning(TABLE.c.name)
    )
    return taken.first() is not None


def give_back(session: Session, name: str, holder: str) -> None:
    """Let the next process have it at once."""
    row = session.get(Lease, name)
    if row is not None and row.holder == holder:
        session.delete(row)
        session.flush()
