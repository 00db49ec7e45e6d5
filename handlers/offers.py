"""What somebody sends outside any conversation is offered as a report: kept by nobody until they
say yes.

The offer answers their own message, which Telegram gives back with the tap: so nothing is kept
before they agree to it, and nothing has to be told twice. Of an album it gives back one photo: the
others wait as a draft, of those who have agreed to the privacy text.
"""

from __future__ import annotations

import re
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from actions import reports, suggestions
from actions.act import Act
from actions.buttons import Consent, OfferTap
from actions.world import category_name
from flows import engine
from flows.albums import album_of
from flows.captions import as_words
from flows.files import Photos
from flows.given import Content, Document, Photo, Typed, Voice
from flows.phrase import N_, Phrase, count, lines, say
from handlers.consent import agrees, ask_consent
from handlers.desk import Desk
from handlers.doors import door, open_door
from handlers.menu import menu
from handlers.messages import given_of
from handlers.registration import FLOWS
from handlers.reports import begin_report
from handlers.talk import MOST_PARKED, Talk
from storage import parcel
from storage.letter import Lane
from storage.parcel import Buttons
from storage.town import Category

router = Router(name="offers")

SHALL_I = N_("Shall I make a report of this for the team?")
I_THINK = N_("I think it is about <b>{category}</b>.")
ONE_OF_MANY = N_("Of several photos I take this one; you can send the others in a moment.")
YES_ABOUT = N_("✅ Yes: {category}")
YES, OTHER, NO = N_("✅ Yes"), N_("Yes, but about something else"), N_("No, thank you")
ALL_RIGHT = N_("All right: nothing was kept.")
TELL_AGAIN = N_("I can no longer see that message, so please tell me again.")

THEN = "tell"
"""What the consent button carries of an offer: this, and the category's number."""
_A_CODE = re.compile(r"[rR][ -]?\d{1,9}")


def offer(act: Act, chat_id: int, given: Content) -> bool:
    """Offer to make a report of what came; False where it is no telling of anything."""
    words = _words(given)
    if words is not None and _A_CODE.fullmatch(words.strip()):
        # A code alone asks for that report.
        open_door(act, chat_id, f"r-{reports.code_in(words)}")
        return True
    if not _tells(given):
        return False
    category = suggestions.category_of(act, words) if words else None
    if isinstance(given, Typed) and category is None and not suggestions.is_story(given.text):
        return False
    album = album_of(given)
    if album is None:
        act.turn.owe(chat_id, _asked(category, [], given.message_id))
    elif not act.agreed() or not _offer_album(act, chat_id, given):
        # Ten photos at once are offered once.
        asked = _asked(category, [say(ONE_OF_MANY)], given.message_id)
        act.turn.owe_once(chat_id, asked, dedupe=f"album:{chat_id}:{album}", lane=Lane.REPLY)
    return True


def _offer_album(act: Act, chat_id: int, given: Content) -> bool:
    """Keep the photos of an album together until the offer is answered, since Telegram gives back
    only the one it stands under; False where there is no room for another draft."""
    talk = Talk(act, chat_id)
    entry = talk.join(given)
    if entry is None:
        if len(talk.parked) >= MOST_PARKED:
            return False
        entry = talk.set_aside("report", {"told": given.message_id}, given)
    elif not entry.get("offered"):
        return True
    entry["words"] = " ".join(filter(None, [entry.get("words"), _words(given)]))
    category = suggestions.category_of(act, entry["words"]) if entry["words"] else None
    talk.show(entry, _asked(category, _photos(entry), entry["about"]["told"]))
    return True


def _photos(entry: dict[str, Any]) -> list[Phrase]:
    """How many photos of an album are kept, and that there is no room for more of them."""
    flow = FLOWS[entry["name"]].flow
    question = flow.questions["photos"]
    assert isinstance(question, Photos)
    photos = engine.held(flow, entry["talk"], "photos").get("photos", [])
    if len(photos) == question.at_most and entry["talk"]["album"].get("said"):
        return [question.kept()]
    return [count("📷 {count} photo", "📷 {count} photos", len(photos))] if photos else []


def _words(given: Content) -> str | None:
    words = as_words(given)
    return words.text if isinstance(words, Typed) else None


def _tells(given: Content) -> bool:
    if isinstance(given, Document):
        return given.mime.lower().startswith("image/")
    return isinstance(given, Typed | Photo | Voice)


def _asked(category: Category | None, photos: list[Phrase], under: int) -> parcel.Parcel:
    """The offer, under the message of this number."""
    told: list[Phrase] = [say(SHALL_I)]
    if category is not None:
        told.append(say(I_THINK, category=category_name(category)))
    asked = parcel.message(lines([*told, *photos]), _answers(category))
    asked["reply_to"] = under
    return asked


def _answers(category: Category | None) -> Buttons:
    def tap(label: Phrase, do: str, number: int = 0) -> Buttons:
        return [[parcel.button(label, OfferTap(do=do, category=number).pack())]]

    if category is None:
        return [*tap(say(YES), "other"), *tap(say(NO), "no")]
    return [
        *tap(say(YES_ABOUT, category=category_name(category)), "yes", category.id or 0),
        *tap(say(OTHER), "other"),
        *tap(say(NO), "no"),
    ]


def offered(query: CallbackQuery) -> Content | None:
    """The message the offer answers, as Telegram gives it back; None if it is gone."""
    if not isinstance(query.message, Message) or query.message.reply_to_message is None:
        return None
    return given_of(query.message.reply_to_message)


@router.callback_query(OfferTap.filter())
async def answered(query: CallbackQuery, callback_data: OfferTap, desk: Desk) -> None:
    given = offered(query)

    def work(act: Act) -> None:
        if callback_data.do not in ("yes", "other"):
            if given is not None:
                Talk(act, desk.user_id).decline({"told": given.message_id})
            refused = menu(act, greet=False)
            act.turn.answer(say(ALL_RIGHT))
            act.turn.owe(desk.user_id, refused)
            return
        number = callback_data.category if callback_data.do == "yes" else 0
        if not act.agreed():
            ask_consent(act, f"{THEN}-{number}", reply_to=given.message_id if given else None)
            return
        begin(act, desk.user_id, given, number)

    await desk.write(work)


@router.callback_query(Consent.filter(F.yes & F.then.regexp(rf"^{THEN}-\d+$")))
async def agreed(query: CallbackQuery, callback_data: Consent, desk: Desk) -> None:
    """Permission was given to make a report of what was offered: it is taken up again."""
    given = offered(query)
    number = int(callback_data.then.partition("-")[2])

    def work(act: Act) -> None:
        if agrees(act, callback_data, reply_to=given.message_id if given else None):
            begin(act, desk.user_id, given, number)

    await desk.write(work)


@door(THEN)
def open_offer(act: Act, chat_id: int, about: str) -> None:
    """A report, when what was offered can no longer be seen."""
    begin_report(act, chat_id)


def begin(act: Act, chat_id: int, given: Content | None, number: int) -> None:
    """Begin a report with what was sent: only what is missing is asked."""
    category = act.town.category(number) if number else None
    prefilled = {}
    if category is not None and category.active:
        prefilled["category"] = category.key
    if given is None:
        act.turn.answer(say(TELL_AGAIN), alert=True)
    # Another message is another report; the same one pressed twice is one.
    about = {"told": given.message_id} if given is not None else {}
    begin_report(act, chat_id, about, prefilled, given)
