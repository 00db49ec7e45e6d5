"""What somebody follows, on the same card as what they are told: added, and taken off again."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import follows
from actions.act import CITIZEN, Act, Refused, require
from actions.buttons import FollowTap, Page
from actions.world import category_name
from flows.follow_place import FollowPlace
from flows.phrase import N_, Phrase, count, lines, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item, turn_page
from handlers.registration import About, Ending, register
from handlers.talk import Talk
from storage import follow, parcel
from storage.follow import CATEGORY, PLACE, TERRITORY, Follow
from storage.parcel import Buttons, Parcel

router = Router(name="follows")

FOLLOWS_TEXT = N_(
    "<b>What you follow</b>\n"
    "New reports there and what becomes of them reach you in one message, at most every hour. "
    "Your own reports need not be followed."
)
NOTHING = N_("You follow nothing yet.")
DROP = N_("✖️ {what}")
ADD_TERRITORY, ADD_CATEGORY = N_("➕ A barrio"), N_("➕ A kind of problem")
ADD_PLACE = N_("➕ Round a place")
OWN_PLACE, NAMED_PLACE = N_("📍 {metres} m round a place"), N_("📍 {metres} m round {name}")
A_PLACE_IN = N_("📍 {metres} m round a place in {name}")
WHICH_PLACES = N_("Which barrios do you want to follow? Tap again to take one off.")
WHICH_KINDS = N_("Which problems do you want to follow? Tap again to take one off.")
IS_FOLLOWED, IS_NOT = N_("✅ {what}"), N_("⬜ {what}")
FOLLOWED, FOLLOWED_NOT = N_("Done: you follow {what}."), N_("Done: you no longer follow {what}.")
TAKEN_OFF = N_("Done: it is off your list.")
TO_NOTICES, TO_FOLLOWS = N_("⬅️ Notices"), N_("⬅️ What you follow")
SEE_FOLLOWS = N_("🔭 What I follow")
CARD = "notices"
A_PAGE = 10


def follows_page(act: Act) -> Parcel:
    """What this person follows, each with a button to take it off."""
    found = follow.of(act.session, act.my_id)
    text: list[Phrase] = [say(FOLLOWS_TEXT)]
    if not found:
        text += ["", say(NOTHING)]
    rows: Buttons = [
        [
            parcel.button(
                say(DROP, what=named(act, one)), FollowTap(do="drop", about=one.id or 0).pack()
            )
        ]
        for one in found
    ]
    rows.append(
        [
            parcel.button(say(ADD_TERRITORY), Page(what="places", number=0).pack()),
            parcel.button(say(ADD_CATEGORY), Page(what="kinds", number=0).pack()),
        ]
    )
    rows.append([parcel.button(say(ADD_PLACE), FollowTap(do="place", about=0).pack())])
    rows.append([parcel.button(say(TO_NOTICES), Page(what="notices", number=0).pack())])
    return parcel.message(lines(text), rows)


def named(act: Act, one: Follow) -> Phrase:
    """What is followed, as its button says it; what the town has no more still has its name."""
    if one.kind == TERRITORY:
        place = act.town.territory(one.territory_id)
        return place.name if place else "…"
    if one.kind == CATEGORY:
        kind = act.town.category(one.category_id or 0)
        return category_name(kind) if kind else "…"
    if one.label:
        return say(NAMED_PLACE, metres=one.radius_m or 0, name=one.label)
    where = act.town.atlas.locate(one.latitude or 0.0, one.longitude or 0.0)
    if where is not None:
        return say(A_PLACE_IN, metres=one.radius_m or 0, name=where.name)
    return say(OWN_PLACE, metres=one.radius_m or 0)


def choices_page(act: Act, kind: str, number: int) -> Parcel:
    """The places or categories to follow, a page of them, with those that are followed marked."""
    mine = follow.of(act.session, act.my_id)
    followed = {one.territory_id if kind == TERRITORY else one.category_id
                for one in mine if one.kind == kind}  # fmt: skip
    things: list[tuple[int, Phrase]] = (
        [(place.id or 0, place.name) for place in act.town.territories]
        if kind == TERRITORY
        else [(one.id or 0, category_name(one)) for one in act.town.categories]
    )
    pages = max(1, -(-len(things) // A_PAGE))
    number = min(max(number, 0), pages - 1)
    buttons = [
        parcel.button(
            say(IS_FOLLOWED if about in followed else IS_NOT, what=name),
            FollowTap(do=kind, about=about, page=number).pack(),
        )
        for about, name in things[number * A_PAGE : (number + 1) * A_PAGE]
    ]
    rows: Buttons = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    if pages > 1:
        rows.append(turn_page("places" if kind == TERRITORY else "kinds", number, pages))
    rows.append([parcel.button(say(TO_FOLLOWS), Page(what="follows", number=0).pack())])
    return parcel.message(say(WHICH_PLACES if kind == TERRITORY else WHICH_KINDS), rows)


def finish_place(act: Act, about: About, record: FollowPlace) -> Ending:
    place = record.place
    if place.latitude is None or place.longitude is None:
        raise Refused(say(follows.GONE))
    follows.follow_place(
        act, place.latitude, place.longitude, int(record.radius), record.label or place.label
    )
    return Ending(buttons=[[menu_item(SEE_FOLLOWS, "follows"), menu_item(BACK, "menu")]])


register(FollowPlace, finish_place)


@door("follows")
def open_follows(act: Act, chat_id: int, about: str) -> None:
    require(act, CITIZEN)
    act.turn.card(chat_id, CARD, follows_page(act), anew=True)


@router.callback_query(Page.filter(F.what.in_({"follows", "places", "kinds"})))
async def page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        if callback_data.what == "follows":
            act.turn.card(desk.user_id, CARD, follows_page(act))
            return
        kind = TERRITORY if callback_data.what == "places" else CATEGORY
        act.turn.card(desk.user_id, CARD, choices_page(act, kind, callback_data.number))

    await desk.write(work, then="follows")


@router.callback_query(FollowTap.filter(F.do.in_({TERRITORY, CATEGORY})))
async def turn(query: CallbackQuery, callback_data: FollowTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        kind, about = callback_data.do, callback_data.about
        begun = follows.turn(act, kind, about)
        one = Follow(person_id=act.my_id, kind=kind, created_at=act.now)
        one.territory_id, one.category_id = (about, None) if kind == TERRITORY else (None, about)
        act.turn.answer(say(FOLLOWED if begun else FOLLOWED_NOT, what=named(act, one)))
        act.turn.card(desk.user_id, CARD, choices_page(act, kind, callback_data.page))

    await desk.write(work, then="follows")


@router.callback_query(FollowTap.filter(F.do == "drop"))
async def drop(query: CallbackQuery, callback_data: FollowTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        follows.drop(act, callback_data.about)
        act.turn.answer(say(TAKEN_OFF))
        act.turn.card(desk.user_id, CARD, follows_page(act))

    await desk.write(work, then="follows")


@router.callback_query(FollowTap.filter(F.do == PLACE))
async def add_place(query: CallbackQuery, callback_data: FollowTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        follows.room(act)
        Talk(act, desk.user_id).begin("follow_place")

    await desk.write(work, then="follows")


def button(act: Act) -> dict[str, object]:
    """The way from what they are told to what they follow."""
    number = len(follow.of(act.session, act.my_id))
    label = count("🔭 I follow {count} thing", "🔭 I follow {count} things", number)
    return parcel.button(
        label if number else say(SEE_FOLLOWS), Page(what="follows", number=0).pack()
    )
