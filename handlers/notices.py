"""What people want to be told, each with its switch, on one card; and their barrio."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import people, report_cards
from actions.act import Act
from actions.buttons import Page, Wish
from flows.phrase import N_, say
from handlers import follows, quiet_hours
from handlers.consent import ask_consent
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.menu import BACK, menu_item, turn_page
from storage import parcel
from storage.parcel import Buttons, Parcel

router = Router(name="notices")

NOTICES_TEXT = N_("<b>What we tell you</b>\nTap to change it.")
CALLS_ON, CALLS_OFF = N_("✅ Calls to take part"), N_("⬜ Calls to take part")
NEWS_ON, NEWS_OFF = N_("✅ What becomes of my reports"), N_("⬜ What becomes of my reports")
FOLLOW_UPS_ON, FOLLOW_UPS_OFF = (
    N_("✅ Ask me whether it was fixed"),
    N_("⬜ Ask me whether it was fixed"),
)
REMINDERS_ON, REMINDERS_OFF = N_("✅ Reminders of meetings"), N_("⬜ Reminders of meetings")
MY_PLACE, NO_PLACE = N_("🏠 My barrio: {place}"), N_("🏠 Tell us your barrio")
CHOOSE_PLACE = N_("Which is your barrio? Calls and votes of your barrio will reach you.")
NO_BARRIO = N_("I would rather not say")
CALLS_STOPPED = N_("Done: no more calls. You can have them back with /avisos.")
SAVED = N_("Saved.")
DIGESTS = {
    "now": N_("New reports: at once"),
    "hourly": N_("New reports: every hour"),
    "daily": N_("New reports: every morning"),
}
NEXT_DIGEST = {"now": "hourly", "hourly": "daily", "daily": "now"}
PLACES_A_PAGE = 12


def notices(act: Act) -> Parcel:
    """What this person is told, each with its switch."""
    me = act.me
    place = act.town.territory(me.territory_id)
    rows: Buttons = [
        [
            parcel.button(
                say(NEWS_ON if me.news else NEWS_OFF),
                Wish(what="news", value="0" if me.news else "1").pack(),
            )
        ],
        [
            parcel.button(
                say(FOLLOW_UPS_ON if me.follow_ups else FOLLOW_UPS_OFF),
                Wish(what="follow_ups", value="0" if me.follow_ups else "1").pack(),
            )
        ],
        [
            parcel.button(
                say(CALLS_ON if me.calls else CALLS_OFF),
                Wish(what="calls", value="0" if me.calls else "1").pack(),
            )
        ],
        [
            parcel.button(
                say(REMINDERS_ON if me.reminders else REMINDERS_OFF),
                Wish(what="reminders", value="0" if me.reminders else "1").pack(),
            )
        ],
        [follows.button(act)],
        [quiet_hours.button(act)],
        [
            parcel.button(
                say(MY_PLACE, place=place.name) if place else say(NO_PLACE),
                Page(what="place", number=0).pack(),
            )
        ],
    ]
    if me in report_cards.handed_to(act):
        rows.append(
            [
                parcel.button(
                    say(DIGESTS[me.digest]),
                    Wish(what="digest", value=NEXT_DIGEST[me.digest]).pack(),
                )
            ]
        )
    rows.append([menu_item(BACK, "menu")])
    return parcel.message(say(NOTICES_TEXT), rows)


def places_page(act: Act, number: int) -> Parcel:
    """The barrios to choose from, a page of them; only the tree's leaves are barrios."""
    parents = {t.parent_id for t in act.town.territories}
    leaves = [t for t in act.town.territories if t.id not in parents]
    pages = max(1, -(-len(leaves) // PLACES_A_PAGE))
    number = min(max(number, 0), pages - 1)
    shown = leaves[number * PLACES_A_PAGE : (number + 1) * PLACES_A_PAGE]
    buttons = [parcel.button(t.name, Wish(what="place", value=str(t.id)).pack()) for t in shown]
    rows: Buttons = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if pages > 1:
        rows.append(turn_page("place", number, pages))
    rows.append([parcel.button(say(NO_BARRIO), Wish(what="place", value="0").pack())])
    return parcel.message(say(CHOOSE_PLACE), rows)


@door("notices")
def open_notices(act: Act, chat_id: int, about: str) -> None:
    if not act.agreed():
        ask_consent(act, "notices")
        return
    act.turn.card(chat_id, "notices", notices(act), anew=True)


@router.callback_query(Page.filter(F.what == "place"))
async def page_of_places(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    await desk.write(
        lambda act: act.turn.card(desk.user_id, "notices", places_page(act, callback_data.number))
    )


@router.callback_query(Page.filter(F.what == "notices"))
async def back(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    await desk.write(
        lambda act: act.turn.card(desk.user_id, "notices", notices(act)), then="notices"
    )


@router.callback_query(Wish.filter())
async def wish(query: CallbackQuery, callback_data: Wish, desk: Desk) -> None:
    def work(act: Act) -> None:
        wanted = callback_data.value == "1"
        if callback_data.what == "nocalls":
            # "No quiero más avisos" under a call: at once, whatever else is going on.
            people.set_calls(act, False)
            act.turn.answer(say(CALLS_STOPPED), alert=True)
            return
        if callback_data.what == "calls":
            people.set_calls(act, wanted)
        elif callback_data.what == "reminders":
            people.set_reminders(act, wanted)
        elif callback_data.what == "news":
            people.set_news(act, wanted)
        elif callback_data.what == "follow_ups":
            people.set_follow_ups(act, wanted)
        elif callback_data.what == "digest":
            people.set_digest(act, callback_data.value)
        elif callback_data.what == "place":
            number = number_in(callback_data.value)
            people.live_in(act, number or None)
        act.turn.answer(say(SAVED))
        act.turn.card(desk.user_id, "notices", notices(act))

    await desk.write(work, then="notices")
