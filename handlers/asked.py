"""What somebody sends while the team waits for an answer of theirs joins the report it is about.

A reply to the very message that asked is the answer. Anything else is taken for one only when they
say so: it is offered below their own message, which Telegram gives back with the tap.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from actions import additions, reports
from actions.act import Act, Refused
from actions.buttons import AskedTap, Consent, Menu, OfferTap
from flows.characters import clean, one_line
from flows.files import LARGEST, is_image, too_heavy
from flows.given import Content, Document, Photo, Typed, Voice
from flows.phrase import N_, Phrase, lines, say
from flows.texts import LONGEST_VOICE, too_long
from handlers.consent import agrees, ask_consent
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.offers import NO, ONE_OF_MANY, TELL_AGAIN, offered
from handlers.registration import FLOWS
from handlers.reports import open_more, ways_from_added
from handlers.talk import Talk
from storage import letter, parcel, report_event
from storage.letter import Lane
from storage.report import Report

router = Router(name="asked")

ASKED = N_("The team has asked about your report <b>{code}</b>: “{words}”")
IS_IT = N_("Is this your answer? Then I add it to the report.")
YES, ANOTHER = N_("✅ Yes, add it to {code}"), N_("No, it is another problem")

THEN = "asked"
"""What the consent button carries of an answer: this, and the report's number."""
LONGEST = 1000
"""Of an answer, in UTF-16 units: as much as the form for it takes."""
LONGEST_QUESTION = 300
_TO_ANSWER = Menu(what="more").pack()


@dataclass(slots=True)
class Told:
    """What an answer holds, as the action takes it."""

    said: str | None = None
    voice: dict[str, Any] | None = None
    photos: list[dict[str, Any]] = field(default_factory=list)


def replied(act: Act, talk: Talk, to: Message | None, given: Content) -> bool:
    """Take a reply to a question of the team as its answer; False where it is none."""
    number = _asks_about(to)
    asked = act.session.get(Report, number) if number is not None else None
    if number is None or asked is None or not reports.is_mine(act, asked):
        return False
    if talk.active is not None and talk.active["about"].get("report") == number:
        # They are in the form for it already.
        return False
    _take(act, talk.chat_id, number, given, reply=True)
    return True


def _asks_about(message: Message | None) -> int | None:
    """The report that a message of ours asks about, as its one button to answer says."""
    markup = message.reply_markup if message is not None else None
    numbers = []
    for button in (button for row in (markup.inline_keyboard if markup else ()) for button in row):
        if (button.callback_data or "").startswith(_TO_ANSWER):
            numbers.append(number_in(str(button.callback_data).removeprefix(_TO_ANSWER)))
    return numbers[0] if len(numbers) == 1 else None


def ask_if_answer(act: Act, given: Content) -> bool:
    """Offer to add what came to the report that the team has asked about; False where it has not,
    or where this can be no answer."""
    me = act.actor.person_id
    if me is None or _told(given) is None:
        return False
    waiting = report_event.unanswered(act.session, me)
    if waiting is None:
        return False
    asked, question = waiting
    words = one_line(question.words or "", LONGEST_QUESTION)
    told: list[Phrase] = [say(ASKED, code=asked.code, words=words), say(IS_IT)]
    if _in_album(given):
        told.append(say(ONE_OF_MANY))
    add = AskedTap(do="add", report=asked.id or 0).pack()
    rows = [
        [parcel.button(say(YES, code=asked.code), add)],
        [parcel.button(say(ANOTHER), OfferTap(do="other").pack())],
        [parcel.button(say(NO), OfferTap(do="no").pack())],
    ]
    body = parcel.message(lines(told), rows)
    body["reply_to"] = given.message_id
    # Ten photos at once are asked about once.
    chat_id = act.actor.telegram_id
    act.turn.owe_once(chat_id, body, dedupe=_key("asked", chat_id, given), lane=Lane.REPLY)
    return True


def _key(what: str, chat_id: int, given: Content) -> str:
    """The name of what is said once of a message, or of all that came in one album."""
    album = given.album if isinstance(given, Photo | Document) else None
    return f"{what}:{chat_id}:{album or given.message_id}"


