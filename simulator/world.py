"""The simulated Telegram itself: accounts, chats, messages, and who is told of what.

Every change of it goes through here, in one thread and without waiting, so that a call is
either applied whole or not at all.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.chats import Chat, Group, Private, Stored
from simulator.clock import Clock
from simulator.errors import ActError, ApiError, bad, forbidden
from simulator.events import Events
from simulator.faults import Faults
from simulator.files import Files
from simulator.limits import Limits
from simulator.people import ANONYMOUS_ADMIN, Bot, User
from simulator.privacy import concerns
from simulator.record import Record
from simulator.updates import Outbox

Json = dict[str, Any]

QUERY_LIFE = 150.0
"""Machine seconds for which a tap can be answered."""
JOIN_WINDOW = 300.0
"""Machine seconds for which a join request lets the bot write to the person."""
READABLE_FOR = 48 * 3600
"""Seconds of town time for which a tap brings its message along; of an older one its number."""


@dataclass(slots=True)
class Query:
    """A tap waiting to be answered."""

    id: str
    bot: int
    user: int
    chat: str
    born: float
    answered: bool = False


@dataclass(slots=True)
class Poll:
    """A native poll: where it stands and who chose what."""

    data: Json
    chat: Chat
    message_id: int
    bot: int
    anonymous: bool
    choices: dict[int, list[int]] = field(default_factory=dict)


class World:
    """`keep` is how many messages a chat remembers; `query_life` is in machine seconds."""

    def __init__(self, clock: Clock, record: Record, *, keep: int = 1000, seed: int = 0) -> None:
        self.clock = clock
        self.record = record
        self.keep = keep
        self.query_life = QUERY_LIFE
        self.join_window = JOIN_WINDOW
        self.webhook_pause = 1.0
        self.webhook_answered: Callable[[Bot, Json], Awaitable[None]] | None = None
        """Called with the method a webhook puts into its answer."""
        self.events = Events()
        self.faults = Faults(seed)
        self.files = Files()
        self.bots: dict[int, Bot] = {}
        self.tokens: dict[str, Bot] = {}
        self.outboxes: dict[int, Outbox] = {}
        self.limits: dict[int, Limits] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.privates: dict[tuple[int, int], Private] = {}
        self.queries: dict[str, Query] = {}
        self.polls: dict[str, Poll] = {}
        self.last_update: int | None = None
        self._next_user = 100_001
        self._next_group = 4_000_001
        self._sweep_at = 0

    # accounts

    def add_bot(self, token: str, username: str, first_name: str, *, reads_groups: bool) -> Bot:
        """A new bot; its id is the number its token begins with."""
        head, colon, tail = token.partition(":")
        if not head.isdigit() or not colon or not tail:
            raise ValueError("A token looks like 123456:letters.")
        bot = Bot(int(head), token, username, first_name, reads_groups)
        if bot.id in self.bots:
            raise ValueError(f"There is a bot {bot.id} already.")
        self.bots[bot.id] = bot
        self.tokens[token] = bot
        self.outboxes[bot.id] = Outbox(bot.id, self.record, self.faults)
        self.limits[bot.id] = Limits(self.record, lambda: self.clock.jumped)
        return bot

    def add_user(self, first_name: str, **details: Any) -> User:
        """A new person; `id` may be given, otherwise the next free one."""
        number = details.pop("id", None)
        while number is None or number in self.users:
            number = self._next_user
            self._next_user += 1
        user = User(number, first_name, **details)
        self.users[number] = user
        self.events.tell("people", people=[number])
        return user

    def add_group(self, title: str, *, supergroup: bool = False, username: str = "") -> Group:
        """A new empty group."""
        number = self._next_group
        self._next_group += 1
        number = -(1_000_000_000_000 + number) if supergroup else -number
        group = Group(
            keep=self.keep, id=number, title=title, supergroup=supergroup, username=username
        )
        self.groups[number] = group
        return group

    def private(self, bot_id: int, user_id: int) -> Private:
        """The chat of a person with a bot, made when first asked for."""
        key = (bot_id, user_id)
        chat = self.privates.get(key)
        if chat is None:
            chat = Private(keep=self.keep, bot=self.bots[bot_id], user=self.users[user_id])
            self.privates[key] = chat
        return chat

    def chat_for(self, user_id: int, name: str | None) -> Chat:
        """The chat a person means: "bot:<id>", a group's id, or None for the first bot."""
        if user_id not in self.users:
            raise ActError(f"There is no person {user_id}.")
        if name is None or name == "":
            if not self.bots:
                raise ActError("There is no bot.")
            return self.private(next(iter(self.bots)), user_id)
        head, _, number = name.partition(":")
        try:
            if head == "bot":
                if int(number) not in self.bots:
                    raise ActError(f"There is no bot {number}.")
                return self.private(int(number), user_id)
            group = self.groups.get(int(name))
        except ValueError:
            raise ActError('A chat is named "bot:<id>" or by a group\'s id.') from None
        if group is None:
            raise ActError(f"There is no group {name}.")
        return group

    # finding a chat for a bot

    def resolve(self, bot: Bot, chat_id: int | str, *, write: bool = True) -> Chat:
        """The chat a bot means; ApiError 400 or 403 when it may not (write to) it."""
        if isinstance(chat_id, str):
            name = chat_id.removeprefix("@").lower()
            group = next(
                (g for g in self.groups.values() if g.username and g.username.lower() == name),
                None,
            )
            if group is None:
                raise bad("chat not found")
            return self._group_for(bot, group, write)
        if chat_id < 0:
            group = self.groups.get(chat_id)
            if group is None:
                raise bad("chat not found")
            return self._group_for(bot, group, write)
        chat = self.privates.get((bot.id, chat_id))
        if chat is None:
            if chat_id in self.bots:
                raise forbidden("bot can't send messages to bots")
            user = self.users.get(chat_id)
            if user is None or chat_id not in bot.seen:
                raise bad("chat not found")
            raise forbidden("bot can't initiate conversation with a user")
        if write:
            if chat.user.deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started and time.monotonic() >= chat.open_until:
                if chat_id not in bot.seen:
                    raise bad("chat not found")
                raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _group_for(self, bot: Bot, group: Group, write: bool) -> Group:
        if group.migrated_to is not None:
            raise ApiError(
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to=group.migrated_to,
            )
        member = group.members.get(bot.id)
        kind = "supergroup" if group.supergroup else "group"
        if member is None:
            raise bad("chat not found")
        if member.status == "kicked":
            raise forbidden(f"bot was kicked from the {kind} chat")
        if not member.inside:
            raise forbidden(f"bot is not a member of the {kind} chat")
        return group

    # messages

    def number(self, chat: Chat) -> int:
        """The next message id: a bot's private chats share one counter, a group has its own."""
        if isinstance(chat, Private):
            chat.bot.last_message_id += 1
            return chat.bot.last_message_id
        assert isinstance(chat, Group)
        chat.last_message_id += 1
        return chat.last_message_id

    def viewers(self, chat: Chat) -> list[int]:
        """The people (not bots) who see what is said there."""
        if isinstance(chat, Private):
            return [chat.user.id]
        assert isinstance(chat, Group)
        return [number for number in chat.present() if number in self.users]

    def post(
        self,
        chat: Chat,
        content: Json,
        *,
        user: User | None = None,
        bot: Bot | None = None,
        keyboard: bool = False,
        protected: bool = False,
    ) -> Stored:
        """Put a message into a chat, tell the people there and (if a person's) the bots."""
        now = self.clock.now()
        data: Json = {"message_id": self.number(chat)}
        if bot is not None:
            data["from"] = bot.face
            author = bot.id
        else:
            assert user is not None
            author = user.id
            data["from"] = user.face
            if isinstance(chat, Group):
                member = chat.members.get(author)
                if member is not None and member.admin and member.anonymous:
                    data["from"] = ANONYMOUS_ADMIN
                    data["sender_chat"] = chat.face()
                    if member.title:
                        data["author_signature"] = member.title
        assert isinstance(chat, (Private, Group))
        data["chat"] = chat.face()
        data["date"] = int(now)
        data.update(content)
        if protected:
            data["has_protected_content"] = True
        stored = Stored(data, author, keyboard=keyboard, protected=protected, sent_at=now)
        chat.put(stored)
        self.events.tell(
            "message", people=self.viewers(chat), chat=chat.key, message=data, author=author
        )
        if bot is None:
            self._tell_bots(chat, "message", stored)
        else:
            chat.last_text_bot = bot.id
        return stored

    def change(self, chat: Chat, stored: Stored, data: Json, *, date: bool = True) -> None:
        """Replace what a message says, tell the people, and the bots if it is a person's."""
        assert isinstance(chat, (Private, Group))
        if date:
            data = {**data, "edit_date": int(self.clock.now())}
            stored.edited = True
        stored.data = data
        self.events.tell(
            "edited", people=self.viewers(chat), chat=chat.key, message=data, author=stored.author
        )
        if stored.author in self.users:
            self._tell_bots(chat, "edited_message", stored)

    def remove(self, chat: Chat, stored: Stored) -> None:
        """Delete a message for everybody; bots are not told, as in Telegram."""
        assert isinstance(chat, (Private, Group))
        stored.deleted = True
        self.events.tell("deleted", people=self.viewers(chat), chat=chat.key, message_id=stored.id)

    def _tell_bots(self, chat: Chat, kind: str, stored: Stored) -> None:
        self.last_update = None
        if isinstance(chat, Private):
            self.tell(chat.bot, kind, stored.data, chat.id)
            return
        assert isinstance(chat, Group)
        for number in chat.present():
            bot = self.bots.get(number)
            if bot is not None and (
                bot.reads_groups or chat.admin(number) or concerns(chat, bot, stored.data)
            ):
                bot.seen.add(stored.author)
                self.tell(bot, kind, stored.data, chat.id)

    def tell(self, bot: Bot, kind: str, payload: Json, chat: int | None) -> None:
        """Owe a bot an update."""
        number = self.outboxes[bot.id].put(kind, payload, chat)
        if number is not None:
            self.last_update = number

    # taps

    def tap(self, chat: Chat, user: User, stored: Stored, bot: Bot, data: str) -> Query:
        """A press of a callback button."""
        assert isinstance(chat, (Private, Group))
        self._forget_queries()
        query = Query(
            # Never one that another simulator has given: a bot may know those still.
            id=str(10**17 + secrets.randbelow(9 * 10**18)),
            bot=bot.id,
            user=user.id,
            chat=chat.key,
            born=time.monotonic(),
        )
        self.queries[query.id] = query
        self.last_update = None
        message = stored.data
        if self.clock.now() - stored.sent_at > READABLE_FOR:
            message = {"chat": chat.face(), "message_id": stored.id, "date": 0}
        self.tell(
            bot,
            "callback_query",
            {
                "id": query.id,
                "from": user.face,
                "message": message,
                "chat_instance": str(hash((bot.id, chat.id)) & 0x7FFFFFFFFFFFFFFF),
                "data": data,
            },
            chat.id,
        )
        return query

    def _forget_queries(self) -> None:
        """Now and then, drop the taps that can no longer be answered."""
        self._sweep_at += 1
        if self._sweep_at % 1000:
            return
        oldest = time.monotonic() - 2 * self.query_life
        self.queries = {key: q for key, q in self.queries.items() if q.born > oldest}

    def clock_changed(self) -> None:
        """Told by the clock."""
        self.events.tell("clock", **self.clock.state())
