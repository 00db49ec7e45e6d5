"""Who may listen and who may speak: one process at a time, by a row that must be renewed.

Machine time (epoch s): a lease not renewed for its length is anybody's.
"""

from __future__ import annotations

from sqlmodel import Field, Session, SQLModel


class Lease(SQLModel, table=True):
    """`holder` names a process by a random word; it is free after `until` (epoch s)."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: float


def take(session: Session, name: str, holder: str, now: float, seconds: float) -> bool:
    """Take or renew a lease; False while somebody else holds it."""
    row = session.get(Lease, name, with_for_update=True)
    if row is None:
        session.add(Lease(name=name, holder=holder, until=now + seconds))
        session.flush()
        return True
    if row.holder != holder and row.until > now:
        return False
    row.holder, row.until = holder, now + seconds
    session.flush()
    return True


def give_back(session: Session, name: str, holder: str) -> None:
    """Let the next process have it at once."""
    row = session.get(Lease, name)
    if row is not None and row.holder == holder:
        session.delete(row)
        session.flush()