def _in_album(given: Content) -> bool:
    return isinstance(given, Photo | Document) and given.album is not None


def _told(given: Content) -> Told | None:
    """What came as an answer; None for what cannot be one as it is."""
    words = given.text if isinstance(given, Typed) else getattr(given, "caption", None)
    said = clean(words) if words else None
    if said is not None and too_long(said, LONGEST):
        return None
    match given:
        case Typed():
            return Told(said) if said else None
        case Voice():
            if given.seconds > LONGEST_VOICE:
                return None
            return Told(said, {"file_id": given.file_id, "seconds": given.seconds})
        case Photo():
            return Told(said, photos=[_photo(given, "photo")])
        case Document():
            if not is_image(given) or too_heavy(given.size, LARGEST):
                return None
            return Told(said, photos=[_photo(given, "document")])
    return None


def _photo(given: Photo | Document, kind: str) -> dict[str, Any]:
    return {"file_id": given.file_id, "unique_id": given.unique_id, "kind": kind}


def _take(act: Act, chat_id: int, number: int, given: Content, *, reply: bool) -> None:
    """Add an answer to its report, and say so. What cannot be one as it is, and what is the first
    of several photos, goes into the form, which says what it takes."""
    if not act.agreed():
        ask_consent(act, f"{THEN}-{number}", reply_to=given.message_id)
        return
    # Refused before anything is said of it, or asked.
    reports.not_banned(act)
    told = _told(given)
    if told is None or (_in_album(given) and not reply):
        _in_the_form(act, chat_id, number, given, told)
        return
    asked = reports.mine(act, number)
    done = parcel.message(
        say(FLOWS["more"].flow.done or "", code=asked.code), ways_from_added(asked)
    )
    # The same tap twice adds once; an album arrives photo by photo, and is told of once.
    key = _key("answer", chat_id, given)
    act.turn.flush()
    first = not letter.known_dedupes(act.session, [key])
    if not first and not _in_album(given):
        return
    try:
        additions.add(
            act, number, said=told.said, voice=told.voice, photos=told.photos, rest=not first
        )
    except Refused as refusal:
        if not refusal.for_now:
            raise
        act.turn.owe(chat_id, parcel.message(refusal.reason))
        _in_the_form(act, chat_id, number, given, told)
        return
    act.turn.owe_once(chat_id, done, dedupe=key, lane=Lane.REPLY)


def _in_the_form(act: Act, chat_id: int, number: int, given: Content, told: Told | None) -> None:
    talk = Talk(act, chat_id)
    about = {"report": number, "asked": True}
    if told is None:
        talk.begin("more", about)
        talk.give(given)
        return
    prefilled = {"words": told.said} if told.said else {}
    talk.begin("more", about, prefilled, {"photos": told.photos})


@router.callback_query(AskedTap.filter())
async def answered(query: CallbackQuery, callback_data: AskedTap, desk: Desk) -> None:
    given = offered(query)
    await desk.write(lambda act: _add(act, desk.user_id, callback_data.report, given))


@router.callback_query(Consent.filter(F.yes & F.then.regexp(rf"^{THEN}-\d{{1,9}}$")))
async def agreed(query: CallbackQuery, callback_data: Consent, desk: Desk) -> None:
    """Permission was given to keep an answer: it is taken up again."""
    given = offered(query)
    number = int(callback_data.then.partition("-")[2])

    def work(act: Act) -> None:
        if agrees(act, callback_data, reply_to=given.message_id if given else None):
            _add(act, desk.user_id, number, given)

    await desk.write(work)


def _add(act: Act, chat_id: int, number: int, given: Content | None) -> None:
    asked = reports.mine(act, number)
    if given is not None:
        _take(act, chat_id, number, given, reply=False)
        return
    act.turn.answer(say(TELL_AGAIN), alert=True)
    open_more(act, chat_id, str(asked.id))


@door(THEN)
def open_asked(act: Act, chat_id: int, about: str) -> None:
    """The form for an answer, when what they sent can no longer be seen."""
    open_more(act, chat_id, about)
