"""When the team's time for a report is over: its term's end, or the later day that was announced.

Its card, the queue, the mornings and what goes up all go by this.
"""

from __future__ import annotations

from datetime import date, datetime

from actions.act import Act
from civic import working_days
from storage.report import Report


def term(act: Act, report: Report) -> datetime | None:
    """When the team's time for a report is over; None where it has no term."""
    return working_days.term(report.due_at, report.expected_on, act.town.zone)


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
