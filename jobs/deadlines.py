"""What the team hears on a working morning: what there is to do, and what has stayed untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import deadlines, mornings
from actions.act import Act
from jobs.registry import Result, hourly, job_of_many
from storage.due import Due


@job_of_many(deadlines.LATE)
def go_up(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """Reports whose time has run out: assignee, then all gestores, then the admins."""
    outcomes = deadlines.go_up(act, rows[:most])
    return {number: Result(outcome, wrote=1) for number, outcome in outcomes.items()}


@job_of_many(mornings.MORNING)
def morning(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """What each of the team has to look at today, once all that is due has gone up; the next
    morning is planned with it."""
    wrote = {row.id or 0: mornings.tell(act, row) for row in rows}
    return {number: Result(wrote=many) for number, many in wrote.items() if many is not None}


@hourly
def plan_morning(act: Act) -> int:
    """There is always a next morning, whatever became of the one before it."""
    mornings.plan(act)
    return 0
