"""A report whose time has run out goes up while nobody touches it: to whoever looks after it, then
to all gestores, then to the admins, who are told again each week; on working mornings.

A step is a due row; what the team did meanwhile sets the count back to the first. Nobody is written
to here: the morning's letter tells what has gone up (gone_up.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.act import SYSTEM, Act, action
from actions.terms import term
from civic import lifecycle, mornings
from storage import due, late
from storage.due import Due
from storage.report import Report

LATE = "late"
"""The due row of the next step; its subject is the report."""
ASSIGNEE, GESTORES, ADMINS = 1, 2, 3
TAKEN = {ASSIGNEE: "to its assignee", GESTORES: "to the gestores", ADMINS: "to the admins"}
"""The outcome of the row of each step that was taken: the morning's letter goes by it."""
BETWEEN, A_WEEK = 2, 5
"""Working days from one step to the next, and until the admins are reminded."""


def watch(act: Act, report: Report) -> None:
    """Have a report go up once its time has run out; what was planned before is forgotten."""
    assert report.id is not None
    if late.last_step(act.session, LATE, report.id):
        due.cancel(act.session, LATE, report.id, act.now)
    ends = term(act, report)
    if ends is not None:
        _plan(act, report, ASSIGNEE, _next_morning(act, max(ends, act.now)))


def _plan(act: Act, report: Report, step: int, at: datetime) -> None:
    assert report.id is not None
    # Another key than that of any step before it, done or forgotten.
    key = f"{LATE}:{report.id}:{late.last_step(act.session, LATE, report.id)}"
    due.plan(act.session, key, LATE, report.id, at, step=step, since=act.now.isoformat())


def _next_morning(act: Act, moment: datetime) -> datetime:
    town = act.town
    return mornings.next_morning(moment, town.zone, town.weekend, town.holidays)


def _later(act: Act, moment: datetime, days: int = BETWEEN) -> datetime:
    town = act.town
    later = mornings.mornings_later(moment, days, town.zone, town.weekend, town.holidays)
    return later if later > act.now else _next_morning(act, act.now)


@action(SYSTEM)
def go_up(act: Act, rows: Sequence[Due]) -> dict[int, str]:
    """Take these steps, due now; what became of each, by the row's number.

    What nobody would be told of now (at night, on a day that has become a holiday) waits for the
    next working morning.
    """
    town = act.town
    if not mornings.at_work(act.now, town.zone, town.weekend, town.holidays):
        morning = _next_morning(act, act.now)
        for row in rows:
            row.at = morning
        act.session.flush()
        return {}
    outcomes = {}
    for row in rows:
        report = act.session.get(Report, row.subject)
        outcomes[row.id or 0] = _step(act, report, row) if report is not None else "gone"
    act.session.flush()
    return outcomes


def _step(act: Act, report: Report, row: Due) -> str:
    ends = term(act, report)
    if ends is None:
        return "no term" if report.state in lifecycle.OPEN else "not open"
    if ends > act.now:
        watch(act, report)
        return "more time"
    step = int(row.facts["step"])
    last = late.touched(act.session, row.subject, report.person_id)
    if step > ASSIGNEE and last is not None and last > datetime.fromisoformat(row.facts["since"]):
        _plan(act, report, ASSIGNEE, _later(act, last))
        return "attended"
    if step < ADMINS:
        _plan(act, report, step + 1, _later(act, act.now))
    else:
        _plan(act, report, ADMINS, _later(act, act.now, A_WEEK))
    return TAKEN[step]
