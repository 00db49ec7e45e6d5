"""Working groups in chat: looked through, joined and left by anybody, led by who was asked to."""

from __future__ import annotations

import hashlib
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

import locales
from actions import group_chats, groups
from actions import group_words as words
from actions.act import CITIZEN, GESTOR, LEADER, Act, Refused, require
from actions.buttons import GroupTap, MeetingTap, Menu, Page
from flows.context import Option
from flows.group import Group
from flows.join import Join
from flows.phrase import N_, Phrase, lines, say
from flows.write_members import WriteMembers
from handlers.answers import ANSWERS
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.menu import BACK, INVITE, menu_item, turn_page
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from storage import group as stored
from storage import parcel
from storage.group import WorkingGroup
from storage.parcel import Buttons, Parcel

router = Router(name="groups")

A_PAGE, NAMES_A_PAGE, THEMES_SHOWN = 5, 30, 24
GROUPS = N_("<b>Working groups</b>")
OF_THEME = N_("<b>Working groups</b> · {theme}")
NONE_YET = N_("There are no working groups yet. Come back soon.")
BY_THEME, EVERY_THEME = N_("🏷 Choose a theme"), N_("All themes")
WHICH_THEME = N_("Which theme are you interested in?")
NONE_LEFT = N_("You are in every group there is.")
LEFT = N_("You left the group <b>{group}</b>. You can come back whenever you like.")
LED = N_("<b>Groups to lead</b>\nChoose one.")
LEADS_NONE = N_("There is no group to lead yet.")
MEMBERS = N_("<b>{group}</b>: who is in it")
NO_MEMBERS = N_("Nobody is in this group yet.")
MEMBER = N_("• {name}")
BACK_TO_TOOLS = N_("⬅️ Back to the group")
LINK_COMES = N_("Your link comes in a moment.")


def theme_token(theme: str) -> str:
    """A theme in few bytes, for a button."""
    return hashlib.blake2s(theme.encode(), digest_size=4).hexdigest()


