"""Was it fixed? Those whom it concerns are asked some weeks after, and their No is heard.

The first No reopens a report; after the next one the gestora decides.
"""

from __future__ import annotations

from actions import report_words as words
from actions.act import CITIZEN, SYSTEM, Act, Refused, action
from actions.buttons import ReportTap
from actions.report_cards import refresh
from actions.report_events import move, record
from actions.reports import mine
from civic import lifecycle
from civic.lifecycle import FIXED
from flows.phrase import N_, say
from storage import parcel
from storage import report as reports
from storage.letter import Lane
from storage.person import Person
from storage.report import KEPT, STATE, VERDICT, Report

JUDGED = N_("Thank you: we had your answer already.")


@action(CITIZEN)
def judge(act: Act, report_id: int, fixed: bool) -> str:
    """Answer "was it fixed?": thanks, reopened, or (a second No) for the gestora to decide."""
    report = mine(act, report_id)
    assert report.id is not None
    last = reports.last_events(act.session, report.id, (VERDICT, KEPT, STATE), 1)
    if report.state != FIXED or (last and last[0].kind != STATE):
        raise Refused(say(JUDGED))
    if fixed:
        record(act, report, KEPT)
        act.audit("judge", f"report:{report_id}", fixed=True)
        return "thanks"
    record(act, report, VERDICT)
    outcome = lifecycle.after_no(report.reopened)
    report.reopened += 1
    act.audit("judge", f"report:{report_id}", fixed=False)
    if outcome == "reopen":
        move(act, report, lifecycle.REOPENED)
    act.session.flush()
    refresh(act, report, anew=True)
    return outcome


@action(SYSTEM)
def follow_up(act: Act, report_id: int) -> bool:
    """Ask whoever told it whether it was fixed; False when there is nothing to ask."""
    report = act.session.get(Report, report_id)
    if report is None or report.state != FIXED or report.person_id is None:
        return False
    assert report.id is not None
    assert report.fixed_at is not None
    person = act.session.get(Person, report.person_id)
    if person is None:
        return False
    buttons = [
        [
            parcel.button(
                say(words.YES_FIXED), ReportTap(do="verdict", report=report.id, word="yes").pack()
            ),
            parcel.button(
                say(words.NO_FIXED), ReportTap(do="verdict", report=report.id, word="no").pack()
            ),
        ]
    ]
    told = act.turn.owe_once(
        person.telegram_id,
        parcel.message(say(words.FOLLOW_UP, **words.head(act, report)), buttons),
        dedupe=f"follow_up:{report.id}:{report.fixed_at.isoformat()}",
        lane=Lane.REMINDER,
    )
    return told is not None
