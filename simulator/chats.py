"""Where people talk: a private chat with a bot, or a group; and the messages each keeps."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from simulator.people import Bot, User

Json = dict[str, Any]

MEMBERS = frozenset({"creator", "administrator", "member", "restricted"})
"""Statuses of somebody who is in the group."""


@dataclass(slots=True)
class Stored:
    """A message and what the chat knows of it; `data` is replaced, never changed in place."""

    data: Json
    author: int
    """Id of the person or bot it comes from (not of the fake user of an anonymous admin)."""
    edited: bool = False
    deleted: bool = False
    keyboard: bool = False
    """It was sent with a reply keyboard, so Telegram lets nobody edit it."""
    protected: bool = False
    sent_at: float = 0.0

    @property
    def id(self) -> int:
        """Its number in the chat."""
        number = self.data["message_id"]
        assert isinstance(number, int)
        return number


@dataclass(slots=True, kw_only=True)
class Chat:
    """What both kinds share; `keep` bounds how many messages are remembered."""

    keep: int
    messages: dict[int, Stored] = field(default_factory=dict)
    order: deque[int] = field(default_factory=deque)
    keyboards: dict[int, Json] = field(default_factory=dict)
    """The reply keyboard each person is shown."""
    read: dict[int, int] = field(default_factory=dict)
    """The last message each person has seen."""
    pinned: list[int] = field(default_factory=list)
    last_text_bot: int = 0

    def put(self, message: Stored) -> None:
        """Add a message, forgetting the oldest beyond `keep`."""
        self.messages[message.id] = message
        self.order.append(message.id)
        if len(self.order) > self.keep:
            self.messages.pop(self.order.popleft(), None)

    def last(self) -> Stored | None:
        """The newest message that is not deleted."""
        for number in reversed(self.order):
            message = self.messages[number]
            if not message.deleted:
                return message
        return None


@dataclass(slots=True, kw_only=True)
class Private(Chat):
    """One person and one bot."""

    bot: Bot
    user: User
    started: bool = False
    blocked: bool = False
    open_until: float = 0.0
    """Machine moment until which a join request lets the bot write first."""

    @property
    def id(self) -> int:
        """The chat id a bot uses: the person's."""
        return self.user.id

    @property
    def key(self) -> str:
        """The name the page and the clients use."""
        return f"bot:{self.bot.id}"

    def face(self) -> Json:
        """The Chat object."""
        return self.user.as_chat()


@dataclass(slots=True)
class Member:
    """Somebody's standing in a group; `anonymous` only means something for admins."""

    user_id: int
    status: str = "member"
    anonymous: bool = False
    title: str = ""

    @property
    def inside(self) -> bool:
        """In the group now."""
        return self.status in MEMBERS

    @property
    def admin(self) -> bool:
        """May administer."""
        return self.status in ("creator", "administrator")


@dataclass(slots=True)
class Invite:
    """An invite link; moments are town time (expire_date is a date people are told)."""

    link: str
    creator: Json
    name: str = ""
    expire_date: int | None = None
    member_limit: int | None = None
    creates_join_request: bool = False
    primary: bool = False
    revoked: bool = False
    used: int = 0
    pending: int = 0

    def face(self) -> Json:
        """The ChatInviteLink object."""
        made: Json = {
            "invite_link": self.link,
            "creator": self.creator,
            "creates_join_request": self.creates_join_request,
            "is_primary": self.primary,
            "is_revoked": self.revoked,
        }
        if self.name:
            made["name"] = self.name
        if self.expire_date:
            made["expire_date"] = self.expire_date
        if self.member_limit:
            made["member_limit"] = self.member_limit
        if self.creates_join_request:
            made["pending_join_request_count"] = self.pending
        return made


@dataclass(slots=True, kw_only=True)
class Group(Chat):
    """A basic group or a supergroup."""

    id: int
    title: str
    supergroup: bool = False
    username: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    invites: dict[str, Invite] = field(default_factory=dict)
    requests: dict[int, Invite] = field(default_factory=dict)
    """People who ask to join, and by which link."""
    migrated_to: int | None = None
    last_message_id: int = 0

    @property
    def key(self) -> str:
        """The name the page and the clients use."""
        return str(self.id)

    @property
    def type(self) -> str:
        """As Telegram calls it."""
        return "supergroup" if self.supergroup else "group"

    def face(self) -> Json:
        """The Chat object."""
        made: Json = {"id": self.id, "title": self.title, "type": self.type}
        if self.username:
            made["username"] = self.username
        if not self.supergroup:
            made["all_members_are_administrators"] = False
        return made

    def inside(self, user_id: int) -> bool:
        """Is that person or bot in the group?"""
        member = self.members.get(user_id)
        return member is not None and member.inside

    def admin(self, user_id: int) -> bool:
        """May that person or bot administer the group?"""
        member = self.members.get(user_id)
        return member is not None and member.admin

    def present(self) -> list[int]:
        """Ids of everybody in it, bots included."""
        return [number for number, member in self.members.items() if member.inside]
