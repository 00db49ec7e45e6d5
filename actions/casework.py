"""What the team does with a report: moved, answered, asked about.

Whoever told it and whoever joined it hear of every change; the team's cards follow.
"""

from __future__ import annotations

from actions import report_words as words
from actions.act import GESTOR, Act, Refused, action
from actions.report_cards import refresh
from actions.report_events import move as put
from actions.report_events import record
from actions.report_news import tell, tell_reporter
from actions.reports import get
from civic import lifecycle
from flows.phrase import N_, Phrase, say
from storage.report import ANSWER, QUESTION, Report

OPEN = lifecycle.OPEN
needs_reason = lifecycle.needs_reason

MOVED_ALREADY = N_("That was done already, or can no longer be done: see the card.")
NEEDS_REASON = N_("Closing a report needs a reason that the neighbour can read.")
NOBODY_TO_ASK = N_("Nobody can be asked: this report has no neighbour behind it any more.")


@action(GESTOR)
def move(act: Act, report_id: int, after: str, reason: str | None = None) -> Report:
    """Move a report to another state; closing carries a reason. Two at once: one wins."""
    report = get(act, report_id)
    if not lifecycle.may_move(report.state, after, lifecycle.GESTOR):
        refresh(act, report)
        raise Refused(say(MOVED_ALREADY))
    if lifecycle.needs_reason(after) and not reason:
        raise Refused(say(NEEDS_REASON))
    event = put(act, report, after, reason)
    told: list[Phrase] = [say(words.CHANGED[after], **words.head(act, report))]
    if reason:
        told.append(say(words.REASON, words=reason))
    tell(act, report, event, {"lines": told})
    refresh(act, report)
    return report


@action(GESTOR)
def answer(act: Act, report_id: int, said: str) -> Report:
    """Answer whoever told it, in words that anybody may read."""
    report = get(act, report_id)
    event = record(act, report, ANSWER, said=said)
    act.audit("answer", f"report:{report_id}")
    tell(
        act,
        report,
        event,
        {
            "lines": [
                say(words.ANSWER, **words.head(act, report)),
                say(words.QUOTE, words=said),
            ]
        },
    )
    refresh(act, report)
    return report


@action(GESTOR)
def ask(act: Act, report_id: int, said: str) -> Report:
    """Ask whoever told it for more; their reply joins the report."""
    report = get(act, report_id)
    if report.person_id is None:
        raise Refused(say(NOBODY_TO_ASK))
    record(act, report, QUESTION, said=said)
    act.audit("ask", f"report:{report_id}")
    tell_reporter(
        act,
        report,
        {"lines": [say(words.ASK, **words.head(act, report)), say(words.QUOTE, words=said)]},
        words.reply_button(report),
    )
    refresh(act, report)
    return report
