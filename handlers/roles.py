"""Roles in chat: invited by a link that works once, listed and ended by those in charge."""

from __future__ import annotations

from urllib.parse import quote

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import invite, roles
from actions.act import GESTOR, Act, require
from actions.buttons import GroupTap, Page, RoleTap
from flows.phrase import N_, Phrase, count, lines, listing, moment, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item, turn_page
from storage import group as groups
from storage import parcel, person
from storage import role as held
from storage.group import WorkingGroup
from storage.parcel import Buttons, Parcel
from storage.person import LEADER

router = Router(name="roles")

A_PAGE = 8
WHOM = N_("Whom would you like to invite?\nEach invitation is a link that works once, for a week.")
A_GESTOR, A_LEADER = N_("A gestor"), N_("Somebody to lead a group")
OF_WHICH = N_("Which group shall they lead?")
NO_GROUPS = N_("There are no working groups yet.")
INVITATION = N_(
    "✉️ Invitation: <b>{role}</b>\n"
    "It works once, until {when}. Send it only to the person it is for:\n{link}"
)
SHARE = N_("Send it to somebody")
NOW_GESTOR = N_("You are a gestor now, {name}. The team's tools are in the menu.")
NOW_LEADER = N_("You lead the group <b>{group}</b> now, {name}, and you are in it.")
OPEN_TOOLS, OPEN_MENU = N_("🧭 See the tools"), N_("See the menu")
LIST = N_("<b>Who is in charge of what</b>\nTap a role to end it.")
ADMINS = N_("Administrators: {names}")
NOBODY = N_("Nobody has a role yet. Give one with /invitar.")
ONE = N_("{person} · {role}")
END_IT = N_("Shall I end this role?\n<b>{person}</b>: {role}")
YES_END, NO_KEEP = N_("Yes, end it"), N_("No, keep it")
ENDED = N_("Done: the role has ended.")
WHO_HAS, TEAM_CHAT = N_("👥 Who has which role"), N_("💬 The team's chat")
WITHDRAW = N_("✖️ Take back the open ones")
WITHDRAWN = N_("Done: nobody can use those links any more.")


