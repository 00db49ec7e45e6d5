"""What happens to a report is written down once: who, when, from, to, why.

Whoever changes a report's state does so here, so that what follows from it (the question whether
it was fixed, its deadline) is never forgotten.
"""

from __future__ import annotations

from datetime import datetime

from actions import deadlines, staff_cards
from actions.act import Act
from civic import lifecycle, moments, working_days
from storage import due
from storage.report import Report
from storage.report_event import STATE, ReportEvent


def record(
    act: Act,
    report: Report,
    kind: str,
    *,
    before: str | None = None,
    after: str | None = None,
    said: str | None = None,
) -> ReportEvent:
    """Write down that something happened (storage.report_event.EVENTS), by whoever acts."""
    assert report.id is not None
    event = ReportEvent(
        report_id=report.id,
        person_id=act.actor.person_id,
        kind=kind,
        before=before,
        after=after,
        words=said,
        created_at=act.now,
    )
    act.session.add(event)
    act.session.flush()
    return event


def due_at(act: Act, report: Report) -> datetime | None:
    """When the category's working days, counted from now, run out; None where it sets none."""
    category = act.town.category(report.category_id)
    if category is None or not category.days_to_resolve:
        return None
    town = act.town
    return working_days.deadline(
        act.now, category.days_to_resolve, town.zone, town.weekend, town.holidays
    )


def move(
    act: Act,
    report: Report,
    after: str,
    reason: str | None = None,
    *,
    fixed_by: str = lifecycle.BODY,
    closed_as: str | None = None,
    duplicate_of: int | None = None,
    responsible: str | None = None,
) -> ReportEvent:
    """Put a report into another state; who may was asked before, and whoever
    did audits what they did. Tells nobody.

    fixed_by: lifecycle.BODY or USERS, for FIXED. closed_as: one of lifecycle.CLOSINGS, for CLOSED;
    duplicate_of and responsible belong to two of them.
    """
    assert report.id is not None
    before, report.state, report.changed_at = report.state, after, act.now
    event = record(act, report, STATE, before=before, after=after, said=reason)
    opened_again = before not in lifecycle.OPEN and after in lifecycle.OPEN
    if before == lifecycle.FIXED:
        due.cancel(act.session, "follow_up", report.id, act.now)
    for closed in (report, event):
        closed.closed_as = closed_as if after == lifecycle.CLOSED else None
        closed.duplicate_of = duplicate_of if closed.closed_as == lifecycle.DUPLICATE else None
        closed.responsible = responsible if closed.closed_as == lifecycle.NOT_RESPONSIBLE else None
    if opened_again:
        # Whichever way it came to be over: the next repair is another one, which nobody was asked
        # about and nobody has confirmed.
        report.reopened += 1
        report.neighbours_at = None
        # The team has its whole term again, and no day was announced for this time.
        report.due_at, report.expected_on = due_at(act, report), None
    if after == lifecycle.FIXED:
        report.fixed_at, report.fixed_by = act.now, fixed_by
        days = act.town.days_until_asked(report.category_id)
        due.plan(
            act.session,
            f"follow_up:{report.id}:{act.now.isoformat()}",
            "follow_up",
            report.id,
            moments.days_later(act.now, days, act.town.zone),
        )
    act.session.flush()
    if opened_again:
        deadlines.watch(act, report)
        staff_cards.opened_again(act, report)
    return event
