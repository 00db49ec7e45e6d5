"""What happened to a report, as the team reads it: when, who, from what to what, and why.

Names of those in charge are for the team alone: what neighbours read never comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from actions.act import Act
from actions.report_words import STATES, category_named, state
from civic.lifecycle import FIXED, RECEIVED
from flows.characters import length, one_line
from flows.phrase import N_, Phrase, day, moment, say
from storage import report_event, support
from storage.person import Person
from storage.report import AFTER, Report
from storage.report_event import (
    ADDITION,
    ANSWER,
    ASSIGNED,
    CATEGORIZED,
    EVENTS,
    EXPECTED,
    KEPT,
    LOCATED,
    MERGED,
    NOTE,
    PRIVACY,
    QUESTION,
    REDACTED,
    STATE,
    SUPPORTED,
    UNSURE,
    VERDICT,
    ReportEvent,
)

ENTRY = N_("{when} · {who}: {what}")
SAID = N_("{what} “{words}”")
TELLER, NEIGHBOUR, SOMEBODY = N_("Whoever told it"), N_("A neighbour"), N_("Somebody")
MOVED = N_("{before} → {after}")
TOOK, GAVE, LEFT = N_("👤 took it"), N_("👤 gave it to {person}"), N_("👤 nobody has it now")
EXPECTED_ON = N_("📆 expected on {day}")
NOW_UNDER, NOW_IN = N_("🏷 put it under {category}"), N_("📍 put it in {place}")
SAME = N_("🔗 {code} tells the same")
WORK_PHOTO = N_("📸 sent a photo of the work")
PRIVATE, PUBLIC = N_("🔒 made it private"), N_("🔓 made it public")
WHAT = {
    ANSWER: N_("💬 answered"),
    QUESTION: N_("❓ asked"),
    ADDITION: N_("➕ added"),
    VERDICT: N_("❌ it is not fixed"),
    KEPT: N_("✔️ it is fixed"),
    UNSURE: N_("🤷 not sure that it is fixed"),
    EXPECTED: N_("📆 another date"),
    NOTE: N_("🗒 note for the team"),
    REDACTED: N_("🖍 took something out"),
}
THEIRS = frozenset({ADDITION, VERDICT, KEPT, UNSURE})
"""What neighbours do."""
TOLD = tuple(kind for kind in EVENTS if kind != SUPPORTED)
"""Joining is a number on the card: a crowd that joins hides nothing of what was done."""
LONGEST = 160
"""Of somebody's words in one line of the card, in UTF-16 units."""
A_PAGE, ROOM, A_LINE = 20, 3400, 100
"""So many lines at most, in so many UTF-16 units (a message has 4096); and what a line has beside
its words."""


def last(act: Act, report: Report, most: int) -> list[Phrase]:
    """The newest lines of a report's history, the oldest of them first."""
    assert report.id is not None
    found = report_event.last_events(act.session, report.id, TOLD, most + 1)
    # That it was told at all is on the card already.
    told = [event for event in found if event.kind != STATE or event.before is not None]
    return entries(act, report, reversed(told[:most]))


def page(act: Act, report: Report, before: int | None) -> tuple[list[Phrase], int | None]:
    """What happened before an event (None: all of it), the newest that one message holds with its
    words whole, the oldest of them first; and the event before which there is more, if there is.
    """
    assert report.id is not None
    found = report_event.last_events(act.session, report.id, TOLD, A_PAGE + 1, before=before)
    room, shown = ROOM, list[ReportEvent]()
    for event in found[:A_PAGE]:
        room -= A_LINE + length(event.words or "")
        if shown and room < 0:
            break
        shown.append(event)
    earlier = shown[-1].id if len(shown) < len(found) else None
    return entries(act, report, reversed(shown), longest=ROOM), earlier


def entries(
    act: Act, report: Report, events: Iterable[ReportEvent], *, longest: int = LONGEST
) -> list[Phrase]:
    """A line an event, its words cut at so many UTF-16 units."""
    return [
        say(
            ENTRY,
            when=moment(event.created_at, "short"),
            who=who(act, report, event),
            what=_with_words(what(act, event), event.words, longest),
        )
        for event in events
    ]


def who(act: Act, report: Report, event: ReportEvent) -> Phrase:
    """Who did it: somebody of the team by name, neighbours never."""
    if event.person_id is None:
        return say(SOMEBODY)
    if event.person_id == report_event.teller(act.session, report):
        return say(TELLER)
    if event.kind in THEIRS or _reopened_by_a_neighbour(act, event):
        return say(NEIGHBOUR)
    return name(act, event.person_id)


def name(act: Act, person_id: int | None) -> Phrase:
    """Somebody of the team by name; erased people have none."""
    person = act.session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None and person.name else say(SOMEBODY)


def what(act: Act, event: ReportEvent) -> Phrase:
    """What it was, without the words that came with it."""
    if event.kind == STATE:
        after = state(act, event.after, event)
        return say(MOVED, before=say(STATES[event.before]), after=after) if event.before else after
    if event.kind == ASSIGNED:
        if event.after is None:
            return say(LEFT)
        if event.after == str(event.person_id):
            return say(TOOK)
        return say(GAVE, person=name(act, int(event.after)))
    if event.kind == ANSWER and event.after == AFTER:
        return say(WORK_PHOTO)
    if event.kind == MERGED:
        return say(SAME, code=event.after or "")
    if event.kind == PRIVACY:
        return say(PRIVATE if event.after == "private" else PUBLIC)
    if event.kind == EXPECTED and event.after:
        return say(EXPECTED_ON, day=day(date.fromisoformat(event.after), "medium"))
    if event.kind == CATEGORIZED:
        return say(NOW_UNDER, category=category_named(act, event.after or ""))
    if event.kind == LOCATED:
        return say(NOW_IN, place=_place_named(act, event.after or ""))
    return say(WHAT[event.kind])


def _place_named(act: Act, key: str) -> str:
    places = (*act.town.territories, *act.town.retired_territories)
    return next((place.name for place in places if place.key == key), key)


def _with_words(done: Phrase, said: str | None, longest: int) -> Phrase:
    return say(SAID, what=done, words=one_line(said, longest)) if said else done


def _reopened_by_a_neighbour(act: Act, event: ReportEvent) -> bool:
    return (
        event.kind == STATE
        and (event.before, event.after) == (FIXED, RECEIVED)
        and event.person_id is not None
        and support.of(act.session, event.report_id, event.person_id) is not None
    )
