"""What is still to be done about a past report: what was due before the present was done then.

So a jump of the clock shows what a running bot would have planned, and nothing comes at once that
has gone up long ago.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from actions.deadlines import A_WEEK, ADMINS, ASSIGNEE, BETWEEN, LATE
from actions.terms import TO_DECIDE
from bot.past_life import Hours
from civic import mornings, working_days
from civic.lifecycle import FIXED, OPEN
from civic.moments import days_later
from storage.due import Planned
from storage.late import TOUCHES
from storage.report import Report
from storage.report_event import EXPECTED, STATE, VERDICT, ReportEvent
from storage.support import DECIDES


@dataclass(slots=True)
class _Step:
    """The next step of a report whose time runs out: which, when, and since when it counts."""

    number: int
    at: datetime
    since: datetime


class _Watch:
    """The steps of one report, taken at their moments while its events pass by."""

    def __init__(self, report: Report, hours: Hours, due_at: datetime | None) -> None:
        self._report = report
        self._hours = hours
        self.due_at = due_at
        self.expected: date | None = None
        self._open = True
        self._touched: datetime | None = None
        self._denied = 0
        self._undecided: datetime | None = None
        self.step: _Step | None = None

    def _decided(self, event: ReportEvent, at: datetime) -> None:
        """The first "No" opens it again; another one waits for the team to decide."""
        if event.kind in DECIDES:
            self._undecided = None
        elif event.kind == VERDICT:
            self._denied += 1
            if self._denied > 1 and self._undecided is None:
                self._undecided = at
                self._begin(at)

    def happened(self, event: ReportEvent, due_at: datetime | None) -> None:
        """Take the steps before an event, then the event itself."""
        at = _aware(event.created_at)
        self.go_on(at)
        was_open, told = self._open, event.before is None and event.kind == STATE
        if event.kind == STATE:
            self._open = event.after in OPEN
        self._decided(event, at)
        person = event.person_id
        if event.kind in TOUCHES and person is not None and person != self._report.person_id:
            self._touched = at
        if event.kind == STATE and self._open and (told or not was_open):
            self.due_at, self.expected = due_at, None
            self._begin(at)
        elif event.kind == EXPECTED and event.after is not None:
            self.expected = date.fromisoformat(event.after)
            self._begin(at)

    def go_on(self, now: datetime) -> None:
        """Take what steps are due up to a moment."""
        while self.step is not None and self.step.at <= now:
            step, at = self.step, self.step.at
            self.step = None
            ends = self._ends()
            if ends is None:
                return
            if ends > at:
                self._begin(at)
            elif step.number > ASSIGNEE and self._touched and self._touched > step.since:
                self.step = _Step(ASSIGNEE, self._later(self._touched, at), at)
            elif step.number < ADMINS:
                self.step = _Step(step.number + 1, self._later(at, at), at)
            else:
                self.step = _Step(ADMINS, self._later(at, at, A_WEEK), at)

    def _begin(self, at: datetime) -> None:
        self.step = None
        ends, hours = self._ends(), self._hours
        if ends is not None:
            first = mornings.next_morning(max(ends, at), hours.zone, hours.weekend, hours.holidays)
            self.step = _Step(ASSIGNEE, first, at)

    def _ends(self) -> datetime | None:
        hours = self._hours
        if self._open:
            return working_days.term(self.due_at, self.expected, hours.zone)
        if self._undecided is None:
            return None
        return working_days.deadline(
            self._undecided, TO_DECIDE, hours.zone, hours.weekend, hours.holidays
        )

    def _later(self, moment: datetime, now: datetime, days: int = BETWEEN) -> datetime:
        hours = self._hours
        later = mornings.mornings_later(moment, days, hours.zone, hours.weekend, hours.holidays)
        if later > now:
            return later
        return mornings.next_morning(now, hours.zone, hours.weekend, hours.holidays)


def still_due(
    report: Report,
    events: Sequence[ReportEvent],
    terms: Sequence[datetime | None],
    follow_up_days: int,
    hours: Hours,
    now: datetime,
) -> list[Planned]:
    """What is planned for a report after `now`; `terms` are the ends of its term after each event.

    The rows are those that actions.report_events and actions.deadlines plan.
    """
    assert report.id is not None
    found: list[Planned] = []
    watch = _Watch(report, hours, terms[0])
    for event, term in zip(events, terms, strict=True):
        watch.happened(event, term)
    watch.go_on(now)
    if watch.step is not None:
        found.append(
            Planned(
                key=f"{LATE}:{report.id}:0",
                kind=LATE,
                subject=report.id,
                at=watch.step.at,
                facts={"step": watch.step.number, "since": watch.step.since.isoformat()},
            )
        )
    if report.state == FIXED and report.fixed_at is not None:
        asked = days_later(report.fixed_at, follow_up_days, hours.zone)
        if asked > now:
            found.append(
                Planned(
                    key=f"follow_up:{report.id}:{_aware(report.fixed_at).isoformat()}",
                    kind="follow_up",
                    subject=report.id,
                    at=asked,
                    facts={},
                )
            )
    return found


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
