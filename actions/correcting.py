"""The team puts right what a report is about and in which barrio it is: neighbours choose what
comes nearest, and an address may say nothing.

Whoever waits hears under which subject it is now, and by when; the barrio is for the queue alone.
"""

from __future__ import annotations

from actions import deadlines
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, action
from actions.casework import MOVED_ALREADY
from actions.report_cards import refresh
from actions.report_events import due_at, record
from actions.report_news import tell
from actions.reports import NO_SUCH_CATEGORY, get
from actions.world import category_name
from civic.lifecycle import OPEN
from flows.context import Option
from flows.phrase import N_, Phrase, day, lines, say
from storage.report import Report
from storage.report_event import CATEGORIZED, LOCATED

NO_SUCH_BARRIO = N_("That barrio is no longer on the list. Please choose another.")
NOW_UNDER = N_("🏷 The team has put report <b>{code}</b> under {category}. Before it was: {before}.")
BY = N_("⏳ To be dealt with by {day}")


def categories(act: Act, report: Report) -> list[Option]:
    """What a report could be about instead, by key."""
    others = [one for one in act.town.categories if one.id != report.category_id]
    return [Option(one.key, category_name(one)) for one in others]


def barrios(act: Act, report: Report) -> list[Option]:
    """Where a report could be instead, by key; none for a point, which the outlines know."""
    if report.latitude is not None:
        return []
    found = act.town.atlas.leaves(None)
    return [Option(one.key, one.name) for one in found if one.id != report.territory_id]


@action(GESTOR)
def categorize(act: Act, report_id: int, key: str, *, before: int | None = None) -> Report:
    """Put a report under another category, whose term begins now; `before` is the number of the one
    that was seen. The answers to the questions of the old one stay with it."""
    report = get(act, report_id)
    if before is not None and report.category_id != before:
        refresh(act, report)
        raise Refused(say(MOVED_ALREADY))
    category = next((one for one in act.town.categories if one.key == key), None)
    if category is None or category.id is None:
        raise Refused(say(NO_SUCH_CATEGORY))
    if category.id == report.category_id:
        return report
    old, was = words.category(act, report), words.category_of(act, report)
    report.category_id = category.id
    event = record(act, report, CATEGORIZED, before=old.key if old else None, after=category.key)
    act.audit("categorize", f"report:{report_id}", before=old.key if old else None, after=key)
    told: list[Phrase] = [say(NOW_UNDER, before=was, **words.head(act, report))]
    if report.state in OPEN:
        report.due_at = due_at(act, report)
        deadlines.watch(act, report)
        if report.due_at is not None and report.expected_on is None:
            told.append(say(BY, day=day(report.due_at.astimezone(act.town.zone).date())))
    tell(act, report, event, lines(told))
    refresh(act, report)
    return report


@action(GESTOR)
def locate(act: Act, report_id: int, key: str) -> Report:
    """Put a report that has no point into a barrio."""
    report = get(act, report_id)
    barrio = next((one for one in act.town.territories if one.key == key), None)
    if barrio is None or barrio.id is None or report.latitude is not None:
        raise Refused(say(NO_SUCH_BARRIO))
    if barrio.id == report.territory_id:
        return report
    old = act.town.territory(report.territory_id)
    report.territory_id = barrio.id
    record(act, report, LOCATED, before=old.key if old else None, after=barrio.key)
    act.audit("locate", f"report:{report_id}", after=barrio.key)
    refresh(act, report)
    return report
