"""Who comes into a group and who leaves it, and the updates each step causes.

A bot hears of its own standing always (my_chat_member), of others' only as an administrator
that asked for chat_member updates.
"""

from __future__ import annotations

import time
from typing import Any

from simulator.chats import Group, Invite, Member, Private
from simulator.errors import ActError
from simulator.people import Bot, User
from simulator.world import World

Json = dict[str, Any]

_RIGHTS = (
    "can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories", "can_pin_messages",
    "can_send_welcome_messages",
)  # fmt: skip


def member_face(world: World, member: Member) -> Json:
    """The ChatMember object."""
    account: User | Bot = (
        world.bots[member.user_id] if member.user_id in world.bots else world.users[member.user_id]
    )
    made: Json = {"status": member.status, "user": account.face}
    if member.status == "creator":
        made["is_anonymous"] = member.anonymous
    elif member.status == "administrator":
        made.update(dict.fromkeys(_RIGHTS, True))
        made["can_be_edited"] = False
        made["is_anonymous"] = member.anonymous
    elif member.status == "kicked":
        made["until_date"] = 0
    if member.title and member.admin:
        made["custom_title"] = member.title
    return made


def set_status(
    world: World,
    group: Group,
    user_id: int,
    status: str,
    *,
    actor: Json,
    invite: Invite | None = None,
    via_request: bool = False,
) -> None:
    """Change somebody's standing and tell the bots concerned."""
    member = group.members.get(user_id)
    if member is None:
        member = group.members[user_id] = Member(user_id, "left")
    if member.status == status:
        return
    old = member_face(world, member)
    member.status = status
    if not member.admin:
        member.anonymous = False
    change: Json = {
        "chat": group.face(),
        "from": actor,
        "date": int(world.clock.now()),
        "old_chat_member": old,
        "new_chat_member": member_face(world, member),
    }
    if invite is not None:
        change["invite_link"] = invite.face()
    if via_request:
        change["via_join_request"] = True
    if user_id in world.bots:
        world.tell(world.bots[user_id], "my_chat_member", change, group.id)
    for number in group.present():
        if number in world.bots and number != user_id and group.admin(number):
            world.tell(world.bots[number], "chat_member", change, group.id)
    world.events.tell("chats", people=sorted({*world.viewers(group), user_id} & set(world.users)))


def enter(
    world: World,
    group: Group,
    user_id: int,
    *,
    actor: User | None = None,
    invite: Invite | None = None,
    via_request: bool = False,
) -> None:
    """Somebody comes in, by themselves or added by `actor`; a service message says so."""
    account = world.users.get(user_id)
    face = world.bots[user_id].face if account is None else account.face
    by = (actor or account) if account is not None else actor
    set_status(
        world, group, user_id, "member", actor=by.face if by else face,
        invite=invite, via_request=via_request,
    )  # fmt: skip
    group.requests.pop(user_id, None)
    content: Json = {"new_chat_members": [face]}
    world.post(group, content, user=by or next(iter(world.users.values())))


def depart(world: World, group: Group, user_id: int, *, actor: User | None = None) -> None:
    """Somebody leaves, or is removed by `actor`."""
    account = world.users.get(user_id)
    face = world.bots[user_id].face if account is None else account.face
    by = actor or account
    if by is not None:
        world.post(group, {"left_chat_member": face}, user=by)
    removed = actor is not None and actor.id != user_id
    set_status(
        world, group, user_id, "kicked" if removed else "left",
        actor=by.face if by is not None else face,
    )  # fmt: skip
    group.keyboards.pop(user_id, None)


def use_link(world: World, user: User, link: str) -> tuple[Group, bool]:
    """Follow an invite link: the group, and whether the person is now in it (or has to wait)."""
    for group in world.groups.values():
        invite = group.invites.get(link)
        if invite is None:
            continue
        member = group.members.get(user.id)
        if member is not None and member.inside:
            return group, True
        if member is not None and member.status == "kicked":
            raise ActError("This person was removed from the group.")
        expired = invite.expire_date is not None and world.clock.now() >= invite.expire_date
        full = invite.member_limit is not None and invite.used >= invite.member_limit
        if invite.revoked or expired or full or group.migrated_to is not None:
            raise ActError("This invite link has expired.")
        if invite.creates_join_request:
            ask(world, group, user, invite)
            return group, False
        invite.used += 1
        enter(world, group, user.id, invite=invite)
        return group, True
    raise ActError("There is no such invite link.")


def ask(world: World, group: Group, user: User, invite: Invite) -> None:
    """A request to join: the bots that administer may decide, and write to the person."""
    group.requests[user.id] = invite
    invite.pending += 1
    for number in group.present():
        bot = world.bots.get(number)
        if bot is None or not group.admin(number):
            continue
        bot.seen.add(user.id)
        chat = world.private(number, user.id)
        chat.open_until = time.monotonic() + world.join_window
        world.tell(
            bot,
            "chat_join_request",
            {
                "chat": group.face(),
                "from": user.face,
                "user_chat_id": user.id,
                "date": int(world.clock.now()),
                "invite_link": invite.face(),
            },
            group.id,
        )


def decide(world: World, group: Group, user_id: int, *, yes: bool, actor: Bot) -> bool:
    """Let somebody in who asked, or not; False when nobody with that id asks."""
    invite = group.requests.pop(user_id, None)
    if invite is None:
        return False
    invite.pending -= 1
    if yes:
        invite.used += 1
        set_status(
            world, group, user_id, "member", actor=actor.face, invite=invite, via_request=True
        )
        world.post(
            group, {"new_chat_members": [world.users[user_id].face]}, user=world.users[user_id]
        )
    else:
        world.events.tell("chats", people=[user_id])
    return True


def migrate(world: World, group: Group) -> Group:
    """A basic group becomes a supergroup under a new id; both say so to the bots."""
    if group.supergroup or group.migrated_to is not None:
        raise ActError("Only a basic group can become a supergroup.")
    new = world.add_group(group.title, supergroup=True)
    new.members = group.members
    owner = next((world.users[n] for n in group.present() if n in world.users), None)
    if owner is None:
        raise ActError("An empty group cannot become a supergroup.")
    world.post(group, {"migrate_to_chat_id": new.id}, user=owner)
    group.migrated_to = new.id
    group.members = {}
    world.post(new, {"migrate_from_chat_id": group.id}, user=owner)
    world.events.tell("chats", people=world.viewers(new))
    return new


def standing(world: World, chat: Private, *, blocked: bool) -> None:
    """A person blocks a bot or lets it write again."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    free, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
    face = chat.bot.face
    old, new = (free, kicked) if blocked else (kicked, free)
    world.tell(
        chat.bot,
        "my_chat_member",
        {
            "chat": chat.face(),
            "from": chat.user.face,
            "date": int(world.clock.now()),
            "old_chat_member": {**old, "user": face},
            "new_chat_member": {**new, "user": face},
        },
        chat.id,
    )
    world.events.tell("chats", people=[chat.user.id])