@door("invite")
def open_invite(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    rows: Buttons = [
        [parcel.button(say(A_LEADER), Page(what="leaders", number=0).pack())],
        [parcel.button(say(A_GESTOR), RoleTap(do="gestor").pack())],
        [menu_item(WHO_HAS, "roles"), menu_item(TEAM_CHAT, "team")],
        [menu_item(BACK, "menu")],
    ]
    text: list[Phrase] = [say(WHOM)]
    number = held.open_invites(act.session, act.now)
    if number:
        text.append(
            count(
                "{count} invitation is still open.", "{count} invitations are still open.", number
            )
        )
        rows.insert(2, [parcel.button(say(WITHDRAW), RoleTap(do="withdraw").pack())])
    act.turn.card(chat_id, "invite", parcel.message(lines(text), rows), anew=True)


def leaders_page(act: Act, number: int) -> Parcel:
    """The groups somebody can be invited to lead."""
    found = groups.active(act.session)
    if not found:
        return parcel.message(say(NO_GROUPS), [[menu_item(BACK, "menu")]])
    pages = -(-len(found) // A_PAGE)
    number = min(max(number, 0), pages - 1)
    shown = found[number * A_PAGE : (number + 1) * A_PAGE]
    rows: Buttons = [
        [parcel.button(g.name, RoleTap(do="leader", about=g.id or 0).pack())] for g in shown
    ]
    turn = turn_page("leaders", number, pages)
    return parcel.message(say(OF_WHICH), [*rows, *([turn] if turn else [])])


@router.callback_query(Page.filter(F.what == "leaders"))
async def another_leaders_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        act.turn.card(desk.user_id, "invite", leaders_page(act, callback_data.number))

    await desk.write(work, then="invite")


@router.callback_query(RoleTap.filter(F.do.in_({"gestor", "leader"})))
async def invited(query: CallbackQuery, callback_data: RoleTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        group = None
        if callback_data.do == "leader":
            payload = invite.invite_leader(act, callback_data.about)
            group = act.session.get(WorkingGroup, callback_data.about)
        else:
            payload = invite.invite_gestor(act)
        act.turn.owe(desk.user_id, invitation(act, callback_data.do, group, payload))

    await desk.write(work, then="invite")


def invitation(act: Act, role: str, group: WorkingGroup | None, payload: str) -> Parcel:
    """A link to pass on; it is in this letter, which is emptied when sent, and nowhere else."""
    link = f"https://t.me/{act.world.username}?start={payload}"
    text = say(
        INVITATION,
        role=roles.name_of(role, group),
        when=moment(act.now + invite.VALID),
        link=link,
    )
    share = f"https://t.me/share/url?url={quote(link, safe='')}"
    return parcel.message(text, [[parcel.link(say(SHARE), share)]])


@router.callback_query(RoleTap.filter(F.do == "withdraw"))
async def withdraw(query: CallbackQuery, callback_data: RoleTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        invite.withdraw(act)
        act.turn.answer(say(WITHDRAWN))
        open_invite(act, desk.user_id, "")

    await desk.write(work, then="invite")


@door(invite.DOOR)
def open_invitation(act: Act, chat_id: int, about: str) -> None:
    role, group = roles.accept(act, about)
    if role.role == LEADER and group is not None:
        text = say(NOW_LEADER, group=group.name, name=act.me.name)
        tools = GroupTap(do="lead", group=group.id or 0).pack()
        rows: Buttons = [[parcel.button(say(OPEN_TOOLS), tools)]]
    else:
        text, rows = say(NOW_GESTOR, name=act.me.name), [[menu_item(OPEN_MENU, "menu")]]
    act.turn.owe(chat_id, parcel.message(text, rows))


def roles_page(act: Act, number: int) -> Parcel:
    """Who holds which role, each a button that asks whether to end it."""
    pages = max(1, -(-held.how_many(act.session) // A_PAGE))
    number = min(max(number, 0), pages - 1)
    found = held.page(act.session, number * A_PAGE, A_PAGE)
    text: list[Phrase] = [say(LIST) if found else say(NOBODY)]
    known = [person.by_telegram(act.session, admin) for admin in sorted(act.world.admins)]
    names: list[Phrase] = [admin.name for admin in known if admin is not None]
    if names:
        text += ["", say(ADMINS, names=listing(names))]
    rows: Buttons = [
        [
            parcel.button(
                say(ONE, person=who.name, role=roles.name_of(role.role, group)),
                RoleTap(do="ask", about=role.id or 0).pack(),
            )
        ]
        for role, who, group in found
    ]
    turn = turn_page("roles", number, pages)
    if turn:
        rows.append(turn)
    return parcel.message(lines(text), [*rows, [menu_item(BACK, "menu")]])


@door("roles")
def open_roles(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, "roles", roles_page(act, 0), anew=True)


@router.callback_query(Page.filter(F.what == "roles"))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        act.turn.card(desk.user_id, "roles", roles_page(act, callback_data.number))

    await desk.write(work, then="roles")


@router.callback_query(RoleTap.filter(F.do == "ask"))
async def ask(query: CallbackQuery, callback_data: RoleTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        role, who, group = roles.endable(act, callback_data.about)
        text = say(END_IT, person=who.name, role=roles.name_of(role.role, group))
        rows: Buttons = [
            [
                parcel.button(say(YES_END), RoleTap(do="end", about=callback_data.about).pack()),
                parcel.button(say(NO_KEEP), Page(what="roles", number=0).pack()),
            ]
        ]
        act.turn.card(desk.user_id, "roles", parcel.message(text, rows))

    await desk.write(work, then="roles")


@router.callback_query(RoleTap.filter(F.do == "end"))
async def end(query: CallbackQuery, callback_data: RoleTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        roles.end(act, callback_data.about)
        act.turn.answer(say(ENDED))
        if act.is_gestor():
            act.turn.card(desk.user_id, "roles", roles_page(act, 0))

    await desk.write(work, then="roles")
