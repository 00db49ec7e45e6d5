"""Which methods the simulator does for real: name to function, registered where they are written.

A method is a plain function of a Call: it checks, changes the world at once, and returns the
`result` as JSON. What is not here answers 501.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.chats import Chat, Group, Private, Stored
from simulator.errors import bad
from simulator.people import Bot
from simulator.schema import METHODS, Upload
from simulator.world import World

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    """One call: who makes it, with which (checked) parameters and which files."""

    world: World
    bot: Bot
    params: Json
    files: dict[str, Upload]

    def chat(self, field: str = "chat_id", *, write: bool = True) -> Private | Group:
        """The chat the call names; ApiError when the bot may not use it."""
        chat = self.world.resolve(self.bot, self.params[field], write=write)
        assert isinstance(chat, (Private, Group))
        return chat

    def message(self, chat: Chat, doing: str) -> Stored:
        """The message the call names by message_id; ApiError "message to edit not found"."""
        number = self.params.get("message_id")
        if number is None:
            raise bad("message identifier is not specified")
        stored = chat.messages.get(number)
        if stored is None or stored.deleted:
            raise bad(f"message to {doing} not found")
        return stored

    def known(self, user_id: int) -> Json | None:
        """The person whom a text mentions by id."""
        user = self.world.users.get(user_id)
        return None if user is None else user.face


Doing = Callable[[Call], Any]
MODELLED: dict[str, Doing] = {}
"""Lower-case name to function."""


def method(*names: str) -> Callable[[Doing], Doing]:
    """Register a function as what does these methods."""

    def register(doing: Doing) -> Doing:
        for name in names:
            if name.lower() not in METHODS:
                raise LookupError(f"The Bot API has no method {name}.")
            MODELLED[name.lower()] = doing
        return doing

    return register
