"""What only whoever told a report may do: take it back, say it is fixed, choose who sees it.

What others have joined and can see is not taken from them: only whoever told it is let go.
"""

from __future__ import annotations

from actions import report_views, reports
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, action
from actions.report_cards import refresh
from actions.report_events import move, record
from actions.report_news import spread, tell
from civic import lifecycle
from civic.lifecycle import CLOSED, FIXED, NOT_NEEDED, USERS
from flows.phrase import N_, say
from storage import report_event
from storage.report import Report
from storage.report_event import PRIVACY

NOT_YOURS = N_("Only whoever told a report can do that.")
DONE_ALREADY = N_("That was done already, or can no longer be done.")
OTHERS_JOINED = N_("Other neighbours have joined it, so it stays where they can see it.")
THE_TEAM_DID = N_("The team made it private, so only the team can undo that. You may ask them.")
MENDED = N_("Whoever told report <b>{code}</b> ({category}) says that it is fixed already.")


@action(CITIZEN)
def withdraw(act: Act, report_id: int) -> Report:
    """Take back what one told: it is closed as needed no longer. Once others have joined it, it
    stays open for them, and is told by nobody from then on.
    """
    report = _may_move(act, report_id, CLOSED)
    if report_views.stays_for_others(report):
        return _let_go(act, report)
    event = move(act, report, CLOSED, closed_as=NOT_NEEDED)
    act.audit("withdraw", f"report:{report_id}", before=event.before, after=event.after)
    spread(act, report, event)
    refresh(act, report)
    return report


def _let_go(act: Act, report: Report) -> Report:
    report.person_id = None
    act.audit("let_go", f"report:{report.id}")
    act.session.flush()
    refresh(act, report)
    if act.me.pseudonym:
        report_views.turn_over(act, report)
    return report


@action(CITIZEN)
def mended(act: Act, report_id: int) -> Report:
    """Say that what one told is fixed already, whoever did it."""
    report = _may_move(act, report_id, FIXED)
    event = move(act, report, FIXED, fixed_by=USERS)
    act.audit("mended", f"report:{report_id}", before=event.before, after=event.after)
    tell(act, report, event, say(MENDED, **words.head(act, report)))
    refresh(act, report)
    return report


@action(CITIZEN)
def set_private(act: Act, report_id: int, private: bool) -> Report:
    """Show what one told to the team alone, or to everybody again."""
    report = reports.mine(act, report_id)
    if report.private == private:
        return report
    if private and report.supports:
        raise Refused(say(OTHERS_JOINED))
    last = report_event.last_events(act.session, report_id, (PRIVACY,), 1)
    if not private and last and last[0].person_id != act.my_id:
        # Somebody of the team had a reason, which may be another person in it.
        raise Refused(say(THE_TEAM_DID))
    report.private = private
    before, after = ("public", "private") if private else ("private", "public")
    record(act, report, PRIVACY, before=before, after=after)
    act.audit("set_private", f"report:{report_id}", private=private)
    refresh(act, report)
    if private:
        report_views.turn_over(act, report)
    return report


def _may_move(act: Act, report_id: int, after: str) -> Report:
    report = reports.seen(act, report_id)
    if not reports.is_mine(act, report):
        raise Refused(say(NOT_YOURS))
    if not lifecycle.may_move(report.state, after, lifecycle.CITIZEN):
        raise Refused(say(DONE_ALREADY))
    return report
