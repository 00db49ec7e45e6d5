"""Who holds which role, and which invitations are open: both are few, and can be looked through."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from storage.group import WorkingGroup
from storage.person import Invite, Person, Role


def how_many(session: Session) -> int:
    """How many roles are held in all."""
    return session.exec(select(func.count()).select_from(Role)).one()


def page(session: Session, skip: int, most: int) -> list[tuple[Role, Person, WorkingGroup | None]]:
    """A page of the roles held: gestores first, then leaders by their group."""
    rows = session.exec(
        select(Role, Person, WorkingGroup)
        .join(Person, col(Person.id) == Role.person_id)
        .outerjoin(WorkingGroup, col(WorkingGroup.id) == Role.group_id)
        .order_by(col(Role.role), col(Role.group_id), col(Role.id))
        .offset(skip)
        .limit(most)
    )
    return [(role, person, group) for role, person, group in rows]


def open_invites(session: Session, now: datetime) -> int:
    """How many invitations can still be taken."""
    query = select(func.count()).select_from(Invite)
    return session.exec(
        query.where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
    ).one()


def void_invites(session: Session, now: datetime, made_by: int | None = None) -> int:
    """Nobody can take the open invitations any more: all, or those somebody made; how many."""
    query = update(Invite).where(col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
    if made_by is not None:
        query = query.where(col(Invite.made_by) == made_by)
    return session.connection().execute(query.values(expires_at=now)).rowcount
