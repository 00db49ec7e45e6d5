"""Quiet hours are chosen by buttons alone: the usual ones, none, or two hours of one's own."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import quiet
from actions.act import CITIZEN, Act, Refused, require
from actions.buttons import Page, Wish
from flows.phrase import N_, Phrase, lines, say
from handlers.desk import Desk
from storage import parcel
from storage.parcel import Buttons, Parcel

router = Router(name="quiet_hours")

QUIET_TEXT = N_(
    "<b>Quiet hours</b>\n"
    "In these hours I write nothing that can wait; it comes when they end. Not held back: answers "
    "to what you do here, a meeting within the hour or one that has changed, and calls."
)
QUIET_NOW = N_("Now: from {start} to {end}")
QUIET_NEVER = N_("Now: none")
FROM_TO, NEVER = N_("🌙 {start} to {end}"), N_("🔔 No quiet hours")
OWN = N_("🕐 Other hours")
FROM_WHEN = N_("From what hour shall I be quiet?")
UNTIL_WHEN = N_("Quiet from {start}. Until what hour?")
NOW_QUIET = N_("Done: quiet from {start} to {end}.")
NOW_LOUD = N_("Done: no quiet hours.")
TO_NOTICES, TO_QUIET = N_("⬅️ Notices"), N_("⬅️ Quiet hours")
MY_HOURS, NO_HOURS = N_("🌙 Quiet hours: {start} to {end}"), N_("🌙 Quiet hours: none")
CARD = "notices"
_HOURS = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
_HOUR = re.compile(r"\d{1,2}", re.ASCII)


def clock(hour: int) -> str:
    """An hour as the buttons show it."""
    return f"{hour:02d}:00"


def quiet_page(act: Act) -> Parcel:
    """What their quiet hours are, and what they could be."""
    me = act.me
    now: Phrase = say(QUIET_NEVER)
    if me.quiet_from is not None and me.quiet_until is not None:
        now = say(QUIET_NOW, start=clock(me.quiet_from), end=clock(me.quiet_until))
    rows: Buttons = [
        [
            parcel.button(
                say(FROM_TO, start=clock(start), end=clock(end)),
                Wish(what="quiet", value=f"{start}-{end}").pack(),
            )
            for start, end in quiet.USUAL
        ],
        [
            parcel.button(say(OWN), Page(what="from", number=0).pack()),
            parcel.button(say(NEVER), Wish(what="quiet", value="off").pack()),
        ],
        [parcel.button(say(TO_NOTICES), Page(what="notices", number=0).pack())],
    ]
    return parcel.message(lines([say(QUIET_TEXT), "", now]), rows)


def from_page() -> Parcel:
    """The hours at which it can begin."""
    return _hours(say(FROM_WHEN), [(h, Wish(what="from", value=str(h))) for h in range(24)])


def until_page(start: int) -> Parcel:
    """The hours at which it can end."""
    ends = [(start + later) % 24 for later in range(1, 24)]
    wishes = [(h, Wish(what="quiet", value=f"{start}-{h}")) for h in ends]
    return _hours(say(UNTIL_WHEN, start=clock(start)), wishes)


def _hours(text: Phrase, wishes: list[tuple[int, Wish]]) -> Parcel:
    buttons = [parcel.button(clock(hour), wish.pack()) for hour, wish in wishes]
    rows: Buttons = [buttons[i : i + 4] for i in range(0, len(buttons), 4)]
    rows.append([parcel.button(say(TO_QUIET), Page(what="quiet", number=0).pack())])
    return parcel.message(text, rows)


@router.callback_query(Page.filter(F.what.in_({"quiet", "from"})))
async def page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        shown = quiet_page(act) if callback_data.what == "quiet" else from_page()
        act.turn.card(desk.user_id, CARD, shown)

    await desk.write(work, then="notices")


@router.callback_query(Wish.filter(F.what == "from"))
async def begins(query: CallbackQuery, callback_data: Wish, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        if not _HOUR.fullmatch(callback_data.value) or int(callback_data.value) > 23:
            raise Refused(say(quiet.NO_HOURS))
        act.turn.card(desk.user_id, CARD, until_page(int(callback_data.value)))

    await desk.write(work, then="notices")


@router.callback_query(Wish.filter(F.what == "quiet"))
async def choose(query: CallbackQuery, callback_data: Wish, desk: Desk) -> None:
    def work(act: Act) -> None:
        hours = _HOURS.fullmatch(callback_data.value)
        if hours:
            start, end = int(hours[1]), int(hours[2])
            quiet.set_hours(act, start, end)
            act.turn.answer(say(NOW_QUIET, start=clock(start), end=clock(end)))
        elif callback_data.value == "off":
            quiet.set_hours(act, None, None)
            act.turn.answer(say(NOW_LOUD))
        else:
            raise Refused(say(quiet.NO_HOURS))
        act.turn.card(desk.user_id, CARD, quiet_page(act))

    await desk.write(work, then="notices")


def button(act: Act) -> dict[str, object]:
    """The way from what they are told to when they are left alone."""
    me = act.me
    label: Phrase = say(NO_HOURS)
    if me.quiet_from is not None and me.quiet_until is not None:
        label = say(MY_HOURS, start=clock(me.quiet_from), end=clock(me.quiet_until))
    return parcel.button(label, Page(what="quiet", number=0).pack())
