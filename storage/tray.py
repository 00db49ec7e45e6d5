"""The team's queue: the reports that a gestor asked to see, a page at a time, by index.

One state is read at a time, oldest first, and the few first rows of each are merged: nothing is
sorted that is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import and_, func, or_, text
from sqlmodel import Session, col, select

from civic.lifecycle import OPEN, RECEIVED
from storage.late import TOUCHES
from storage.report import FIXED_AGAIN, OPEN_STATES, Report
from storage.report_event import (
    ADDITION,
    ANSWER,
    ASSIGNED,
    EXPECTED,
    MERGED,
    NOTE,
    QUESTION,
    STATE,
    VERDICT,
    ReportEvent,
)
from storage.support import DECIDES

OLDEST, SUPPORTED = "", "supported"
"""In which order: the oldest first, or what most neighbours joined (nothing that nobody did)."""
TURNS = (STATE, ANSWER, QUESTION, NOTE, ASSIGNED, EXPECTED, MERGED, ADDITION, VERDICT)
"""What says whose turn it is. Who joins a report, or is content with a repair, asks for nothing."""
AT_ONCE = 500
"""So many numbers are asked for in one query: SQLite takes a limited number of values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a gestor wants to see; what is left empty matters not.

    `states` are those of a report. `territories` are numbers of places (with those below them).
    `until` is the latest moment of telling; `overdue` the moment by which its time has run out, its
    term's end or the later day that was announced, with the town's day then. `since` is the moment
    from which on it was told; `untouched` keeps what nobody of the team has done anything about.
    `assignee` is a person's number, and so is `waits`: of whoever is to do the next thing. `again`
    keeps what came back to the queue, or only what did not. `denied` keeps what is fixed, and a
    neighbour says for the second time that it is not, which nobody has decided yet.
    """

    states: tuple[str, ...] = OPEN
    territories: tuple[int, ...] = ()
    category: int | None = None
    until: datetime | None = None
    overdue: tuple[datetime, date] | None = None
    since: datetime | None = None
    untouched: bool = False
    assignee: int | None = None
    waits: int | None = None
    unassigned: bool = False
    again: bool | None = None
    denied: bool = False
    order: str = OLDEST


def page(session: Session, wanted: Wanted, skip: int, most: int) -> list[Report]:
    """The reports wanted, `most` of them from the one after `skip` on."""
    if wanted.order == SUPPORTED:
        query = select(Report).where(Report.supports > 0, *_rules(wanted))
        if set(wanted.states) <= set(OPEN):
            query = query.where(text(OPEN_STATES))
        if wanted.states != OPEN:
            query = query.where(col(Report.state).in_(wanted.states))
        query = query.order_by(col(Report.supports).desc(), col(Report.id).desc())
        return list(session.exec(query.offset(skip).limit(most)))
    each = (_numbers(session, wanted, state, skip + most) for state in wanted.states)
    numbers = list(islice(merge(*each), skip, skip + most))
    if not numbers:
        return []
    found = {r.id: r for r in session.exec(select(Report).where(col(Report.id).in_(numbers)))}
    return [found[number] for number in numbers]


def _numbers(session: Session, wanted: Wanted, state: str, most: int) -> list[int]:
    query = select(Report.id).where(Report.state == state, *_rules(wanted))
    if wanted.overdue is not None:
        # In the index's own words.
        query = query.where(text(OPEN_STATES))
    return [n for n in session.exec(query.order_by(col(Report.id)).limit(most)) if n is not None]


def _rules(wanted: Wanted) -> list[Any]:
    rules: list[Any] = []
    if wanted.territories:
        rules.append(col(Report.territory_id).in_(wanted.territories))
    if wanted.category is not None:
        rules.append(Report.category_id == wanted.category)
    if wanted.until is not None:
        rules.append(Report.created_at <= wanted.until)
    if wanted.overdue is not None:
        now, today = wanted.overdue
        announced = col(Report.expected_on)
        rules.append(
            or_(
                and_(col(Report.due_at) < now, or_(announced.is_(None), announced < today)),
                and_(col(Report.due_at).is_(None), announced < today),
            )
        )
    if wanted.since is not None:
        rules.append(Report.created_at >= wanted.since)
    if wanted.untouched:
        rules.append(~_touched())
    if wanted.waits is not None:
        rules.append(_waits_for(wanted.waits))
    if wanted.assignee is not None:
        rules.append(Report.assignee_id == wanted.assignee)
    if wanted.unassigned:
        rules.append(col(Report.assignee_id).is_(None))
    if wanted.denied:
        rules += [text(FIXED_AGAIN), _undecided()]
    if wanted.again is not None:
        sent_back = (
            select(ReportEvent.id)
            .where(
                ReportEvent.report_id == Report.id,
                ReportEvent.kind == STATE,
                ReportEvent.after == RECEIVED,
                col(ReportEvent.before).is_not(None),
            )
            .exists()
        )
        # Whatever is still as it was told was never sent back: most need no look at what happened.
        back = and_(col(Report.changed_at) > col(Report.created_at), sent_back)
        rules.append(back if wanted.again else ~back)
    return rules


def _touched() -> Any:
    """Whether somebody of the team has done anything about it."""
    of_the_team = or_(
        col(Report.person_id).is_(None), col(ReportEvent.person_id) != col(Report.person_id)
    )
    return (
        select(ReportEvent.id)
        .where(
            ReportEvent.report_id == Report.id,
            col(ReportEvent.kind).in_(TOUCHES),
            col(ReportEvent.person_id).is_not(None),
            of_the_team,
        )
        .exists()
    )


def _undecided() -> Any:
    """Whether a "No" that did not open it again waits to be decided."""
    decided = (
        select(func.max(ReportEvent.id))
        .where(ReportEvent.report_id == Report.id, col(ReportEvent.kind).in_(DECIDES))
        .correlate(Report)
        .scalar_subquery()
    )
    return (
        select(ReportEvent.id)
        .where(
            ReportEvent.report_id == Report.id,
            ReportEvent.kind == VERDICT,
            col(ReportEvent.id) > decided,
        )
        .exists()
    )


def _waits_for(person: int) -> Any:
    """Whether the next thing is this person's to do: they look after it, and a neighbour spoke last
    or nobody has touched it since it came to them; or a neighbour replied to what they asked."""
    newest = (
        select(func.max(ReportEvent.id))
        .where(ReportEvent.report_id == Report.id, col(ReportEvent.kind).in_(TURNS))
        .correlate(Report)
        .scalar_subquery()
    )

    def last_was(*what: Any) -> Any:
        return select(ReportEvent.id).where(col(ReportEvent.id) == newest, *what).exists()

    kind = col(ReportEvent.kind)
    came = or_(
        kind.in_((ADDITION, VERDICT, ASSIGNED)),
        and_(kind == STATE, col(ReportEvent.after) == RECEIVED),
    )
    asked = select(ReportEvent.report_id).where(
        ReportEvent.person_id == person, ReportEvent.kind == QUESTION
    )
    return or_(
        and_(col(Report.assignee_id) == person, last_was(came)),
        and_(col(Report.id).in_(asked), last_was(kind == ADDITION)),
    )


def among(session: Session, wanted: Wanted, numbers: Sequence[int]) -> set[int]:
    """Which of the reports of these numbers are wanted."""
    rules = [col(Report.state).in_(wanted.states), *_rules(wanted)]
    if wanted.overdue is not None:
        rules.append(text(OPEN_STATES))
    if wanted.order == SUPPORTED:
        rules.append(col(Report.supports) > 0)
    found: set[int] = set()
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        query = select(col(Report.id)).where(col(Report.id).in_(some), *rules)
        found.update(session.connection().scalars(query))
    return found


def how_many(session: Session, wanted: Wanted) -> int:
    """How many reports are wanted in all: for the morning's figures, which nobody waits for."""
    query = select(func.count()).select_from(Report)
    query = query.where(col(Report.state).in_(wanted.states), *_rules(wanted))
    if wanted.overdue is not None:
        query = query.where(text(OPEN_STATES))
    return session.exec(query).one()


def most_urgent(session: Session, most: int) -> list[int]:
    """Open reports by number: whose term ended longest ago first, those without a term last."""
    query = select(Report.id).where(text(OPEN_STATES))
    timed = query.where(col(Report.due_at).is_not(None)).order_by(col(Report.due_at))
    found = [*session.exec(timed.limit(most))]
    if len(found) < most:
        others = query.where(col(Report.due_at).is_(None)).order_by(col(Report.id))
        found += session.exec(others.limit(most - len(found)))
    return [number for number in found if number is not None]
