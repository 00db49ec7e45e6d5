"""How a report is told: to the one who told us, and on the card of those who look after it."""

from __future__ import annotations

from actions.act import Act
from actions.buttons import Menu, ReportTap
from actions.world import category_name
from civic import lifecycle
from civic.lifecycle import (
    CLOSED,
    CONFIRMED,
    FIXED,
    HIDDEN,
    IN_PROGRESS,
    INVESTIGATING,
    PLANNED,
    RECEIVED,
)
from flows.phrase import N_, Phrase, count, lines, moment, say
from storage import parcel
from storage import report as reports
from storage.parcel import Buttons, Parcel
from storage.report import Report

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
    RECEIVED: N_("Your report <b>{code}</b> ({category}) was opened again."),
    CONFIRMED: N_("Your report <b>{code}</b> ({category}) was confirmed: the team has seen it."),
    INVESTIGATING: N_("The team is looking into your report <b>{code}</b> ({category})."),
    PLANNED: N_("The work on your report <b>{code}</b> ({category}) has been planned."),
    IN_PROGRESS: N_("Work on your report <b>{code}</b> ({category}) has begun."),
    FIXED: N_("Your report <b>{code}</b> ({category}) was marked as fixed."),
    CLOSED: N_("Your report <b>{code}</b> ({category}) was closed."),
    HIDDEN: N_("Your report <b>{code}</b> ({category}) is no longer shown to others."),
}
HEADING = N_("<b>{code}</b> · {category}")
REASON = N_("Reason: {words}")
ANSWER = N_("The team answers about your report <b>{code}</b> ({category}):")
QUOTE = N_("“{words}”")
VOICE_NOTE = N_("🎙 A voice note of {seconds} s")
WHERE, WHERE_WORDS = N_("📍 {place}"), N_("📍 {place} · {words}")
NO_PLACE = N_("a place without a barrio")
TOLD_ON = N_("Told on {when}")
REOPENED = N_("↩️ Opened again: the neighbour says it is not fixed.")
NOT_FIXED_TWICE = N_("❗ The neighbour says for the second time that it is not fixed. You decide.")
ADDED = N_("➕ Added by the neighbour:")
ASKED_MORE = N_("❓ Asked: {words}")
ANSWERED = N_("💬 Answered: {words}")
ASK = N_("The team asks about your report <b>{code}</b> ({category}):")
REPLY, PHOTOS, PLACE = N_("Reply"), N_("Photos"), N_("Place on the map")
ANSWER_BUTTON, ASK_BUTTON = N_("Answer"), N_("Ask for more")
FOLLOW_UP = N_(
    "Some time ago your report <b>{code}</b> ({category}) was marked as fixed. Was it fixed?"
)
YES_FIXED, NO_FIXED = N_("Yes, it was fixed"), N_("No, it was not")


def category_of(act: Act, report: Report) -> Phrase:
    """The report's category as people see it, also when the town no longer uses it."""
    category = act.town.category(report.category_id)
    if category is None:
        from storage.town import Category

        category = act.session.get(Category, report.category_id)
    return category_name(category) if category else report.code


def head(act: Act, report: Report) -> dict[str, Phrase]:
    """The values every sentence about a report has: its code and its category."""
    return {"code": report.code, "category": category_of(act, report)}


def where(act: Act, report: Report) -> Phrase:
    """The place of a report: its barrio, the words it was given in, or both."""
    territory = act.town.territory(report.territory_id)
    name: Phrase = territory.name if territory else ""
    if report.address and name:
        return say(WHERE_WORDS, place=name, words=report.address)
    if not name and not report.address:
        return say(WHERE, place=say(NO_PLACE))
    return say(WHERE, place=name or report.address or "")


def what(report: Report) -> Phrase:
    """What was told: the words, or that there is a voice note."""
    if report.voice:
        return say(VOICE_NOTE, seconds=report.voice["seconds"])
    return say(QUOTE, words=report.words or "")


def card(act: Act, report: Report) -> Parcel:
    """The card of those who look after a report."""
    assert report.id is not None
    kept = reports.photos(act.session, report.id)
    photos = [photo for photo in kept if photo.kind != reports.VOICE]
    parts: list[Phrase] = [
        say(HEADING, **head(act, report)),
        say(STATES[report.state]),
        where(act, report),
        what(report),
    ]
    if photos:
        parts.append(count("📷 {count} photo", "📷 {count} photos", len(photos)))
    parts += _history(act, report)
    parts.append(say(TOLD_ON, when=moment(report.created_at)))
    return parcel.message({"lines": parts}, card_buttons(report, len(kept)))


def _history(act: Act, report: Report) -> list[Phrase]:
    assert report.id is not None
    told: list[Phrase] = []
    for event in reversed(
        reports.last_events(
            act.session, report.id, ("question", "addition", "answer", "verdict"), 4
        )
    ):
        if event.kind == "question":
            told.append(say(ASKED_MORE, words=event.words or ""))
        elif event.kind == "answer":
            told.append(say(ANSWERED, words=event.words or ""))
        elif event.kind == "verdict":
            told.append(say(REOPENED if report.reopened == 1 else NOT_FIXED_TWICE))
        else:
            # Photos and voice notes are behind the card's button.
            told += [say(ADDED), say(QUOTE, words=event.words) if event.words else "📎"]
    return told


def card_buttons(report: Report, photos: int) -> Buttons:
    """The moves a gestor may make now, and what else can be asked of a card."""
    assert report.id is not None
    rows: Buttons = []
    moves = [
        parcel.button(say(MOVES[after]), ReportTap(do="move", report=report.id, word=after).pack())
        for after in lifecycle.next_states(report.state, lifecycle.GESTOR)
    ]
    rows += [moves[i : i + 2] for i in range(0, len(moves), 2)]
    rows.append(
        [
            parcel.button(say(ANSWER_BUTTON), ReportTap(do="answer", report=report.id).pack()),
            parcel.button(say(ASK_BUTTON), ReportTap(do="ask", report=report.id).pack()),
        ]
    )
    extras = []
    if photos or report.voice:
        extras.append(parcel.button(say(PHOTOS), ReportTap(do="photos", report=report.id).pack()))
    if report.latitude is not None:
        extras.append(parcel.button(say(PLACE), ReportTap(do="place", report=report.id).pack()))
    if extras:
        rows.append(extras)
    return rows


def mine(act: Act, found: list[Report]) -> Phrase:
    """A person's own reports, a paragraph each."""
    return lines(
        lines(
            [
                say(HEADING, **head(act, report)),
                say(STATES[report.state]),
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
