"""A report as the team sees it: what it is first, then what is known, then what can be done.

It has four faces: the main buttons, the rarer ones, the list of colleagues, and a question before
it is hidden. Any change of the report turns the main face up again.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions import report_attributes, report_history, terms
from actions import report_words as words
from actions.act import Act
from actions.buttons import ReportTap
from civic import lifecycle
from civic.lifecycle import FIXED, HIDDEN, OPEN
from flows.phrase import N_, Phrase, count, day, moment, say
from storage import parcel, redaction, report_event
from storage import person as people
from storage import report as reports
from storage.parcel import Buttons, Parcel
from storage.person import Person
from storage.report import AFTER, EVIDENCE, VOICE, Report
from storage.report_event import STATE, VERDICT

LONGEST_WORDS = 1200
"""Of what was told, in UTF-16 units: the rest of the card must be seen without scrolling far."""
LINES = 4
"""Of its history on a card."""
COLLEAGUES = 8
"""On a page."""

PRIVATE = N_("🔒 Private: only the team and whoever told it see this.")
NOBODY_YET, HAS_IT = N_("👤 Nobody has taken it yet"), N_("👤 {person}")
DUE_ON, OVERDUE = N_("⏳ To be done by {day}"), N_("⏰ Overdue since {day}")
EXPECTED_ON = N_("📆 Expected on {day}")
BANNED = N_("🚫 Whoever told it may not write until {day}")
UNREACHED = N_("📵 Whoever told it cannot be written to now: they have blocked this chat or left.")
AFTER_PHOTO = N_("📸 With a photo of the work")
EVIDENCE_PHOTO = N_("📸 With a photo from the neighbours")
TAKE, TAKE_OVER, LEAVE = N_("✋ Take it"), N_("✋ Take it over"), N_("Nobody for now")
MORE, BACK = N_("More…"), N_("⬅️ Back")
ASSIGN, NOTE = N_("👤 Give it to…"), N_("🗒 Note for the team")
AFTER_BUTTON, EXPECT = N_("📸 Photo of the work"), N_("📆 Expected date")
MERGE, REDACT = N_("🔗 It is the same as…"), N_("🖍 Take out words or photos")
MAKE_PRIVATE, MAKE_PUBLIC = N_("🔒 Make it private"), N_("🔓 Make it public")
BAN, LIFT = N_("🚫 Ban somebody"), N_("Let them write again")
SURE_HIDE = N_(
    "Shall I hide this report? Only the team will see it. Whoever waits for it is told at once."
)
YES_HIDE, NO_HIDE = N_("🙈 Yes, hide it"), N_("No, leave it as it is")
UNNAME = N_("🏷 Take back the name “{name}”")
CATEGORIZE, LOCATE = N_("🏷 Another subject"), N_("📍 Its barrio")
HISTORY, ORIGINALS = N_("📜 History"), N_("🗄 What was taken out")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a report can be given to."""

    id: int
    name: str
    telegram_id: int


def card(
    act: Act, report: Report, face: Buttons | None = None, asked: Phrase | None = None
) -> Parcel:
    """The card of those who look after a report; `face` is other buttons than the main ones, with
    what is `asked` above them."""
    assert report.id is not None
    kept = reports.photos(act.session, report.id)
    text: list[Phrase] = [
        say(words.HEADING, **words.head(act, report)),
        words.standing(act, report),
        *_marks(act, report),
        *words.places(act, report),
        words.what(report, LONGEST_WORDS),
        *report_attributes.told(words.category(act, report), report.attributes),
    ]
    pictures = [photo for photo in kept if photo.kind != VOICE]
    if pictures:
        text.append(count("📷 {count} photo", "📷 {count} photos", len(pictures)))
    if any(photo.moment == AFTER for photo in pictures):
        text.append(say(AFTER_PHOTO))
    if any(photo.moment == EVIDENCE for photo in pictures):
        text.append(say(EVIDENCE_PHOTO))
    if report.supports:
        text.append(count("🤝 {count} neighbour joined", "🤝 {count} neighbours joined",
                          report.supports))  # fmt: skip
    text += _work(act, report)
    text.append(say(words.TOLD_ON, when=moment(report.created_at)))
    text += report_history.last(act, report, LINES)
    if asked is not None:
        text += ["", asked]
    return parcel.message({"lines": text}, face or main_face(report, len(kept)))


