"""Meetings have their moments: told at once, the day before and the hour before."""

from __future__ import annotations

from actions import meeting_hours, meetings
from actions.act import Act
from jobs.registry import PIECE, Result, hourly, job
from storage.due import Due


@job("meeting_told")
def told(act: Act, row: Due) -> Result:
    """Every member hears that a meeting was called, moved or called off."""
    facts, some = row.facts, row.facts.get("people")
    outcome, go_on, wrote = meetings.tell(
        act, row.subject, facts["version"], facts["news"], row.progress, PIECE, some
    )
    return Result(outcome, go_on, wrote)


@job("meeting_reminder")
def reminder(act: Act, row: Due) -> Result:
    """The day before and the hour before, on the town's clock; never after it has begun."""
    facts, some = row.facts, row.facts.get("people")
    outcome, go_on, wrote = meetings.remind(
        act, row.subject, facts["version"], facts["name"], row.progress, PIECE, some
    )
    return Result(outcome, go_on, wrote)


@hourly
def keep_hours(act: Act) -> int:
    """The hour that was agreed on holds, whatever became of the town's clock."""
    return meeting_hours.keep_hours(act)
