"""How a report is told: its head, its place, its state, in words that anybody may read."""

from __future__ import annotations

from typing import Protocol

from actions.act import Act
from actions.buttons import Menu
from actions.world import category_name
from civic import lifecycle
from civic.lifecycle import (
    CLOSED,
    CONFIRMED,
    DUPLICATE,
    FIXED,
    HIDDEN,
    IN_PROGRESS,
    INVESTIGATING,
    NO_ACTION,
    NOT_NEEDED,
    NOT_RESPONSIBLE,
    PLANNED,
    RECEIVED,
)
from flows.characters import trim
from flows.phrase import N_, Phrase, lines, say
from storage import parcel
from storage.parcel import Buttons
from storage.report import Report
from storage.report_event import ReportEvent
from storage.town import Category

STATES = {
    RECEIVED: N_("📥 Received"),
    CONFIRMED: N_("👀 Confirmed"),
    INVESTIGATING: N_("🔎 Being looked into"),
    PLANNED: N_("📅 Planned"),
    IN_PROGRESS: N_("🛠 In progress"),
    FIXED: N_("✅ Fixed"),
    CLOSED: N_("⛔ Closed"),
    HIDDEN: N_("🙈 Hidden"),
}
MOVES = {
    RECEIVED: N_("Reopen"),
    CONFIRMED: N_("Confirm"),
    INVESTIGATING: N_("Look into it"),
    PLANNED: N_("Plan the work"),
    IN_PROGRESS: N_("Start work"),
    FIXED: N_("Mark as fixed"),
    CLOSED: N_("Close, with a reason"),
    HIDDEN: N_("Hide"),
}
CHANGED = {
    RECEIVED: N_("Report <b>{code}</b> ({category}) was opened again."),
    CONFIRMED: N_("Report <b>{code}</b> ({category}) was confirmed: the team has seen it."),
    INVESTIGATING: N_("The team is looking into report <b>{code}</b> ({category})."),
    PLANNED: N_("The work on report <b>{code}</b> ({category}) has been planned."),
    IN_PROGRESS: N_("Work on report <b>{code}</b> ({category}) has begun."),
    FIXED: N_("Report <b>{code}</b> ({category}) was marked as fixed."),
    CLOSED: N_("Report <b>{code}</b> ({category}) was closed."),
    HIDDEN: N_("Report <b>{code}</b> ({category}) is no longer shown to others."),
}
"""What those who told it and those who joined it read."""
CLOSED_AS = {
    NO_ACTION: N_("⛔ Closed: nothing more will be done"),
    NOT_RESPONSIBLE: N_("⛔ Closed: it is up to {responsible}"),
    DUPLICATE: N_("⛔ Closed: {code} tells the same"),
    NOT_NEEDED: N_("⛔ Closed: no longer needed"),
}
WHY_CLOSED = {
    NO_ACTION: N_("Nothing more will be done about it."),
    NOT_RESPONSIBLE: N_("It is up to {responsible}, not to us."),
    DUPLICATE: N_("Report <b>{code}</b> tells the same: from now on you will hear of that one."),
    NOT_NEEDED: N_("It is no longer needed."),
}
AGAIN = N_("↩️ Opened again")
FIXED_BY_USERS = N_("✅ Fixed, the neighbours say")
FIXED_SURELY = N_("✅ Fixed, confirmed by neighbours")
TAKEN_OUT = N_("🖍 (The team has taken the words out.)")
TAKEN_BACK = N_("(Whoever told it has erased their words.)")
HEADING = N_("<b>{code}</b> · {category}")
REASON = N_("Reason: {words}")
ANSWER = N_("The team answers about report <b>{code}</b> ({category}):")
WORK_PHOTO = N_("📸 The team has sent a photo of the work")
QUOTE = N_("“{words}”")
VOICE_NOTE = N_("🎙 A voice note of {seconds} s")
WHERE, WHERE_WORDS = N_("📍 {place}"), N_("📍 {place} · {words}")
NO_PLACE = N_("a place without a barrio")
OUTSIDE = N_("🗺 Outside our territory")
TOLD_ON = N_("Told on {when}")
REOPENED = N_("↩️ Opened again: the neighbour says it is not fixed.")
NOT_FIXED_TWICE = N_("❗ The neighbour says for the second time that it is not fixed. You decide.")
ASK = N_("The team asks about your report <b>{code}</b> ({category}):")
REPLY, PHOTOS, PLACE = N_("Reply"), N_("Photos"), N_("Place on the map")
ANSWER_BUTTON, ASK_BUTTON = N_("Answer"), N_("Ask for more")


class Named(Protocol):
    """As much of a report as its head says."""

    @property
    def code(self) -> str:
        """What people know it by."""

    @property
    def category_id(self) -> int:
        """What it is about."""