def _marks(act: Act, report: Report) -> list[Phrase]:
    """What must not be overlooked."""
    assert report.id is not None
    marks: list[Phrase] = []
    if terms.undecided(act, report) is not None:
        marks.append(say(words.NOT_FIXED_TWICE))
    elif report.state == lifecycle.REOPENED and report.reopened:
        newest = report_event.last_events(act.session, report.id, (STATE, VERDICT), 2)
        kinds = [event.kind for event in newest]
        if kinds == [STATE, VERDICT] and newest[0].person_id == newest[1].person_id:
            # The No and what it did are one turn of the same person.
            marks.append(say(words.REOPENED))
    if report.private:
        marks.append(say(PRIVATE))
    teller = act.session.get(Person, report.person_id) if report.person_id is not None else None
    if teller is not None and teller.banned_until is not None and teller.banned_until > act.now:
        marks.append(say(BANNED, day=day(teller.banned_until.astimezone(act.town.zone).date())))
    if teller is not None and not teller.reachable:
        marks.append(say(UNREACHED))
    return marks


def _work(act: Act, report: Report) -> list[Phrase]:
    """Who has it, and until when."""
    told: list[Phrase] = []
    if report.assignee_id is not None:
        told.append(say(HAS_IT, person=report_history.name(act, report.assignee_id)))
    elif report.state in OPEN:
        told.append(say(NOBODY_YET))
    if report.state not in OPEN:
        return told
    last = terms.last_day(act, report)
    if last is not None and terms.is_over(act, report):
        return [*told, say(OVERDUE, day=day(last))]
    # A day that was announced and takes the place of the term is told once.
    if last is not None and last != report.expected_on:
        told.append(say(DUE_ON, day=day(last)))
    if report.expected_on is not None:
        told.append(say(EXPECTED_ON, day=day(report.expected_on)))
    return told


def button(label: Phrase, report: Report, do: str, word: str = "") -> dict[str, object]:
    """A button of a report's card."""
    assert report.id is not None
    return parcel.button(label, ReportTap(do=do, report=report.id, word=word).pack())


def move_button(report: Report, after: str) -> dict[str, object]:
    """A move; it says from where, so that an old button moves nothing that has moved on."""
    return button(say(words.MOVES[after]), report, "move", f"{report.state}.{after}")


def main_face(report: Report, photos: int) -> Buttons:
    """Taking it, the next states, answering and asking, what there is to see."""
    rows: Buttons = []
    if report.state in OPEN and report.assignee_id is None:
        rows.append([button(say(TAKE), report, "take", "0")])
    moves = [
        move_button(report, after)
        for after in lifecycle.next_states(report.state, lifecycle.GESTOR)
        if after != HIDDEN
    ]
    rows += pairs(moves)
    rows.append(
        [
            button(say(words.ANSWER_BUTTON), report, "answer"),
            button(say(words.ASK_BUTTON), report, "ask"),
        ]
    )
    seen = []
    if photos or report.voice:
        seen.append(button(say(words.PHOTOS), report, "photos"))
    if report.latitude is not None:
        seen.append(button(say(words.PLACE), report, "place"))
    if seen:
        rows.append(seen)
    rows.append([button(say(MORE), report, "more")])
    return rows


