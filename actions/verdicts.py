"""What follows from the answers to "was it fixed?".

The first No reopens a report; after that the gestora decides. Three people's Yes confirm a repair.
A private report concerns whoever told it alone.
"""

from __future__ import annotations

from typing import Any

from actions import deadlines, terms
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, action
from actions.additions import not_too_often
from actions.report_cards import hand_out, refresh, subject
from actions.report_events import move, record
from actions.report_news import tell
from actions.reports import NO_SUCH_REPORT, not_banned
from civic import lifecycle
from civic.lifecycle import FIXED, HIDDEN
from flows.phrase import N_, lines, say
from storage import card as cards
from storage import support
from storage.report import EVIDENCE, VOICE, Report, ReportPhoto
from storage.report_event import KEPT
from storage.report_event import UNSURE as DOUBTED
from storage.report_event import VERDICT as DENIED
from storage.support import NO, UNSURE, YES, Verdict

JUDGED = N_("Thank you: we had your answer already.")
OPEN_AGAIN = N_("Thank you. This report is open again already: the team is looking after it.")
OVER = N_("Thank you. That question is over: see /misreportes for how the report is now.")
ENOUGH = N_("Thank you: there are photos enough of this report.")
SURELY = N_("✅ Neighbours confirm it: report <b>{code}</b> ({category}) is fixed.")
NOT_FIXED = N_("A neighbour says that it is not fixed.")
MOST_EVIDENCE = 6
"""Of one person about one report."""


@action(CITIZEN)
def judge(act: Act, report_id: int, asking: int, answer: str) -> str:
    """Answer "was it fixed?" with yes, no or unsure; what follows from it.

    "thanks", "unsure", "reopen", or "ask_gestor" (a second No) for the gestora to decide. Who was
    not sure may say yes or no later.
    """
    report = concerned(act, report_id)
    not_banned(act)
    if answer not in (YES, NO, UNSURE) or asking > report.reopened:
        raise Refused(say(OVER))
    given = support.verdict_of(act.session, report_id, asking, act.my_id)
    if given is not None and (given.answer != UNSURE or answer == UNSURE):
        raise Refused(say(JUDGED))
    if asking < report.reopened and report.state in lifecycle.OPEN:
        raise Refused(say(OPEN_AGAIN))
    if asking != report.reopened or report.state != FIXED:
        raise Refused(say(OVER))
    if given is None:
        given = Verdict(
            report_id=report_id,
            person_id=act.my_id,
            asking=asking,
            answer=answer,
            created_at=act.now,
        )
        act.session.add(given)
    given.answer, given.created_at = answer, act.now
    act.session.flush()
    act.audit("judge", f"report:{report_id}", answer=answer, asking=asking)
    if answer == YES:
        return _yes(act, report)
    if answer == NO:
        return _no(act, report, given)
    record(act, report, DOUBTED)
    refresh(act, report)
    return "unsure"


def _yes(act: Act, report: Report) -> str:
    event = record(act, report, KEPT)
    yes = support.said(act.session, event.report_id, report.reopened, YES)
    if report.neighbours_at is None and lifecycle.confirmed_by_neighbours(yes):
        report.neighbours_at = act.now
        act.session.flush()
        tell(act, report, event, say(SURELY, **words.head(act, report)))
    refresh(act, report)
    return "thanks"


def _no(act: Act, report: Report, given: Verdict) -> str:
    waited = terms.undecided(act, report) is not None
    record(act, report, DENIED)
    outcome = lifecycle.after_no(support.denied(act.session, given.report_id, given.id))
    others = support.said(act.session, given.report_id, given.asking, NO) - 1
    if outcome == "reopen":
        event = move(act, report, lifecycle.REOPENED)
        act.audit("reopen", f"report:{report.id}", before=event.before, after=event.after)
        told = [say(words.CHANGED[event.after or ""], **words.head(act, report)), say(NOT_FIXED)]
        tell(act, report, event, lines(told))
    elif not waited:
        # It goes up like what is overdue until somebody decides.
        deadlines.watch(act, report)
    if not cards.chats_of(act.session, subject(report)):
        hand_out(act, report)
    # Whoever says so after the first one brings the card up to date, and nobody's telephone rings.
    refresh(act, report, anew=not others)
    return outcome


@action(CITIZEN)
def add_why(
    act: Act,
    report_id: int,
    asking: int,
    *,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Say why it is not fixed, in words or by voice, and show it."""
    report = concerned(act, report_id)
    not_banned(act)
    given = support.verdict_of(act.session, report_id, asking, act.my_id)
    if given is None or given.answer != NO:
        raise Refused(say(OVER))
    if said:
        given.why = said
        event = support.denial_of(act.session, report_id, act.my_id)
        if event is not None:
            event.words = said
    kept = list(photos)
    if voice is not None:
        kept.append({"file_id": voice["file_id"], "unique_id": voice["file_id"], "kind": VOICE})
    _keep(act, report, kept)
    act.audit("add_why", f"report:{report_id}", photos=len(photos))
    refresh(act, report)
    return report


@action(CITIZEN)
def add_evidence(act: Act, report_id: int, asking: int, photos: list[dict[str, Any]]) -> Report:
    """Show how it is now, with an answer to "was it fixed?"."""
    report = may_show(act, report_id, asking)
    not_too_often(act)
    _keep(act, report, photos)
    act.audit("add_evidence", f"report:{report_id}", photos=len(photos))
    refresh(act, report)
    return report


@action(CITIZEN)
def may_show(act: Act, report_id: int, asking: int) -> Report:
    """A report that this person has answered about, and may show photos of. Raises Refused."""
    report = concerned(act, report_id)
    not_banned(act)
    if support.verdict_of(act.session, report_id, asking, act.my_id) is None:
        raise Refused(say(OVER))
    if support.evidence_of(act.session, report_id, act.my_id) >= MOST_EVIDENCE:
        raise Refused(say(ENOUGH))
    return report


def _keep(act: Act, report: Report, photos: list[dict[str, Any]]) -> None:
    for photo in photos:
        act.session.add(
            ReportPhoto(
                report_id=report.id or 0,
                person_id=act.my_id,
                moment=EVIDENCE,
                created_at=act.now,
                **photo,
            )
        )
    act.session.flush()


def concerned(act: Act, report_id: int) -> Report:
    """A report that this person told, or joined while others may see it. Raises Refused for
    anybody else's."""
    report = act.session.get(Report, report_id)
    if report is None or report.state == HIDDEN:
        raise Refused(say(NO_SUCH_REPORT))
    if report.person_id == act.my_id:
        return report
    if report.private or support.of(act.session, report_id, act.my_id) is None:
        raise Refused(say(NO_SUCH_REPORT))
    return report
