"""Who may not write now: the team's list, from which a ban is ended."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import bans
from actions.act import GESTOR, Act, require
from actions.buttons import BanTap, Page
from flows.characters import one_line
from flows.phrase import N_, Phrase, lines, moment, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item, turn_page
from storage import parcel
from storage.parcel import Buttons, Parcel

router = Router(name="bans")

A_PAGE = 8
LONGEST_REASON = 120
LIST = N_("<b>Who may not write now</b>\nTap a name to let them write again.")
NOBODY = N_("Nobody is banned. You can ban somebody from a report's card, under “More…”.")
ONE = N_("🚫 {person}, until {when}: {reason}")
LET_WRITE = N_("Let {person} write again")
LIFTED = N_("Done. They were told that they can write again.")


def bans_page(act: Act, number: int) -> Parcel:
    """A page of who may not write now."""
    found = bans.banned(act, number * A_PAGE, A_PAGE + 1)
    text: list[Phrase] = [say(LIST if found or number else NOBODY)]
    rows: Buttons = []
    for person in found[:A_PAGE]:
        assert person.banned_until is not None
        reason = one_line(person.ban_reason or "…", LONGEST_REASON)
        until = moment(person.banned_until, "short")
        text.append(say(ONE, person=person.name, when=until, reason=reason))
        data = BanTap(do="lift", person=person.id or 0).pack()
        rows.append([parcel.button(say(LET_WRITE, person=person.name), data)])
    pages = number + 2 if len(found) > A_PAGE else number + 1
    row = turn_page("bans", number, pages)
    return parcel.message(lines(text), [*rows, *([row] if row else []), [menu_item(BACK, "menu")]])


@door("bans")
def open_bans(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, "bans", bans_page(act, 0), anew=True)


@router.callback_query(Page.filter(F.what == "bans"))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        act.turn.card(desk.user_id, "bans", bans_page(act, min(callback_data.number, 10_000)))

    await desk.write(work, then="bans")


@router.callback_query(BanTap.filter(F.do == "lift"))
async def lift(query: CallbackQuery, callback_data: BanTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        bans.lift(act, callback_data.person)
        act.turn.answer(say(LIFTED))
        act.turn.card(desk.user_id, "bans", bans_page(act, 0))

    await desk.write(work, then="bans")
