"""A working group's Telegram chat: linked by a command in it, followed where Telegram moves it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, ChatJoinRequest, ChatMemberUpdated, Message

from actions import group_chats, groups
from actions import group_words as words
from actions.act import LEADER, Act, Refused, require
from actions.buttons import GroupTap, Page
from flows.phrase import N_, say
from handlers.desk import AS_YOURSELF, Desk
from handlers.menu import turn_page
from handlers.shapes import GROUP, MIGRATED, TAPPED_IN_GROUP
from storage import group as stored
from storage import parcel
from storage.parcel import Buttons, Parcel

router = Router(name="group chats")
GONE, THERE = {"kicked", "left"}, {"member", "administrator", "restricted"}

A_PAGE = 8
HELLO = N_(
    "Hello! I am the neighbours' assistant. Whoever leads a working group can link it to this "
    "chat: write /vincular here. Make me an administrator who may invite people, so that each "
    "new member gets a link of their own. If this is to be the team's own chat, write /equipo."
)
HELLO_AGAIN = N_("Hello again! This is the chat of the working group <b>{group}</b>.")
WHICH = N_("Which working group is this chat for?")
LINKED = N_(
    "🔗 This is the chat of the working group <b>{group}</b> now. I will tell of its meetings here."
)
NO_GROUPS = N_("There is no working group to link yet. Create one first, in our private chat.")
USE_A_LINK = N_(
    "The chat you want to enter is that of the group <b>{group}</b>. Join it here, and I will "
    "send you a link of your own."
)


def link_page(act: Act, number: int) -> Parcel:
    """The groups that whoever asks could link to a chat, a page of them."""
    found = groups.to_lead(act)
    if not found:
        raise Refused(say(NO_GROUPS))
    pages = -(-len(found) // A_PAGE)
    number = min(max(number, 0), pages - 1)
    shown = found[number * A_PAGE : (number + 1) * A_PAGE]
    rows: Buttons = [
        [parcel.button(g.name, GroupTap(do="link", group=g.id or 0).pack())] for g in shown
    ]
    turn = turn_page("link", number, pages)
    if turn:
        rows.append(turn)
    return parcel.message(say(WHICH), rows)


def linked(act: Act, group_id: int, chat_id: int) -> None:
    """Link, and say so in the chat in place of the question."""
    group = group_chats.link_chat(act, group_id, chat_id)
    act.turn.card(chat_id, "link", parcel.message(say(LINKED, group=group.name)))


@router.message(Command("vincular", "link", ignore_case=True), GROUP)
async def link(message: Message, desk: Desk, command: CommandObject) -> None:
    name = (command.args or "").strip()[:80]

    def work(act: Act) -> None:
        if not desk.user_id:
            raise Refused(say(AS_YOURSELF))
        require(act, LEADER)
        if name:
            group = group_chats.named(groups.to_lead(act), name)
            act.turn.card(desk.chat_id, "link", parcel.message(say(WHICH)), anew=True)
            linked(act, group.id or 0, desk.chat_id)
            return
        act.turn.card(desk.chat_id, "link", link_page(act, 0), anew=True)

    await desk.write(work)


@router.callback_query(Page.filter(F.what == "link"), TAPPED_IN_GROUP)
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, LEADER)
        act.turn.card(desk.chat_id, "link", link_page(act, callback_data.number))

    await desk.write(work)


@router.callback_query(GroupTap.filter(F.do == "link"), TAPPED_IN_GROUP)
async def choose(query: CallbackQuery, callback_data: GroupTap, desk: Desk) -> None:
    await desk.write(lambda act: linked(act, callback_data.group, desk.chat_id))


@router.message(MIGRATED)
async def moved(message: Message, desk: Desk) -> None:
    """Said in the old chat and in the new one: whichever comes is enough, and both are one move."""
    old = message.migrate_from_chat_id or desk.chat_id
    new = message.migrate_to_chat_id or desk.chat_id
    await desk.write(lambda act: group_chats.chat_moved(act, old, new))


@router.my_chat_member(GROUP)
async def standing(update: ChatMemberUpdated, desk: Desk) -> None:
    """Added to a chat: say how it is linked. Put out of it: it is nobody's chat any more."""
    was, now = update.old_chat_member.status, update.new_chat_member.status

    def work(act: Act) -> None:
        if now in GONE:
            group_chats.chat_lost(act, desk.chat_id)
        elif now in THERE and was not in THERE:
            group = stored.by_telegram(act.session, desk.chat_id)
            hello = say(HELLO_AGAIN, group=group.name) if group else say(HELLO)
            act.turn.owe(desk.chat_id, parcel.message(hello))

    await desk.write(work)


@router.chat_join_request()
async def asks_to_enter(request: ChatJoinRequest, desk: Desk) -> None:
    """Somebody asks to enter a chat: a member of the group is let in, others are shown its page.

    Telegram lets us write to them for five minutes; admitting who is not in the group stays with
    the administrators of the chat.
    """

    def work(act: Act) -> None:
        group = stored.by_telegram(act.session, request.chat.id)
        if group is None or group.id is None:
            return
        if groups.is_member(act, group.id):
            group_chats.let_in(act, group.id)
            return
        text = say(USE_A_LINK, group=group.name)
        act.turn.owe(request.user_chat_id, parcel.message(text, words.open_button(group.id)))

    await desk.write(work)
