"""When the team's time for a report is over: its term's end, or the later day that was announced;
where a neighbour says again that it is not fixed, some days to decide.

Its card, the queue, the mornings and what goes up all go by this.
"""

from __future__ import annotations

from datetime import date, datetime

from actions.act import Act
from civic import lifecycle, working_days
from storage import support
from storage.report import Report

TO_DECIDE = 2
"""Working days to decide what a second "No" comes to."""


def term(act: Act, report: Report) -> datetime | None:
    """When the team's time for a report is over; None where it has no term, or nothing to do."""
    town = act.town
    if report.state in lifecycle.OPEN:
        return working_days.term(report.due_at, report.expected_on, town.zone)
    denied = undecided(act, report)
    if denied is None:
        return None
    return working_days.deadline(denied, TO_DECIDE, town.zone, town.weekend, town.holidays)


def undecided(act: Act, report: Report) -> datetime | None:
    """Since when a neighbour has said again that it is not fixed, and nobody has decided; None
    otherwise."""
    if report.state != lifecycle.FIXED or not report.reopened or report.id is None:
        return None
    return support.undecided(act.session, report.id)


def last_day(act: Act, report: Report) -> date | None:
    """The day at whose end the team's time for a report is over."""
    ends = term(act, report)
    return ends.astimezone(act.town.zone).date() if ends is not None else None


def is_over(act: Act, report: Report) -> bool:
    """Whether the team's time for a report is over now."""
    ends = term(act, report)
    return ends is not None and ends < act.now


def now(act: Act) -> tuple[datetime, date]:
    """This moment and the town's day, as storage.tray is asked what is overdue."""
    return act.now, act.now.astimezone(act.town.zone).date()
