"""A report as neighbours read it: who told it sees all of theirs, others never who told it.

A view is a card of its own chat, so that a tap changes it where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from actions import outdated, report_attributes, reports
from actions import report_words as words
from actions.act import Act
from actions.buttons import Menu, NeighbourTap
from civic import lifecycle
from civic.lifecycle import CLOSED, FIXED, HIDDEN, OPEN
from flows.characters import length, one_line
from flows.phrase import N_, Phrase, count, day, moment, say
from storage import parcel, report_event
from storage import report as stored
from storage.parcel import Buttons, Parcel
from storage.person import Person
from storage.report import AFTER, VOICE, Report, ReportPhoto
from storage.report_event import (
    ADDITION,
    ANSWER,
    CATEGORIZED,
    EXPECTED,
    KEPT,
    MERGED,
    QUESTION,
    STATE,
    UNSURE,
    VERDICT,
    ReportEvent,
)

LONGEST = 1000
"""Of what was told, in UTF-16 units."""
ROOM = 1500
"""For the newest words of the history, which are read whole: an answer has at most 1000."""
LONGEST_LINE = 220
"""Of somebody's words in one line of the history, once that room is full."""
LIST = "mine"
"""The name of the card of what somebody told or joined, and of the door to it."""
LINES = 8
"""Of the history."""

TOLD_BY, NEIGHBOUR = N_("Told by {name} on {when}"), N_("a neighbour")
TOLD_BY_YOU = N_("You told it on {when}")
PRIVATE = N_("🔒 Only you and the team can see it.")
PUBLIC = N_("👁 Your neighbours can see it, without your name.")
DUE = N_("⏳ To be dealt with by {day}")
EXPECTED_ON = N_("📅 Expected on {day}")
JOINED = N_("🤝 You have joined: you will hear what becomes of it.")
HISTORY = N_("<b>What has happened</b>")
MOVED = N_("{when}: {state}")
MOVED_BECAUSE = N_("{when}: {state} “{words}”")
SAID = N_("{when}: {what} “{words}”")
WHAT = {
    ANSWER: N_("💬 The team answered:"),
    QUESTION: N_("❓ The team asked:"),
    ADDITION: N_("➕ Added:"),
}
HAPPENED = {
    ADDITION: N_("{when}: ➕ photos or a voice note were added"),
    VERDICT: N_("{when}: ❌ a neighbour says that it is not fixed"),
    KEPT: N_("{when}: ✔️ a neighbour says that it is fixed"),
    UNSURE: N_("{when}: a neighbour is not sure that it is fixed"),
    MERGED: N_("{when}: 🔗 another report of the same was joined to this one"),
    EXPECTED: N_("{when}: 📅 the team named a day"),
}
NOW_UNDER = N_("{when}: 🏷 the team put it under {category}")
EXPECTED_LINE = N_("{when}: 📅 expected on {day}")
SHOWN = (STATE, ANSWER, ADDITION, VERDICT, KEPT, UNSURE, MERGED, CATEGORIZED, EXPECTED)
"""What anybody may read of its history."""

PHOTOS, PLACE = N_("📷 Photos"), N_("🗺 Map")
ADD, JOIN, LEAVE = N_("➕ Add words or photos"), N_("🤝 It happens to me too"), N_("Leave it")
MENDED, WITHDRAW = N_("✅ It is fixed already"), N_("🗑 Take it back")
MAKE_PRIVATE, MAKE_PUBLIC = N_("🔒 Only for the team"), N_("👁 Let neighbours see it")
MINE, MENU = N_("🗂 My reports"), N_("⬅️ Menu")
SURE = {
    "withdraw": N_("Shall I take back <b>{code}</b>? The team will not go on with it."),
    "let_go": N_(
        "Neighbours have joined <b>{code}</b>, so it stays open for them. Shall I take you off it? "
        "You will hear no more of it, and it will no longer be yours."
    ),
    "mended": N_("Is <b>{code}</b> fixed, and may I tell the team so?"),
    "leave": N_("Shall I take you off <b>{code}</b>? You will hear no more of it."),
}
YES = {
    "withdraw": N_("Yes, take it back"),
    "let_go": N_("Yes, take me off"),
    "mended": N_("Yes, it is fixed"),
    "leave": N_("Yes, take me off"),
}
NO = N_("No, leave it as it is")


def subject(report: Report) -> str:
    """The name of the card a neighbour reads it on."""
    return f"view:{report.id}"


def show(act: Act, report: Report, chat_id: int, *, anew: bool = True) -> None:
    """Put a report's view in a chat, as whoever acts may see it."""
    shown = view(act, report) if reports.may_see(act, report) else outdated.message(_way(report))
    act.turn.card(chat_id, subject(report), shown, anew=anew)


def ask_first(act: Act, report: Report, chat_id: int, what: str) -> None:
    """Ask once, in the place of the view, before something that is not easily undone."""
    assert report.id is not None
    asked = "let_go" if what == "withdraw" and stays_for_others(report) else what

    def tap(word: str) -> str:
        return NeighbourTap(do=what, report=report.id or 0, word=word).pack()

    rows = [
        [parcel.button(say(YES[asked]), tap("yes"))],
        [parcel.button(say(NO), tap("no"))],
    ]
    shown = parcel.message(say(SURE[asked], code=report.code), rows)
    act.turn.card(chat_id, subject(report), shown)


def stays_for_others(report: Report) -> bool:
    """Whether it is open for somebody else when whoever told it takes it back: who joined what is
    private by now can see it no more."""
    return bool(report.supports) and not report.private


