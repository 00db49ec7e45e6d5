"""What nobody should read or see is taken out: at once, one thing at a time, and never lost.

The original is kept for administrators, who are written down when they look at it, and goes with
its author when they ask to be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions import quiet, report_history, report_views
from actions import report_words as words
from actions.act import ADMIN, GESTOR, Act, Refused, action
from actions.report_cards import refresh
from actions.report_events import record
from actions.reports import get
from flows.characters import one_line
from flows.phrase import N_, Phrase, moment, say
from storage import parcel, redaction, report_event
from storage import report as reports
from storage.person import Person
from storage.redaction import Redaction
from storage.report import AFTER, EVIDENCE, PHOTO, VOICE, Report, ReportPhoto
from storage.report_event import EVENTS, REDACTED, ReportEvent

GONE = N_("That was taken out already, or is there no more.")
NOTHING_TAKEN_OUT = N_("Nothing has been taken out of this report.")
TOLD = N_(
    "To protect people, the team has taken something out of what you told in report "
    "<b>{code}</b> ({category}). Others no longer see it."
)
WORDS, PLACE, VOICE_NOTE = (
    N_("Words: {words}"),
    N_("Place: {words}"),
    N_("Voice note of {seconds} s"),
)
ANSWER = N_("Answer: {words}")
POINT = N_("Point on the map")
PHOTO_OF, PHOTO_OF_WORK = N_("Photo of {when}"), N_("Photo of the work, {when}")
PHOTO_EVIDENCE = N_("Photo from the neighbours, {when}")
VOICE_OF = N_("Voice note of {when}")
SAID = N_("{what} {words}")
EXCERPT = 60
"""Of words on a button, in UTF-16 units."""
MOST_EVENTS = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that can be taken out; `file_id` of a photo, to be shown."""

    key: str
    label: Phrase
    file_id: str | None = None


def pieces(act: Act, report: Report) -> list[Piece]:
    """Everything of a report that can be taken out: words, place, point, answers, pictures,
    events."""
    assert report.id is not None
    found: list[Piece] = []
    if report.words:
        found.append(Piece("w", say(WORDS, words=one_line(report.words, EXCERPT))))
    if report.voice:
        found.append(Piece("pv", say(VOICE_NOTE, seconds=report.voice["seconds"])))
    if report.address:
        found.append(Piece("l", say(PLACE, words=one_line(report.address, EXCERPT))))
    if report.latitude is not None:
        # Named as pictures are, of which nothing can be written anew.
        found.append(Piece("pm", say(POINT)))
    for key, given in report.attributes.items():
        if isinstance(given, str) and given:
            found.append(Piece(f"a{key}", say(ANSWER, words=one_line(given, EXCERPT))))
    for photo in reports.photos(act.session, report.id):
        when = moment(photo.created_at, "short")
        label = {AFTER: PHOTO_OF_WORK, EVIDENCE: PHOTO_EVIDENCE}.get(photo.moment, PHOTO_OF)
        if photo.kind == VOICE:
            label = VOICE_OF
        shown = photo.file_id if photo.kind == PHOTO else None
        found.append(Piece(f"p{photo.id}", say(label, when=when), shown))
    for event in report_event.last_events(act.session, report.id, EVENTS, MOST_EVENTS):
        if event.words:
            what = report_history.what(act, event)
            label_ = say(SAID, what=what, words=one_line(event.words, EXCERPT))
            found.append(Piece(f"e{event.id}", label_))
    return found


@action(GESTOR)
def redact(act: Act, report_id: int, piece: str, instead: str | None = None) -> Report:
    """Take a piece out of a report; others read `instead`, or nothing. Its author is told."""
    report = get(act, report_id)
    if piece not in {one.key for one in pieces(act, report)}:
        raise Refused(say(GONE))
    kept = Redaction(report_id=report_id, made_by=act.my_id, created_at=act.now)
    kept.author_id = report_event.teller(act.session, report)
    _take_out(act, report, piece, instead, kept)
    act.session.add(kept)
    event = record(act, report, REDACTED)
    act.audit("redact", f"report:{report_id}", event=event.id, replaced=instead is not None)
    act.session.flush()
    refresh(act, report)
    report_views.turn_over(act, report)
    _tell_author(act, report, event, kept.author_id)
    return report


def _take_out(act: Act, report: Report, piece: str, instead: str | None, kept: Redaction) -> None:
    kind, name = piece[0], piece[1:]
    if kind == "w":
        kept.original, report.words = report.words, instead
    elif kind == "l":
        kept.original, report.address = report.address, instead
    elif kind == "a":
        kept.original = str(report.attributes[name])
        # A new dict: a change inside the old one would not be seen.
        report.attributes = {**report.attributes, name: instead}
    elif kind == "e":
        event = next(
            e
            for e in report_event.last_events(act.session, report.id or 0, EVENTS, MOST_EVENTS)
            if str(e.id) == name
        )
        kept.event_id, kept.author_id = event.id, event.person_id
        kept.original, event.words = event.words, instead
    elif name == "m":
        kept.original = f"{report.latitude}, {report.longitude}"
        report.latitude = report.longitude = report.cell = None
    else:
        photo = _photo(act, report, name)
        photo.hidden = True
        act.session.flush()
        kept.photo_id, kept.author_id = photo.id, photo.person_id


def _photo(act: Act, report: Report, name: str) -> ReportPhoto:
    """The photo of that number; the first voice note becomes one, so that it is kept like them."""
    if name != "v":
        found = act.session.get(ReportPhoto, int(name))
        assert found is not None
        return found
    assert report.voice is not None
    assert report.id is not None
    photo = ReportPhoto(
        report_id=report.id,
        person_id=report_event.teller(act.session, report),
        file_id=report.voice["file_id"],
        unique_id=report.voice["file_id"],
        kind=VOICE,
        created_at=report.created_at,
    )
    act.session.add(photo)
    report.voice = None
    return photo


def _tell_author(act: Act, report: Report, event: ReportEvent, author_id: int | None) -> None:
    if author_id is None or author_id == act.my_id:
        return
    author = act.session.get(Person, author_id)
    if author is not None:
        body = parcel.message(say(TOLD, **words.head(act, report)))
        quiet.owe(act, [(author.telegram_id, f"redacted:{event.id}:{author_id}", body)])


@action(ADMIN)
def originals(act: Act, report_id: int) -> list[tuple[Redaction, ReportPhoto | None]]:
    """What was taken out of a report, the oldest first; that it was looked at is written down."""
    get(act, report_id)
    found = redaction.of_report(act.session, report_id)
    if not found:
        raise Refused(say(NOTHING_TAKEN_OUT))
    act.audit("see_originals", f"report:{report_id}", pieces=len(found))
    return [
        (one, act.session.get(ReportPhoto, one.photo_id) if one.photo_id is not None else None)
        for one in found
    ]
