"""Somebody somewhere: who they are, which chat they look at, and what stands in it."""

from __future__ import annotations

from typing import Any, Self

from simulator.chats import Chat, Group, Private, Stored
from simulator.ear import Ear, Listening
from simulator.entities import units
from simulator.errors import ActError
from simulator.people import Bot, User
from simulator.seen import Seen
from simulator.spans import detect
from simulator.world import World

Json = dict[str, Any]
Which = Seen | int | None


class Somebody(Listening):
    """One user in one chat: the first bot's private one unless `at` says otherwise."""

    def __init__(self, world: World, user: User, ear: Ear, chat: str | None = None) -> None:
        self.world = world
        self.user = user
        self._where = chat
        super().__init__(ear, self.chat.key if chat or world.bots else "", user.id)

    @property
    def id(self) -> int:
        """Their Telegram id."""
        return self.user.id

    @property
    def chat(self) -> Private | Group:
        """Where they are."""
        chat = self.world.chat_for(self.user.id, self._where)
        assert isinstance(chat, (Private, Group))
        return chat

    def at(self, place: Group | int | str | Bot) -> Self:
        """The same person in another chat: a group (or its id), or another bot."""
        if isinstance(place, Bot):
            name = f"bot:{place.id}"
        elif isinstance(place, Group):
            name = place.key
        else:
            name = str(place)
        return type(self)(self.world, self.user, self._ear, name)

    # reading

    @property
    def inbox(self) -> list[Seen]:
        """The messages of the chat, oldest first, own ones included."""
        return [Seen(stored.data) for stored in self.chat.messages.values() if not stored.deleted]

    @property
    def last(self) -> Seen:
        """The newest message somebody else wrote; LookupError when there is none."""
        for stored in reversed(self.chat.messages.values()):
            if not stored.deleted and stored.author != self.id:
                return Seen(stored.data)
        raise LookupError("nobody has written here")

    def buttons(self) -> list[str]:
        """The labels of the newest message that has buttons; empty when none has."""
        for seen in reversed(self.inbox):
            if seen.rows:
                return seen.buttons
        return []

    def keys(self) -> list[str]:
        """The labels of the reply keyboard shown."""
        rows = (self.chat.keyboards.get(self.id) or {}).get("keyboard", [])
        return [key if isinstance(key, str) else key["text"] for row in rows for key in row]

    def _able(self) -> None:
        if self.user.deactivated:
            raise ActError("This account was deleted.")

    def _send(self, content: Json) -> Seen:
        chat = self.chat
        self._able()
        if isinstance(chat, Private):
            if chat.blocked:
                raise ActError("They have blocked this bot: unblock it first.")
            if not chat.started:
                raise ActError("They have to press Start first.")
        elif chat.migrated_to is not None:
            raise ActError("This group became a supergroup: write there.")
        elif not chat.inside(self.id):
            raise ActError("They are not in this group.")
        self.mark()
        return Seen(self.world.post(chat, content, user=self.user).data)

    def _private(self) -> Private:
        chat = self.chat
        if not isinstance(chat, Private):
            raise ActError("Only a private chat can be blocked.")
        return chat

    def _group(self, chat: int | str | None) -> Group:
        found: Chat = self.chat if chat is None else self.world.chat_for(self.id, str(chat))
        if not isinstance(found, Group):
            raise ActError("That is done in a group.")
        return found

    def _find(self, message: Which, chat: Chat | None = None) -> Stored:
        where = self.chat if chat is None else chat
        number = message.id if isinstance(message, Seen) else message
        stored = where.last() if number is None else where.messages.get(number)
        if stored is None or stored.deleted:
            raise ActError("There is no such message.")
        return stored

    def _own(self, message: Which) -> Stored:
        if message is None:
            own = [s for s in self.chat.messages.values() if s.author == self.id and not s.deleted]
            if not own:
                raise ActError("They have written nothing here.")
            return own[-1]
        stored = self._find(message)
        if stored.author != self.id:
            raise ActError("Only one's own messages can be edited.")
        return stored


def words(text: str) -> Json:
    """The content of a text message."""
    entities = detect(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(text: str | None) -> Json:
    """The content of a caption; empty for none, ActError for one that is too long."""
    if not text:
        return {}
    if units(text) > 1024:
        raise ActError("A caption holds at most 1,024 characters.")
    entities = detect(text, [])
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def place_of(latitude: float, longitude: float, live: int | None) -> Json:
    """The Location object; ActError for coordinates that are on no map."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ActError("Latitude is between -90 and 90, longitude between -180 and 180.")
    place: Json = {"latitude": latitude, "longitude": longitude}
    if live is not None:
        place["live_period"] = live
        place["horizontal_accuracy"] = 15.0
    return place
