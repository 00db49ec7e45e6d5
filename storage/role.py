"""Who holds which role: the list that those in charge look through. Roles are few."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from storage.group import WorkingGroup
from storage.person import Person, Role


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
