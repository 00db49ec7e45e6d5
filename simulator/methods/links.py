"""Invite links: personal, single-use, expiring, or asking first; only for administrators."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.chats import Group, Invite
from simulator.errors import bad
from simulator.methods.groups import group_of
from simulator.methods.registry import Call, method

Json = dict[str, Any]

_RIGHT = "not enough rights to manage chat invite link"


def new_link() -> str:
    """An address nobody can guess."""
    return f"https://t.me/+{secrets.token_urlsafe(12)}"


def _details(call: Call, invite: Invite) -> None:
    params = call.params
    limit = params.get("member_limit") or None
    asks = bool(params.get("creates_join_request"))
    if limit is not None and not 1 <= limit <= 99999:
        raise bad("member_limit must be in the range 1-99999")
    if limit is not None and asks:
        raise bad("member limit can't be specified for links requiring administrator approval")
    name = params.get("name") or ""
    if len(name) > 32:
        raise bad("invite link name is too long")
    expire = params.get("expire_date") or None
    if expire is not None and expire <= call.world.clock.now():
        raise bad("EXPIRE_DATE_INVALID")
    invite.name, invite.member_limit, invite.creates_join_request = name, limit, asks
    invite.expire_date = expire


@method("createChatInviteLink")
def create_chat_invite_link(call: Call) -> Json:
    """https://core.telegram.org/bots/api#createchatinvitelink"""
    group = group_of(call, admin=_RIGHT)
    invite = Invite(new_link(), call.bot.face)
    _details(call, invite)
    group.invites[invite.link] = invite
    return invite.face()


@method("editChatInviteLink")
def edit_chat_invite_link(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editchatinvitelink"""
    invite = _own(call)
    _details(call, invite)
    return invite.face()


@method("revokeChatInviteLink")
def revoke_chat_invite_link(call: Call) -> Json:
    """https://core.telegram.org/bots/api#revokechatinvitelink"""
    invite = _own(call)
    invite.revoked = True
    return invite.face()


def _own(call: Call) -> Invite:
    group = group_of(call, admin=_RIGHT)
    invite = group.invites.get(call.params["invite_link"])
    if invite is None or invite.creator["id"] != call.bot.id:
        raise bad("INVITE_HASH_EXPIRED")
    return invite


@method("exportChatInviteLink")
def export_chat_invite_link(call: Call) -> str:
    """https://core.telegram.org/bots/api#exportchatinvitelink"""
    return primary_link(group_of(call, admin=_RIGHT), call.bot.face).link


def primary_link(group: Group, creator: Json) -> Invite:
    """A new primary link; the one before is revoked."""
    for invite in group.invites.values():
        if invite.primary and invite.creator["id"] == creator["id"]:
            invite.revoked = True
    fresh = Invite(new_link(), creator, primary=True)
    group.invites[fresh.link] = fresh
    return fresh
