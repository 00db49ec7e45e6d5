"""A day that the team announces is told to those who wait, always with its reason."""

from __future__ import annotations

from datetime import date

from actions import deadlines, overtaken
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, action
from actions.report_cards import refresh
from actions.report_events import record
from actions.report_news import tell
from actions.reports import get
from civic import lifecycle
from flows.phrase import N_, day, lines, say
from storage.report import Report
from storage.report_event import EXPECTED

NOT_OPEN = N_("This report is not open any more, so nothing is expected of it: see the card.")
PAST = N_("That day is over already. Please choose a later one.")
NO_REASON = N_("A new day needs a reason that those who wait can read.")
ON_A_DAY = N_("📆 Report <b>{code}</b> ({category}) is expected to be done on {day}.")
ANOTHER_DAY = N_(
    "📆 Report <b>{code}</b> ({category}) is now expected to be done on {day}, not on {before}."
)


def expectable(act: Act, report_id: int) -> Report:
    """A report of which something can be expected. Raises Refused for one that is not open."""
    report = get(act, report_id)
    if report.state not in lifecycle.OPEN:
        refresh(act, report)
        raise Refused(say(NOT_OPEN))
    return report


@action(GESTOR)
def expect(act: Act, report_id: int, on: date, reason: str, *, seen: int | None = None) -> Report:
    """Announce the day on which a report will be done, with the reason.

    The team's time lasts until then, if that is later than its term. seen: what whoever announces
    it had seen of the report (actions.overtaken).
    """
    report = expectable(act, report_id)
    if on < act.now.astimezone(act.town.zone).date():
        raise Refused(say(PAST))
    if not reason:
        raise Refused(say(NO_REASON))
    overtaken.look_again(act, report, seen, (EXPECTED,))
    before, report.expected_on = report.expected_on, on
    was = before.isoformat() if before is not None else None
    event = record(act, report, EXPECTED, before=was, after=on.isoformat(), said=reason)
    act.audit("expect", f"report:{report_id}", before=was, after=on.isoformat())
    deadlines.watch(act, report)
    head = words.head(act, report)
    if before is None or before == on:
        told = say(ON_A_DAY, day=day(on), **head)
    else:
        told = say(ANOTHER_DAY, day=day(on), before=day(before), **head)
    tell(act, report, event, lines([told, say(words.REASON, words=reason)]))
    refresh(act, report)
    return report
