"""What must never change by what nobody of the team sent, read from the database as it stands."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Container, Iterator
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session

from actions import act as acts
from storage import METADATA, inbox, report_event

EVERYTHING: tuple[str, ...] = (
    "town", "territory", "category", "role", "invite", "redaction", "staff_group", "working_group",
    "meeting", "call", "call_recipient", "vote", "vote_option",
)  # fmt: skip
"""Tables of which no row is theirs to change."""
OWN: dict[str, frozenset[str]] = {
    # What writing to the bot changes of oneself is not compared: these are others' rows alone.
    "person": frozenset({"seen_on", "reachable"}),
    "report": frozenset({"supports"}),
    "report_photo": frozenset(),
    "follow": frozenset(),
    "support": frozenset(),
    "verdict": frozenset(),
    "membership": frozenset(),
    "attendance": frozenset(),
}
"""Tables in which others' rows are not theirs, but for these columns (joining adds to a count)."""

FOR_ALL = (acts.ANYONE, acts.CITIZEN)
FAULTS_OF_AN_UPDATE = frozenset({"ValidationError"})
"""Why an update may be set aside that is not well formed: our types cannot read it."""


def standing(session: Session, theirs: Collection[int]) -> dict[str, list[tuple[str, ...]]]:
    """Every row that the people of these numbers may not change."""
    found: dict[str, list[tuple[str, ...]]] = {}
    # What they told and were let go of, since others have joined it, is nobody's and not others'.
    told = {number for person in theirs for number in session.exec(report_event.told_by(person))}
    for table in METADATA.sorted_tables:
        if table.name in EVERYTHING:
            found[table.name] = _rows(session, table, frozenset(), (), ())
        elif table.name in OWN:
            own = told if table.name == "report" else ()
            found[table.name] = _rows(session, table, OWN[table.name], theirs, own)
    return found


def _rows(
    session: Session,
    table: Table,
    but: frozenset[str],
    theirs: Collection[int],
    own: Collection[int],
) -> list[tuple[str, ...]]:
    columns = [column for column in table.columns if column.name not in but]
    owner = "id" if table.name == "person" else "person_id"
    kept = []
    for row in session.connection().execute(select(*columns)):
        values = row._mapping
        if values.get(owner) not in theirs and values.get("id") not in own:
            kept.append(tuple(repr(value) for value in row))
    return sorted(kept)


def escalations(
    before: dict[str, list[tuple[str, ...]]], after: dict[str, list[tuple[str, ...]]]
) -> list[str]:
    """What is not as it was, a sentence each."""
    told = []
    for name, rows in before.items():
        lost, gained = set(rows) - set(after[name]), set(after[name]) - set(rows)
        told += [f"{name}: was {row}" for row in sorted(lost)]
        told += [f"{name}: is {row}" for row in sorted(gained)]
    return told


@contextlib.contextmanager
def watched(forgers: Container[int]) -> Iterator[list[str]]:
    """Notes every verb of the team's that let one of these (Telegram numbers) through."""
    passed: list[str] = []
    asked = acts.require

    def require(act: acts.Act, needs: str) -> None:
        asked(act, needs)
        actor = act.actor
        if not actor.system and actor.telegram_id in forgers and needs not in FOR_ALL:
            passed.append(f"{actor.telegram_id} was let through as {needs}")

    acts.require = require
    try:
        yield passed
    finally:
        acts.require = asked


def crashes(session: Session, malformed: Collection[int]) -> list[str]:
    """What was set aside although it was well formed, or for another reason than its form."""
    table = inbox.TABLE
    query = select(table.c.update_id, table.c.kind, table.c.error).where(
        table.c.state == inbox.ASIDE
    )
    rows: list[Any] = list(session.connection().execute(query))
    return [
        f"{row.kind} {row.update_id}: {row.error}"
        for row in rows
        if row.update_id not in malformed or row.error not in FAULTS_OF_AN_UPDATE
    ]