def turn_over(act: Act, report: Report) -> None:
    """What neighbours have open of a report, and the lists of those who joined it, say that they
    have changed: what is read there is theirs to see no more, or nobody's."""
    assert report.id is not None
    outdated.turn_over(act, subject(report), _way(report))
    outdated.turn_over(act, LIST, Menu(what=LIST), joined=report.id)


def _way(report: Report) -> Menu:
    return Menu(what="r", about=report.code)


def view(act: Act, report: Report) -> Parcel:
    """A report as whoever acts may see it: their own, one they joined, or a neighbour's."""
    assert report.id is not None
    own, joined = reports.is_mine(act, report), reports.joined(act, report)
    pictures = photos(act, report)
    text: list[Phrase] = [
        say(words.HEADING, **words.head(act, report)),
        words.standing(act, report),
        *words.places(act, report),
    ]
    text.append(words.what(report, LONGEST))
    text += report_attributes.told(words.category(act, report), report.attributes)
    if pictures:
        text.append(count("📷 {count} photo", "📷 {count} photos", len(pictures)))
    if report.supports:
        text.append(
            count(
                "👥 {count} neighbour more has joined",
                "👥 {count} neighbours more have joined",
                report.supports,
            )
        )
    if report.state in OPEN and report.expected_on is not None:
        text.append(say(EXPECTED_ON, day=day(report.expected_on)))
    elif report.state in OPEN and report.due_at is not None:
        text.append(say(DUE, day=day(report.due_at.astimezone(act.town.zone).date())))
    told = moment(report.created_at)
    if own:
        text.append(say(TOLD_BY_YOU, when=told))
        text.append(say(PRIVATE if report.private else PUBLIC))
    else:
        text.append(say(TOLD_BY, name=author(act, report), when=told))
    if joined:
        text.append(say(JOINED))
    history = list(_history(act, report, own=own))
    if history:
        text += ["", say(HISTORY), *history]
    return parcel.message({"lines": text}, _buttons(report, own, joined, bool(pictures)))


def author(act: Act, report: Report) -> Phrase:
    """Who told it as others may know them: the name they chose, or a neighbour."""
    person = act.session.get(Person, report.person_id) if report.person_id is not None else None
    return person.pseudonym if person is not None and person.pseudonym else say(NEIGHBOUR)


def photos(act: Act, report: Report) -> list[ReportPhoto]:
    """The photos anybody may see: what was taken out is not among them, nor anybody's voice."""
    assert report.id is not None
    kept = stored.photos(act.session, report.id)
    return [photo for photo in kept if photo.kind != VOICE and not photo.hidden]


def _buttons(report: Report, own: bool, joined: bool, pictures: bool) -> Buttons:
    def tap(label: str, do: str) -> dict[str, object]:
        return parcel.button(say(label), NeighbourTap(do=do, report=report.id or 0).pack())

    rows: Buttons = []
    look = []
    if pictures:
        look.append(tap(PHOTOS, "photos"))
    if report.latitude is not None:
        look.append(tap(PLACE, "place"))
    if look:
        rows.append(look)
    if own or joined:
        rows.append([tap(ADD, "add")])
    if own:
        if lifecycle.may_move(report.state, FIXED, lifecycle.CITIZEN):
            rows.append([tap(MENDED, "mended")])
        if lifecycle.may_move(report.state, CLOSED, lifecycle.CITIZEN):
            rows.append([tap(WITHDRAW, "withdraw")])
        if report.private:
            rows.append([tap(MAKE_PUBLIC, "public")])
        elif not report.supports and report.state != HIDDEN:
            rows.append([tap(MAKE_PRIVATE, "private")])
    elif joined:
        rows.append([tap(LEAVE, "leave")])
    elif report.state in OPEN:
        rows.append([tap(JOIN, "join")])
    rows.append(
        [
            parcel.button(say(MINE), Menu(what="mine").pack()),
            parcel.button(say(MENU), Menu(what="menu").pack()),
        ]
    )
    return rows


def _history(act: Act, report: Report, *, own: bool) -> Iterator[Phrase]:
    assert report.id is not None
    kinds = (*SHOWN, QUESTION) if own else SHOWN
    room, lines = ROOM, []
    for event in report_event.last_events(act.session, report.id, kinds, LINES):
        said = one_line(event.words or "", max(LONGEST_LINE, room))
        room -= length(said)
        lines.append(_line(act, report, event, said))
    yield from reversed(lines)


def _line(act: Act, report: Report, event: ReportEvent, said: str) -> Phrase:
    when = day(event.created_at.astimezone(act.town.zone).date(), "medium")
    if event.kind == STATE:
        state = words.became(act, event)
        if said:
            return say(MOVED_BECAUSE, when=when, state=state, words=said)
        return say(MOVED, when=when, state=state)
    if event.kind == CATEGORIZED:
        named = words.category_named(act, event.after or "")
        return say(NOW_UNDER, when=when, category=named)
    if event.kind == EXPECTED and event.after:
        expected = say(EXPECTED_LINE, when=when, day=day(date.fromisoformat(event.after), "medium"))
        return {"row": [expected, say(words.QUOTE, words=said)]} if said else expected
    if event.kind == ANSWER and event.after == AFTER:
        work = say(words.WORK_PHOTO)
        if said:
            return say(SAID, when=when, what=work, words=said)
        return say(MOVED, when=when, state=work)
    if said and event.kind in WHAT:
        return say(SAID, when=when, what=say(WHAT[event.kind]), words=said)
    if event.kind in HAPPENED:
        return say(HAPPENED[event.kind], when=when)
    # Words that were taken out since.
    return say(SAID, when=when, what=say(WHAT[event.kind]), words="…")
