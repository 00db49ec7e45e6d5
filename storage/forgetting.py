"""What is left of somebody in long tables without an index is forgotten a piece at a time, after
everything else of them was erased."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import delete, null, select, update
from sqlmodel import Session

from storage import audit, inbox, letter, report_event
from storage.letter import SENDING
from storage.letter import TABLE as LETTERS
from storage.mentions import pieces
from storage.personal import NO_CHAT

EVENTS: Any = report_event.ReportEvent.__table__  # type: ignore[attr-defined]
AUDIT: Any = audit.Audit.__table__  # type: ignore[attr-defined]
NOBODY = "0"
"""The number that no person has, where an assignment's must stay one."""


def forget_updates(session: Session, telegram_id: int, after: int | None, most: int) -> int | None:
    """Empty what the next `most` updates kept tell of them; where to go on, None at the end.

    What they have written since, and is not applied yet, is a new beginning and stays.
    """
    columns = inbox.TABLE.c
    query = (
        select(columns.update_id, columns.lane, columns.state, columns.payload)
        .order_by(columns.update_id)
        .limit(most)
    )
    if after is not None:
        query = query.where(columns.update_id > after)
    rows = session.connection().execute(query).all()
    ours, set_aside = [], []
    for row in rows:
        if row.state == inbox.WAITING:
            continue
        if row.lane == telegram_id:
            ours.append(row.update_id)
        elif row.payload is not None and str(telegram_id) in orjson.dumps(row.payload).decode():
            set_aside.append(row.update_id)
    _empty(session, ours, lane=NO_CHAT, payload=null())
    _empty(session, set_aside, payload=null())
    return rows[-1].update_id if len(rows) == most else None


def _empty(session: Session, updates: Iterable[int], **values: Any) -> None:
    for piece in pieces(list(updates)):
        session.connection().execute(
            update(inbox.TABLE).where(inbox.TABLE.c.update_id.in_(piece)).values(**values)
        )


def forget_assignments(session: Session, person_id: int, after: int, most: int) -> int | None:
    """In the next `most` events no report was given to or taken from this number any more; where
    to go on, None at the end. A database may give a number again, to somebody else."""
    connection = session.connection()
    last = connection.scalar(
        select(EVENTS.c.id)
        .where(EVENTS.c.id > after)
        .order_by(EVENTS.c.id)
        .offset(most - 1)
        .limit(1)
    )
    reach = EVENTS.c.id > after if last is None else EVENTS.c.id.between(after + 1, last)
    for column in (EVENTS.c.before, EVENTS.c.after):
        connection.execute(
            update(EVENTS)
            .where(reach, EVENTS.c.kind == report_event.ASSIGNED, column == str(person_id))
            .values({column.name: NOBODY})
        )
    return last


def forget_audited(session: Session, person_id: int, after: int, most: int) -> int | None:
    """The same for what is audited of assignments."""
    connection = session.connection()
    rows = connection.execute(
        select(AUDIT.c.id, AUDIT.c.action, AUDIT.c.facts)
        .where(AUDIT.c.id > after)
        .order_by(AUDIT.c.id)
        .limit(most)
    ).all()
    for row in rows:
        if row.action != "assign" or person_id not in row.facts.values():
            continue
        facts = {name: 0 if value == person_id else value for name, value in row.facts.items()}
        connection.execute(update(AUDIT).where(AUDIT.c.id == row.id).values(facts=facts))
    return rows[-1].id if len(rows) == most else None


def forget_letter(session: Session, letter_id: int) -> bool:
    """Let go of the last letter to them once it has left or failed; False while it has not."""
    standing = letter.by_id(session, letter_id)
    if standing is not None and standing["state"] <= SENDING:
        return False
    session.connection().execute(delete(LETTERS).where(LETTERS.c.id == letter_id))
    return True
