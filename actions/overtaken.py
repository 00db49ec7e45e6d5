"""Two of the team write about a report at once: the second is told who was first and what now
stands, and looks at her own words once more before they go.

A form keeps what it was opened on: the newest thing that those who wait had been told by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import report_history
from actions.act import Act, Refused
from flows.phrase import N_, Phrase, lines, say
from storage import report_event
from storage.report import Report
from storage.report_event import ANSWER, EXPECTED, QUESTION, STATE

SAID = (STATE, ANSWER, QUESTION, EXPECTED)
"""What those who wait for a report are told of it."""
MEANWHILE = N_("While you were writing, this happened to report <b>{code}</b>:")
STILL_HERE = N_("Nothing of yours was sent, and your words are still here. Do you want to go on?")
TOO_LATE = N_("So that can no longer be done, and nothing of yours was sent.")


def newest(act: Act, report: Report) -> int:
    """The number of the newest thing that was said of a report; 0 when there is none."""
    assert report.id is not None
    found = report_event.last_events(act.session, report.id, SAID, 1)
    return (found[0].id or 0) if found else 0


def about(act: Act, report: Report) -> dict[str, Any]:
    """What a form about a report keeps: which one, and what it was opened on."""
    return {"report": report.id, "seen": newest(act, report)}


def look_again(act: Act, report: Report, seen: int | None, kinds: Sequence[str] = SAID) -> None:
    """Raise Refused, for now, where somebody else has said something of these kinds since `seen`.

    seen: what the form was opened on (newest()); None: nothing that anybody looked at.
    """
    told = _since(act, report, seen, kinds)
    if told:
        raise Refused(lines([*told, say(STILL_HERE)]), for_now=True)


def too_late(act: Act, report: Report, seen: int | None) -> Refused | None:
    """What is said where somebody else has made impossible since `seen` what was asked for in
    words; None where nobody has."""
    told = _since(act, report, seen, (STATE,))
    return Refused(lines([*told, say(TOO_LATE)])) if told else None


def _since(act: Act, report: Report, seen: int | None, kinds: Sequence[str]) -> list[Phrase]:
    """The newest of what others have said of a report since `seen`, and when; nothing where nobody
    has."""
    assert report.id is not None
    found = report_event.last_events(act.session, report.id, kinds, 1)
    if seen is None or not found or (found[0].id or 0) <= seen:
        return []
    if found[0].person_id == act.actor.person_id:
        return []
    return [say(MEANWHILE, code=report.code), *report_history.entries(act, report, found)]