def groups_page(act: Act, what: str, number: int) -> Parcel:
    """A page of the groups: of all themes ("groups") or of one ("groups-TOKEN")."""
    every = groups.listed(act)
    if not every:
        return parcel.message(say(NONE_YET), [[menu_item(BACK, "menu")]])
    token = what.partition("-")[2]
    theme = next((t for t in stored.themes(every) if theme_token(t) == token), None)
    found = [g for g in every if theme is None or g.theme == theme]
    pages = -(-len(found) // A_PAGE)
    number = min(max(number, 0), pages - 1)
    shown = found[number * A_PAGE : (number + 1) * A_PAGE]
    ids = [g.id for g in shown if g.id is not None]
    sizes = stored.sizes(act.session, ids)
    meetings = stored.next_meetings(act.session, ids, act.now)
    person = act.actor.person_id
    mine = stored.joined(act.session, person) if person is not None else set()
    head = say(OF_THEME, theme=words.theme_name(theme)) if theme is not None else say(GROUPS)
    text: list[Phrase] = [head, ""]
    rows: Buttons = []
    for group in shown:
        key = group.id or 0
        text.append(
            words.in_list(act, group, sizes.get(key, 0), meetings.get(key), member=key in mine)
        )
        opens = Menu(what="group", about=str(key)).pack()
        rows.append([parcel.button(group.name, opens)])
    turn = turn_page(what, number, pages)
    if turn:
        rows.append(turn)
    if len(stored.themes(every)) > 1:
        rows.append([parcel.button(say(BY_THEME), Page(what="themes", number=0).pack())])
    rows.append([menu_item(BACK, "menu")])
    return parcel.message(lines(text), rows)


def themes_page(act: Act) -> Parcel:
    """The themes there are groups for."""
    themes = stored.themes(groups.listed(act))[:THEMES_SHOWN]
    buttons = [
        parcel.button(
            words.theme_name(theme), Page(what=f"groups-{theme_token(theme)}", number=0).pack()
        )
        for theme in themes
    ]
    rows: Buttons = [[button] for button in buttons]
    rows.append([parcel.button(say(EVERY_THEME), Page(what="groups", number=0).pack())])
    return parcel.message(say(WHICH_THEME), rows)


def lead_page(act: Act, number: int) -> Parcel:
    """The groups somebody may lead, a page of them."""
    found = groups.to_lead(act)
    if not found:
        return parcel.message(say(LEADS_NONE), [[menu_item(BACK, "menu")]])
    pages = -(-len(found) // NAMES_A_PAGE)
    number = min(max(number, 0), pages - 1)
    shown = found[number * NAMES_A_PAGE : (number + 1) * NAMES_A_PAGE]
    rows: Buttons = [
        [parcel.button(g.name, GroupTap(do="lead", group=g.id or 0).pack())] for g in shown
    ]
    turn = turn_page("lead", number, pages)
    if turn:
        rows.append(turn)
    rows.append([menu_item(BACK, "menu")])
    return parcel.message(say(LED), rows)


def members_page(act: Act, group: WorkingGroup, number: int) -> Parcel:
    """Who is in a group, for its leader."""
    assert group.id is not None
    size = stored.sizes(act.session, [group.id]).get(group.id, 0)
    pages = max(1, -(-size // NAMES_A_PAGE))
    number = min(max(number, 0), pages - 1)
    found = stored.members_page(act.session, group.id, number * NAMES_A_PAGE, NAMES_A_PAGE)
    text: list[Phrase] = [say(MEMBERS, group=group.name), words.people(size), ""]
    text += [say(MEMBER, name=person.name) for person in found] or [say(NO_MEMBERS)]
    row = turn_page(f"members-{group.id}", number, pages)
    back = [words.tap(BACK_TO_TOOLS, "lead", group.id)]
    return parcel.message(lines(text), [*([row] if row else []), back])


def options(found: list[WorkingGroup]) -> list[Option]:
    """Groups to choose from in a flow."""
    return [Option(str(group.id), group.name) for group in found]


def hand_join(act: Act, about: About) -> Handed:
    person = act.actor.person_id
    mine = stored.joined(act.session, person) if person is not None else set()
    found = [g for g in groups.listed(act) if g.id not in mine]
    meetings = stored.next_meetings(act.session, [g.id or 0 for g in found], act.now)
    listed = [Option(str(g.id), g.name, words.hint(g, meetings.get(g.id or 0))) for g in found]
    return Handed(lists={"groups": listed})


def finish_join(act: Act, about: About, record: Join) -> Ending:
    group = groups.join(act, int(record.group))
    assert group.id is not None
    rows = words.open_button(group.id)
    meeting = next(iter(stored.upcoming(act.session, group.id, act.now, 1)), None)
    if meeting is not None:
        shows = MeetingTap(do="show", meeting=meeting.id or 0).pack()
        rows.insert(0, [parcel.button(say(words.SEE_MEETING), shows)])
    return Ending(values={"group": group.name}, buttons=rows)


def hand_led(act: Act, about: About) -> Handed:
    return Handed(lists={"groups": options(groups.to_lead(act))})


def finish_write(act: Act, about: About, record: WriteMembers) -> Ending:
    groups.write(act, int(record.group), record.text)
    return Ending()


def hand_group(act: Act, about: About) -> Handed:
    town = act.town
    used = stored.themes(stored.active(act.session))
    themes = [Option(theme, words.theme_name(theme)) for theme in used]

    def spelt(phrase: Phrase) -> str:
        return locales.sentence(phrase, town.language, town.zone, markup=False).casefold()

    # A town that wrote its own theme does not need ours of the same name beside it.
    known = {spelt(option.label) for option in themes}
    themes += [
        Option(word, say(key)) for word, key in words.THEMES.items() if spelt(say(key)) not in known
    ]
    places = [Option(str(place.id), place.name) for place in town.territories]
    return Handed(lists={"themes": themes, "territories": places})


def finish_group(act: Act, about: About, record: Group) -> Ending:
    group = groups.create(
        act,
        name=record.name,
        theme=record.theme,
        territory_id=int(record.territory) if record.territory else None,
        purpose=record.purpose,
    )
    rows = [*words.open_button(group.id or 0), [menu_item(INVITE, "invite")]]
    return Ending(values={"group": group.name}, buttons=rows)


register(Join, finish_join, hand_join, CITIZEN)
register(WriteMembers, finish_write, hand_led, LEADER)
register(Group, finish_group, hand_group, GESTOR)
ANSWERS["group_link"] = group_chats.link_arrived
ANSWERS["group_entry"] = group_chats.not_let_in


@door("groups")
def open_groups(act: Act, chat_id: int, about: str) -> None:
    act.turn.card(chat_id, "groups", groups_page(act, "groups", 0), anew=True)


@door("group")
def open_group(act: Act, chat_id: int, about: str) -> None:
    group = groups.get(act, number_in(about))
    member = groups.is_member(act, group.id or 0)
    act.turn.owe(chat_id, words.page(act, group, member=member))


@door("join")
def open_join(act: Act, chat_id: int, about: str) -> None:
    group = groups.get(act, number_in(about)) if about else None
    if group is not None and groups.is_member(act, group.id or 0):
        act.turn.owe(chat_id, words.page(act, group, member=True))
        return
    require(act, CITIZEN)
    if not hand_join(act, {}).lists["groups"]:
        raise Refused(say(NONE_LEFT))
    Talk(act, chat_id).begin("join", {}, {"group": str(group.id)} if group else None)


@door("lead")
def open_lead(act: Act, chat_id: int, about: str) -> None:
    require(act, LEADER)
    found = groups.to_lead(act)
    if len(found) == 1:
        act.turn.owe(chat_id, words.tools(act, found[0]))
        return
    act.turn.card(chat_id, "lead", lead_page(act, 0), anew=True)


@door("newgroup")
def open_new_group(act: Act, chat_id: int, about: str) -> None:
    Talk(act, chat_id).begin("group")


@router.callback_query(Page.filter(F.what.startswith("groups") | (F.what == "themes")))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        if callback_data.what == "themes":
            page = themes_page(act)
        else:
            page = groups_page(act, callback_data.what, callback_data.number)
        act.turn.card(desk.user_id, "groups", page)

    await desk.write(work, then="groups")


@router.callback_query(Page.filter(F.what == "lead"))
async def another_lead_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        act.turn.card(desk.user_id, "lead", lead_page(act, callback_data.number))

    await desk.write(work, then="lead")


@router.callback_query(Page.filter(F.what.startswith("members-")))
async def another_members_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        group = groups.led(act, number_in(callback_data.what.removeprefix("members-")))
        page = members_page(act, group, callback_data.number)
        act.turn.card(desk.user_id, f"members:{group.id}", page)

    await desk.write(work, then="lead")


@router.callback_query(GroupTap.filter(F.do == "join"))
async def join(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    payload = f"join-{callback_data.group}"
    await desk.write(
        lambda act: open_join(act, desk.user_id, str(callback_data.group)), then=payload
    )


@router.callback_query(GroupTap.filter(F.do == "leave"))
async def leave(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        group = groups.leave(act, callback_data.group)
        text = say(LEFT, group=group.name)
        act.turn.owe(desk.user_id, parcel.message(text, words.open_button(group.id or 0)))

    await desk.write(work)


@router.callback_query(GroupTap.filter(F.do == "chat"))
async def chat(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        group_chats.ask_link_again(act, callback_data.group)
        act.turn.answer(say(LINK_COMES))

    await desk.write(work)


def led_tap(work: Any) -> Any:
    """A leader's button: the group is looked up, and the role asked for, in the turn."""

    async def tapped(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
        def checked(act: Act) -> None:
            require(act, LEADER)
            work(act, desk.user_id, groups.led(act, callback_data.group))

        await desk.write(checked, then="lead")

    return tapped


def show_tools(act: Act, chat_id: int, group: WorkingGroup) -> None:
    act.turn.owe(chat_id, words.tools(act, group))


def show_members(act: Act, chat_id: int, group: WorkingGroup) -> None:
    act.turn.card(chat_id, f"members:{group.id}", members_page(act, group, 0), anew=True)


def begin_writing(act: Act, chat_id: int, group: WorkingGroup) -> None:
    Talk(act, chat_id).begin("write", {}, {"group": str(group.id)})


router.callback_query(GroupTap.filter(F.do == "lead"))(led_tap(show_tools))
router.callback_query(GroupTap.filter(F.do == "members"))(led_tap(show_members))
router.callback_query(GroupTap.filter(F.do == "write"))(led_tap(begin_writing))
