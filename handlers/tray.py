"""The queue of a gestor: what is open, a page at a time, on one card that is edited in place."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import casework
from actions import report_words as words
from actions.act import GESTOR, Act, require
from actions.buttons import Page, ReportTap
from flows.phrase import N_, lines, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item, turn_page
from storage import parcel
from storage import report as stored
from storage.parcel import Parcel

router = Router(name="tray")

A_PAGE = 5
NO_OPEN = N_("Nothing is open. A good day.")
OPEN_ONES = N_("<b>Open reports</b>, the oldest first")
CARD = N_("See {code}")


@door("tray")
def open_tray(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, "tray", tray_page(act, 0), anew=True)


def tray_page(act: Act, number: int) -> Parcel:
    """A page of what is open."""
    found = stored.page_of(
        act.session,
        states=casework.OPEN,
        person_id=None,
        skip=number * A_PAGE,
        most=A_PAGE + 1,
    )
    if not found and number == 0:
        return parcel.message(say(NO_OPEN), [[menu_item(BACK, "menu")]])
    shown = found[:A_PAGE]
    rows: list[list[dict[str, Any]]] = [
        [
            parcel.button(
                say(CARD, code=report.code), ReportTap(do="card", report=report.id or 0).pack()
            )
        ]
        for report in shown
    ]
    row = turn_page("tray", number, number + 2 if len(found) > A_PAGE else number + 1)
    if row:
        rows.append(row)
    return parcel.message(lines([say(OPEN_ONES), "", words.mine(act, shown)]), rows)


@router.callback_query(Page.filter(F.what == "tray"))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        number = min(max(callback_data.number, 0), 10_000)
        act.turn.card(desk.user_id, "tray", tray_page(act, number))

    await desk.write(work, then="tray")