class Closing(Protocol):
    """Why something was closed: as the report says while it is, and its history for good."""

    @property
    def closed_as(self) -> str | None:
        """One of civic.lifecycle.CLOSINGS."""

    @property
    def duplicate_of(self) -> int | None:
        """The number of the report that tells the same."""

    @property
    def responsible(self) -> str | None:
        """Whose it is, when it is not ours."""


class Placed(Protocol):
    """As much of a report as is said of where it is."""

    @property
    def territory_id(self) -> int | None:
        """Its barrio."""

    @property
    def address(self) -> str | None:
        """The words it was given in."""

    @property
    def outside(self) -> bool:
        """Whether its point is outside our territory."""


def category(act: Act, report: Named) -> Category | None:
    """The report's category, also when the town no longer uses it."""
    return act.town.category(report.category_id) or act.session.get(Category, report.category_id)


def category_named(act: Act, key: str) -> Phrase:
    """The category of a key as people see it."""
    found = act.town.category_by_key(key)
    return category_name(found) if found else key


def category_of(act: Act, report: Named) -> Phrase:
    """The report's category as people see it."""
    found = category(act, report)
    return category_name(found) if found else report.code


def standing(act: Act, report: Report) -> Phrase:
    """The state of a report in words: who fixed it, or why it is closed."""
    if report.state == FIXED and report.neighbours_at is not None:
        return say(FIXED_SURELY)
    if report.state == FIXED and report.fixed_by == lifecycle.USERS:
        return say(FIXED_BY_USERS)
    return state(act, report.state, report)


def became(act: Act, event: ReportEvent) -> Phrase:
    """The state that an event put a report into: why it was closed, or that it was opened again."""
    if event.before is not None and event.after == lifecycle.REOPENED:
        return say(AGAIN)
    return state(act, event.after, event)


def state(act: Act, name: str | None, closing: Closing) -> Phrase:
    """A state in words, with why where it is a closing of which that is known."""
    if name == CLOSED and closing.closed_as is not None:
        return say(CLOSED_AS[closing.closed_as], **closing_values(act, closing))
    return say(STATES[name or RECEIVED])


def closing_values(act: Act, closing: Closing) -> dict[str, Phrase]:
    """What the sentence about a closing needs: whose it is, or which report tells the same."""
    if closing.closed_as == lifecycle.NOT_RESPONSIBLE:
        return {"responsible": closing.responsible or "…"}
    if closing.closed_as == lifecycle.DUPLICATE:
        original = act.session.get(Report, closing.duplicate_of) if closing.duplicate_of else None
        return {"code": original.code if original else "…"}
    return {}


def head(act: Act, report: Named) -> dict[str, Phrase]:
    """The values every sentence about a report has: its code and its category."""
    return {"code": report.code, "category": category_of(act, report)}


def where(act: Act, report: Placed, *, typed: bool = True) -> Phrase:
    """The place of a report: its barrio, the words it was given in, or both; else where not.

    typed: with those words, which are whoever's who told it to erase: without them in what cannot
    be taken back.
    """
    territory = act.town.territory(report.territory_id)
    name: Phrase = territory.name if territory else ""
    address = report.address if typed else None
    if address and name:
        return say(WHERE_WORDS, place=name, words=address)
    if not name and not address:
        if report.outside:
            return say(OUTSIDE)
        return say(WHERE, place=say(NO_PLACE))
    return say(WHERE, place=name or address or "")


def places(act: Act, report: Placed) -> list[Phrase]:
    """Its place, and that it is outside our territory, which is told once."""
    place, outside = where(act, report), say(OUTSIDE)
    return [place, outside] if report.outside and place != outside else [place]


def what(report: Report, longest: int = 4000) -> Phrase:
    """What was told: that there is a voice note, and the words, at most so many UTF-16 units."""
    words = say(QUOTE, words=trim(report.words, longest)) if report.words else None
    if report.voice:
        voice = say(VOICE_NOTE, seconds=report.voice["seconds"])
        return voice if words is None else lines([voice, words])
    if words is None:
        return say(TAKEN_OUT if report.person_id is not None else TAKEN_BACK)
    return words


def mine(act: Act, found: list[Report]) -> Phrase:
    """A person's own reports, a paragraph each."""
    return lines(
        lines(
            [
                say(HEADING, **head(act, report)),
                standing(act, report),
                where(act, report),
                "",
            ]
        )
        for report in found
    )


def reply_button(report: Report) -> Buttons:
    """The way for a reporter to answer what was asked."""
    assert report.id is not None
    return [[parcel.button(say(REPLY), Menu(what="more", about=str(report.id)).pack())]]
