"""What a bot asks and does about a chat and its members."""

from __future__ import annotations

from typing import Any

from simulator.chats import Group, Member, Private
from simulator.errors import bad, forbidden
from simulator.membership import decide, depart, member_face, set_status
from simulator.methods.registry import Call, method

Json = dict[str, Any]

_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
     "gifts_from_channels"), False,
)  # fmt: skip


@method("getChat")
def get_chat(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchat"""
    chat = call.chat(write=False)
    made: Json = {
        **chat.face(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": _GIFTS,
    }
    if isinstance(chat, Group):
        made["permissions"] = {"can_send_messages": True, "can_invite_users": True}
        primary = next((i for i in chat.invites.values() if i.primary and not i.revoked), None)
        if primary is not None and chat.admin(call.bot.id):
            made["invite_link"] = primary.link
    if chat.pinned:
        made["pinned_message"] = chat.messages[chat.pinned[-1]].data
    return made


def group_of(call: Call, *, admin: str = "") -> Group:
    """The group the call names; with `admin`, refused unless the bot administers it."""
    chat = call.chat()
    if isinstance(chat, Private):
        raise bad("chat member status can't be changed in private chats" if admin
                  else "method is available for supergroup and channel chats only")  # fmt: skip
    if admin and not chat.admin(call.bot.id):
        raise bad(admin)
    return chat


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmember"""
    chat = call.chat(write=False)
    number = call.params["user_id"]
    known = number in call.world.users or number in call.world.bots
    if isinstance(chat, Private):
        if number not in (chat.user.id, call.bot.id):
            raise bad("member not found")
        return member_face(call.world, Member(number))
    if not known:
        raise bad("invalid user_id specified")
    return member_face(call.world, chat.members.get(number) or Member(number, "left"))


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getchatadministrators"""
    chat = call.chat(write=False)
    if isinstance(chat, Private):
        raise bad("there are no administrators in the private chat")
    return [
        member_face(call.world, member)
        for number, member in chat.members.items()
        if member.admin and (number not in call.world.bots or number == call.bot.id)
    ]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """https://core.telegram.org/bots/api#getchatmembercount"""
    chat = call.chat(write=False)
    return 2 if isinstance(chat, Private) else len(chat.present())


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """https://core.telegram.org/bots/api#leavechat"""
    chat = call.chat()
    if isinstance(chat, Private):
        raise bad("chat member status can't be changed in private chats")
    set_status(call.world, chat, call.bot.id, "left", actor=call.bot.face)
    return True


@method("banChatMember")
def ban_chat_member(call: Call) -> bool:
    """https://core.telegram.org/bots/api#banchatmember"""
    group = group_of(call, admin="not enough rights to restrict/unrestrict chat member")
    number = _somebody(call, group)
    if group.inside(number):
        depart(call.world, group, number)
    set_status(call.world, group, number, "kicked", actor=call.bot.face)
    return True


@method("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """https://core.telegram.org/bots/api#unbanchatmember"""
    group = group_of(call, admin="not enough rights to restrict/unrestrict chat member")
    number = _somebody(call, group)
    member = group.members.get(number)
    if member is None or (member.inside and call.params.get("only_if_banned")):
        return True
    set_status(call.world, group, number, "left", actor=call.bot.face)
    return True


def _somebody(call: Call, group: Group) -> int:
    number = call.params["user_id"]
    assert isinstance(number, int)
    if number == call.bot.id:
        raise bad("can't restrict self")
    if number not in call.world.users and number not in call.world.bots:
        raise bad("invalid user_id specified")
    member = group.members.get(number)
    if member is not None and member.status == "creator":
        raise bad("can't remove chat owner")
    if member is not None and member.status == "administrator":
        raise bad("user is an administrator of the chat")
    return number


@method("approveChatJoinRequest")
def approve_chat_join_request(call: Call) -> bool:
    """https://core.telegram.org/bots/api#approvechatjoinrequest"""
    return _decide(call, yes=True)


@method("declineChatJoinRequest")
def decline_chat_join_request(call: Call) -> bool:
    """https://core.telegram.org/bots/api#declinechatjoinrequest"""
    return _decide(call, yes=False)


def _decide(call: Call, *, yes: bool) -> bool:
    group = group_of(call, admin="not enough rights to manage join requests in the chat")
    number = call.params["user_id"]
    if group.inside(number):
        raise bad("USER_ALREADY_PARTICIPANT")
    if not decide(call.world, group, number, yes=yes, actor=call.bot):
        raise bad("HIDE_REQUESTER_MISSING")
    return True


@method("promoteChatMember")
def promote_chat_member(call: Call) -> bool:
    """https://core.telegram.org/bots/api#promotechatmember (any right makes an administrator)"""
    group = group_of(call, admin="not enough rights to promote chat member")
    number = call.params["user_id"]
    if not group.inside(number):
        raise bad("USER_NOT_PARTICIPANT")
    if group.members[number].status == "creator":
        raise forbidden("CHAT_ADMIN_REQUIRED")
    any_right = any(v is True for k, v in call.params.items() if k.startswith("can_"))
    status = "administrator" if any_right else "member"
    set_status(call.world, group, number, status, actor=call.bot.face)
    group.members[number].anonymous = any_right and bool(call.params.get("is_anonymous"))
    return True