def rarer_face(act: Act, report: Report) -> Buttons:
    """What is done less often; what was taken out is shown to administrators alone."""
    assert report.id is not None
    rows: Buttons = [
        [button(say(ASSIGN), report, "assign"), button(say(NOTE), report, "note")],
        [button(say(AFTER_BUTTON), report, "after"), button(say(EXPECT), report, "expected")],
        [button(say(MERGE), report, "merge"), button(say(HISTORY), report, "history")],
    ]
    if report.state not in OPEN:
        rows[1].pop()
        rows[2] = [button(say(HISTORY), report, "history")]
        if report.state == FIXED:
            rows[2].insert(0, button(say(MERGE), report, "merge"))
    put_right = []
    if len(act.town.categories) > 1:
        put_right.append(button(say(CATEGORIZE), report, "categorize"))
    # Where there is a point, the outlines know.
    if report.latitude is None and len(act.town.atlas.leaves(None)) > 1:
        put_right.append(button(say(LOCATE), report, "locate"))
    if put_right:
        rows.append(put_right)
    rows.append([button(say(REDACT), report, "redact")])
    privacy = (MAKE_PUBLIC, "public") if report.private else (MAKE_PRIVATE, "private")
    rows.append([button(say(privacy[0]), report, "privacy", privacy[1])])
    if lifecycle.may_move(report.state, HIDDEN, lifecycle.GESTOR):
        rows[-1].append(button(say(words.MOVES[HIDDEN]), report, "hide", report.state))
    rows.append([button(say(BAN), report, "ban")])
    teller = act.session.get(Person, report.person_id) if report.person_id is not None else None
    if teller is not None and teller.banned_until is not None and teller.banned_until > act.now:
        rows[-1].append(button(say(LIFT), report, "lift"))
    if teller is not None and teller.pseudonym:
        rows.append([button(say(UNNAME, name=teller.pseudonym), report, "unname")])
    if act.is_admin() and redaction.of_report(act.session, report.id):
        rows.append([button(say(ORIGINALS), report, "originals")])
    rows.append([button(say(BACK), report, "back")])
    return rows


def hiding_face(report: Report) -> Buttons:
    """Asked once, since whoever waits for it is told at once."""
    move = f"{report.state}.{HIDDEN}"
    return [
        [button(say(YES_HIDE), report, "move", move)],
        [button(say(NO_HIDE), report, "more")],
    ]


def colleagues(act: Act) -> list[Colleague]:
    """Everybody a report can be given to: gestores, and the admins who have agreed."""
    found = {p.id: p for p in people.holders(act.session, people.GESTOR)}
    for admin in admins(act):
        found.setdefault(admin.id, admin)
    return [Colleague(p.id or 0, p.name, p.telegram_id) for p in found.values()]


def admins(act: Act) -> list[Person]:
    """The admins who have agreed."""
    known = [people.by_telegram(act.session, number) for number in sorted(act.world.admins)]
    return [admin for admin in known if admin is not None]


def colleagues_face(act: Act, report: Report, page: int) -> Buttons:
    """A page of everybody a report can be given to."""
    found = colleagues(act)
    pages = max(1, -(-len(found) // COLLEAGUES))
    page = min(max(page, 0), pages - 1)
    # Who has it now goes along, so that two who give it away at once do not undo one another.
    holder = report.assignee_id or 0
    rows = pairs(
        [
            button(one.name or "…", report, "give", f"{holder}.{one.id}")
            for one in found[page * COLLEAGUES : (page + 1) * COLLEAGUES]
            if one.id != holder
        ]
    )
    turn = []
    if page > 0:
        turn.append(button(say(N_("◀️ Previous")), report, "assign", str(page - 1)))
    if page < pages - 1:
        turn.append(button(say(N_("Next ▶️")), report, "assign", str(page + 1)))
    if turn:
        rows.append(turn)
    if holder:
        rows.append(
            [
                button(say(TAKE_OVER), report, "take", str(holder)),
                button(say(LEAVE), report, "give", f"{holder}.0"),
            ]
        )
    rows.append([button(say(BACK), report, "back")])
    return rows


def pairs(buttons: list[dict[str, object]]) -> Buttons:
    """Two in a row."""
    return [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
