"""/equipo: a Telegram group becomes the team's, where whoever is in it sees every report."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from actions import staff
from actions.act import GESTOR, Act, Refused, require
from actions.buttons import StaffTap
from flows.phrase import N_, Phrase, lines, say
from handlers.answers import ANSWERS
from handlers.desk import AS_YOURSELF, Desk
from handlers.doors import door
from handlers.menu import BACK, menu_item
from handlers.shapes import GROUP, TAPPED_IN_GROUP
from storage import parcel
from storage import staff as stored
from storage.parcel import Buttons, Parcel
from storage.staff import StaffGroup

router = Router(name="staff group")

SHALL_I = N_(
    "Shall this be the team's chat?\n"
    "Each report will come here as a card. <b>Everybody in this chat will read all of them</b>, "
    "private ones too, so only the team should be in it."
)
YES_LINK, NO_LINK = N_("Yes, it is the team's chat"), N_("No")
NOT_NOW = N_("Nothing was changed. To make this the team's chat, write /equipo.")
LINKED = N_(
    "✅ This is the team's chat now. Each new report comes here as a card that is always up to "
    "date. The cards of what is open already follow little by little."
)
IS_LINKED = N_("This is the team's chat: each new report comes here as a card.")
UNLINK = N_("Stop sending reports here")
SURE = N_("Shall I stop sending reports to “{title}”? The cards there stay, without buttons.")
YES_STOP, NO_STOP = N_("Yes, stop"), N_("No, go on")
UNLINKED = N_("Done: no more reports come to “{title}”. To have them again, write /equipo there.")
THE_CHATS = N_("<b>The team's chats</b>\nEach new report comes to them as a card.")
NONE_YET = N_(
    "The team has no chat yet. Create a Telegram group for the team, add me to it, and write "
    "/equipo in it: each report will come there as a card."
)
A_CHAT, END_ONE = N_("👥 {title}"), N_("Stop: {title}")


def tap(label: str, do: str, group: StaffGroup | None = None) -> dict[str, object]:
    """A button about the team's chat."""
    number = group.id if group is not None and group.id is not None else 0
    return parcel.button(say(label), StaffTap(do=do, group=number).pack())


def in_group(act: Act, chat_id: int, name: str | None = None) -> Parcel:
    """What can be done about this chat: be made the team's, or be it no longer."""
    group = staff.of_chat(act, chat_id)
    if group is not None:
        return parcel.message(say(IS_LINKED), [[tap(UNLINK, "ask", group)]])
    staff.may_link(act, chat_id, name)
    return parcel.message(say(SHALL_I), [[tap(YES_LINK, "link")], [tap(NO_LINK, "keep")]])


def chats_page(act: Act) -> Parcel:
    """Every chat of the team, each with the way to end it."""
    found = stored.groups(act.session)
    if not found:
        return parcel.message(say(NONE_YET), [[menu_item(BACK, "menu")]])
    told: list[Phrase] = [say(THE_CHATS), "", *(say(A_CHAT, title=g.title) for g in found)]
    rows: Buttons = [
        [parcel.button(say(END_ONE, title=g.title), StaffTap(do="ask", group=g.id or 0).pack())]
        for g in found
    ]
    return parcel.message(lines(told), [*rows, [menu_item(BACK, "menu")]])


ANSWERS["left_team"] = staff.who_stays


@door("team")
def open_team(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, "team", chats_page(act), anew=True)


@router.message(Command("equipo", "team", "equipe", ignore_case=True), GROUP)
async def team(message: Message, desk: Desk) -> None:
    def work(act: Act) -> None:
        if not desk.user_id:
            raise Refused(say(AS_YOURSELF))
        require(act, GESTOR)
        shown = in_group(act, desk.chat_id, message.chat.username)
        act.turn.card(desk.chat_id, "team", shown, anew=True)

    await desk.write(work)


@router.callback_query(StaffTap.filter(F.do.in_({"link", "keep"})), TAPPED_IN_GROUP)
async def decide(query: CallbackQuery, callback_data: StaffTap, desk: Desk) -> None:
    chat = query.message.chat if query.message is not None else None
    title = (chat.title if chat is not None else None) or ""
    name = chat.username if chat is not None else None

    def work(act: Act) -> None:
        require(act, GESTOR)
        if callback_data.do == "keep":
            act.turn.card(desk.chat_id, "team", parcel.message(say(NOT_NOW)))
            return
        staff.link(act, desk.chat_id, title, name)
        act.turn.card(desk.chat_id, "team", parcel.message(say(LINKED)))

    await desk.write(work)


@router.callback_query(StaffTap.filter(F.do.in_({"ask", "stay", "off"})))
async def unlink(query: CallbackQuery, callback_data: StaffTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        group = act.session.get(StaffGroup, callback_data.group)
        if group is None or not (desk.private or group.chat_id == desk.chat_id):
            raise Refused(say(staff.NOT_LINKED))
        if callback_data.do == "off":
            title = staff.unlink(act, callback_data.group).title
            back = [[menu_item(BACK, "menu")]] if desk.private else None
            card = parcel.message(say(UNLINKED, title=title), back)
        elif callback_data.do == "ask":
            rows: Buttons = [[tap(YES_STOP, "off", group), tap(NO_STOP, "stay", group)]]
            card = parcel.message(say(SURE, title=group.title), rows)
        else:
            card = chats_page(act) if desk.private else in_group(act, desk.chat_id)
        act.turn.card(desk.chat_id, "team", card)

    await desk.write(work)
