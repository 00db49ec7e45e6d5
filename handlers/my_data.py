"""What we keep about somebody, in their own hands: a copy as a file, and the end of it all.

To erase is asked twice, and the second question grows old within the hour.
"""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from actions import personal_data
from actions.act import Act
from actions.buttons import DataTap
from flows.phrase import N_, Phrase, moment, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item
from storage import parcel
from storage.parcel import Parcel

router = Router(name="my_data")

MY_DATA = N_("<b>Your data</b>")
NOTHING_KEPT = N_(
    "You have agreed to nothing yet, so we keep nothing about you but the trace of this chat, "
    "which goes by itself."
)
YOURS = N_("They are yours: take out a copy, or have everything erased.")
TAKE_COPY, ERASE = N_("📄 Give me a copy"), N_("🗑 Erase everything about me")
COPY_COMES = N_("I am preparing the file.")
WHAT_GOES = N_(
    "<b>This is erased:</b> your name, your barrio and your notices; your groups and your answers "
    "to meetings; what you follow and what you joined; and everything you wrote, said or "
    "photographed, also what the team had taken out of sight."
)
WHAT_STAYS = N_(
    "<b>This stays, without you:</b> what each of your reports was about, its place on the map and "
    "what became of it. Of a private report, not even the place. Your votes still count: they are "
    "secret, and nobody can tell which were yours."
)
ROLES_END = N_("⚠️ You are of the team or lead a group: that ends too.")
BAN_STAYS = N_(
    "⚠️ Until {when} you may not report anything here. A mark without your name keeps that until "
    "then."
)
OTHERS_KEEP = N_(
    "The cards other people have here are cleaned. Messages that were sent, photos somebody opened "
    "and what they wrote down, I cannot take back."
)
GO_ON, KEEP = N_("Yes, erase it"), N_("No, keep everything")
SURE = N_("Are you sure? <b>It cannot be undone.</b>")
FOR_EVER = N_("🗑 Erase for ever")
TOO_OLD = N_("That question is old. Here it is again.")
GOOD_FOR_MINUTES = 60


def overview(act: Act) -> Parcel:
    """What is kept, in a few words, and what can be done about it."""
    found = personal_data.kept(act)
    text: list[Phrase] = [say(MY_DATA)]
    text.append(personal_data.summary(found) if found is not None else say(NOTHING_KEPT))
    text.append(say(YOURS))
    return parcel.message(
        {"lines": text},
        [
            [parcel.button(say(TAKE_COPY), DataTap(do="copy").pack())],
            [parcel.button(say(ERASE), DataTap(do="ask").pack())],
            [menu_item(BACK, "menu")],
        ],
    )


def first_question(act: Act) -> Parcel:
    """What goes and what stays, before anything is decided."""
    text: list[Phrase] = [say(WHAT_GOES), "", say(WHAT_STAYS), ""]
    if act.roles():
        text += [say(ROLES_END), ""]
    until = personal_data.banned_until(act)
    if until is not None:
        text += [say(BAN_STAYS, when=moment(until)), ""]
    text.append(say(OTHERS_KEEP))
    return parcel.message(
        {"lines": text},
        [
            [parcel.button(say(GO_ON), DataTap(do="sure").pack())],
            [menu_item(KEEP, "mydata")],
        ],
    )


def last_question(act: Act) -> Parcel:
    """The second confirmation, which says when it was asked."""
    minute = int(act.now.timestamp()) // 60
    return parcel.message(
        say(SURE),
        [
            [parcel.button(say(FOR_EVER), DataTap(do="erase", asked=minute).pack())],
            [menu_item(KEEP, "mydata")],
        ],
    )


@door("mydata")
def open_my_data(act: Act, chat_id: int, about: str) -> None:
    act.turn.owe(chat_id, overview(act))


@router.callback_query(DataTap.filter())
async def tapped(query: CallbackQuery, callback_data: DataTap, desk: Desk) -> None:
    message_id = query.message.message_id if query.message is not None and desk.private else None

    def work(act: Act) -> None:
        if callback_data.do == "copy":
            act.turn.answer(say(COPY_COMES))
            act.turn.owe(desk.user_id, personal_data.take_out(act))
        elif callback_data.do == "sure":
            act.turn.owe(desk.user_id, last_question(act))
        elif callback_data.do == "erase" and _is_fresh(act, callback_data.asked):
            personal_data.erase(act, message_id)
        else:
            if callback_data.do == "erase":
                act.turn.answer(say(TOO_OLD))
            act.turn.owe(desk.user_id, first_question(act))

    await desk.write(work, then="mydata")


def _is_fresh(act: Act, asked: int) -> bool:
    now = int(act.now.timestamp()) // 60
    return 0 <= now - asked < GOOD_FOR_MINUTES
