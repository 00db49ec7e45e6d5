"""Of two reports that tell the same one stays open: people wait for that one, and hear so.

Whoever told or joined the duplicate joins the original.
"""

from __future__ import annotations

from actions import nearby
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, action
from actions.casework import movable
from actions.report_cards import refresh
from actions.report_events import move, record
from actions.report_news import tell
from actions.reports import get
from civic import duplicates, lifecycle, nearness
from flows.phrase import N_, Phrase, lines, say
from storage import casework as stored
from storage import neighbours
from storage import report as reports
from storage.neighbours import Told
from storage.report import Report
from storage.report_event import MERGED

NO_SUCH_CODE = N_("I do not know a report <b>{code}</b>. Please check the code.")
ITSELF = N_("That is this very report. Please write the code of the other one.")
IT_REPEATS_THIS = N_("<b>{code}</b> was closed because it tells the same as this one.")
IS_PRIVATE = N_(
    "<b>{code}</b> is private, so nobody can be told to follow it. Join them the other way round."
)
IS_OVER = N_("<b>{code}</b> is closed or hidden. Open it again first, or choose another.")
JOINED_ALREADY = N_(
    "<b>{code}</b> was joined to <b>{original}</b> already. If it is that one, write {original}."
)
NEAR = N_("• <b>{code}</b> · {category} · {metres} m")
ALIKE = N_("• <b>{code}</b> · {category} · told alike")
MOST_NEAR, AT_MOST_M, MOST_READ = 5, 500.0, 50
"""How many are offered, how far away (m), and of how many they are chosen."""
NOBODY = 0
"""The number that no person has: nobody's private reports are looked at."""


def original_of(act: Act, report: Report, code: str) -> Report:
    """The report that a code names and that this one may be joined to. Raises Refused."""
    found = reports.by_code(act.session, written(code))
    if found is None:
        raise Refused(say(NO_SUCH_CODE, code=code.strip()))
    if found.id == report.id:
        raise Refused(say(ITSELF))
    if found.duplicate_of is not None:
        # What it repeats is the one that stays: named by its own code, there are no chains.
        original = get(act, found.duplicate_of)
        if original.id == report.id:
            raise Refused(say(IT_REPEATS_THIS, code=found.code))
        found = original
    if found.private:
        raise Refused(say(IS_PRIVATE, code=found.code))
    if found.state not in (*lifecycle.OPEN, lifecycle.FIXED):
        raise Refused(say(IS_OVER, code=found.code))
    return found


def written(code: str) -> str:
    """The code that somebody wrote, as a report has it: its number alone will do."""
    found = code.strip().upper()
    return f"R-{found}" if found.isdecimal() else found


def against(act: Act, report: Report, code: str) -> Phrase | None:
    """What speaks against joining a report to the one that a code names; None when nothing does.

    One that repeats another is not taken for it here: the code that was written is read again
    before it is sent, and people would be joined to one that nobody named.
    """
    try:
        original = original_of(act, report, code)
    except Refused as refused:
        return refused.reason
    named = written(code)
    if named == original.code:
        return None
    return say(JOINED_ALREADY, code=named, original=original.code)


def near(act: Act, report: Report) -> list[Phrase]:
    """Open reports of the same category close by, the likeliest first, then those told alike whose
    distance nobody can measure; a line each, and no private ones."""
    away = _away(act, report)
    known = {report.id, *(one.id for one, _ in away)}
    alike = nearby.told_alike(
        act,
        report.category_id,
        report.territory_id,
        address=report.address,
        details=report.words,
        measured=report.latitude is not None,
        viewer=NOBODY,
    )
    found = [say(NEAR, metres=round(metres), **words.head(act, one)) for one, metres in away]
    found += [say(ALIKE, **words.head(act, one)) for one in alike if one.id not in known]
    return found[:MOST_NEAR]


def _away(act: Act, report: Report) -> list[tuple[Told, float]]:
    """What is close by, and how far away (m), likeliest first."""
    latitude, longitude = report.latitude, report.longitude
    if latitude is None or longitude is None:
        return []
    squares = nearness.cells(latitude, longitude, AT_MOST_M)
    told = neighbours.near(
        act.session, report.category_id, squares, NOBODY, latitude, longitude, MOST_READ
    )
    others = [one for one in told if one.id != report.id]
    return duplicates.nearest(latitude, longitude, report.words, others, AT_MOST_M, MOST_NEAR)


@action(GESTOR)
def merge(act: Act, report_id: int, code: str, *, seen: int | None = None) -> Report:
    """Close a report as the same as another one, which it returns; seen: as movable() takes it."""
    report = movable(act, report_id, lifecycle.CLOSED, seen=seen)
    original = original_of(act, report, code)
    assert report.id is not None
    assert original.id is not None
    joined = stored.hand_on(act.session, report, original, act.now)
    stored.hand_on_duplicates(act.session, report.id, original.id)
    event = move(
        act,
        report,
        lifecycle.CLOSED,
        closed_as=lifecycle.DUPLICATE,
        duplicate_of=original.id,
    )
    record(act, original, MERGED, after=report.code)
    act.audit("merge", f"report:{report_id}", original=original.id, joined=joined)
    told = [
        say(words.CHANGED[lifecycle.CLOSED], **words.head(act, report)),
        say(words.WHY_CLOSED[lifecycle.DUPLICATE], code=original.code),
    ]
    tell(act, report, event, lines(told))
    refresh(act, report)
    refresh(act, original)
    return original
