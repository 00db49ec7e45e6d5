"""What there is to see, as JSON: the whole town, and one person's chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.chats import Group, Private, Stored
from simulator.errors import ActError

if TYPE_CHECKING:
    from simulator.server import Simulator

Json = dict[str, Any]


class Views:
    """Reads the world; only `messages` changes something: what a person has read."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim
        self.world = sim.world

    def state(self) -> Json:
        """Everything the page needs to draw itself."""
        sim, world = self.sim, self.world
        return {
            "seq": world.events.seq,
            **sim.clock.state(),
            "rate_limits": sim.rate_limits,
            "bots": [self.bot_state(number) for number in world.bots],
            "people": [self.person_state(number) for number in world.users],
            "chats": [self.group_state(group) for group in world.groups.values()
                      if group.migrated_to is None],
            "map": sim.map,
            "timezone": sim.timezone,
            "places": sim.places,
            "faults": world.faults.describe(),
            "violations": len(sim.record.violations),
            "process": None if sim.process is None else {"running": sim.process.running},
        }  # fmt: skip

    def bot_state(self, number: int) -> Json:
        """A bot and what it says of itself."""
        bot = self.world.bots[number]
        commands: dict[str, list[Json]] = {}
        for (scope, language), listed in bot.commands.items():
            private = scope == "all_private_chats"
            if private or (scope == "default" and language not in commands):
                commands[language] = listed
        return {
            "id": bot.id,
            "username": bot.username,
            "first_name": bot.first_name,
            "description": bot.descriptions,
            "short_description": bot.short_descriptions,
            "commands": commands,
            "menu_button": bot.menu_buttons.get(0),
        }

    def person_state(self, number: int) -> Json:
        """A person as the page sees them."""
        user = self.world.users[number]
        return {
            "id": user.id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "username": user.username,
            "language_code": user.language_code,
            "deactivated": user.deactivated,
            "blocked": [bot for bot in self.world.bots
                        if (chat := self.world.privates.get((bot, number))) and chat.blocked],
            "color": user.color,
        }  # fmt: skip

    def group_state(self, group: Group) -> Json:
        """A group and who is in it."""
        return {
            "id": group.id,
            "type": group.type,
            "title": group.title,
            "members": [
                {"user_id": m.user_id, "status": m.status, "anonymous": m.anonymous}
                for m in group.members.values()
                if m.inside
            ],
            "left_bots": [m.user_id for m in group.members.values()
                          if not m.inside and m.user_id in self.world.bots],
        }  # fmt: skip

    def chats(self, number: int) -> list[Json]:
        """The chats of a person: every bot, and the groups they are in."""
        listed: list[Json] = []
        for bot in self.world.bots.values():
            private = self.world.private(bot.id, number)
            title = bot.names.get(private.user.language_code or "", bot.first_name)
            listed.append(self._chat(private, number, title, "private"))
        for group in self.world.groups.values():
            if group.inside(number) and group.migrated_to is None:
                listed.append(self._chat(group, number, group.title, group.type))
        return listed

    def _chat(self, chat: Private | Group, number: int, title: str, kind: str) -> Json:
        last = chat.last()
        read = chat.read.get(number, 0)
        private = isinstance(chat, Private)
        return {
            "chat": chat.key,
            "title": title,
            "kind": kind,
            "last": None if last is None else last.data,
            "unread": sum(
                1 for stored in chat.messages.values()
                if stored.id > read and stored.author != number and not stored.deleted
            ),
            "blocked": chat.blocked if isinstance(chat, Private) else False,
            "can_start": private and not (isinstance(chat, Private) and chat.started),
            "reply_keyboard": chat.keyboards.get(number),
        }  # fmt: skip

    def messages(self, number: int, name: str | None, limit: int, before: int | None) -> list[Json]:
        """A chat's messages, oldest first; without `before` the newest, which are then read."""
        chat = self.world.chat_for(number, name)
        if isinstance(chat, Group) and not chat.inside(number):
            raise ActError("They are not in this group.")
        chosen: list[Stored] = []
        for stored in reversed(chat.messages.values()):
            if len(chosen) >= limit:
                break
            if before is None or stored.id < before:
                chosen.append(stored)
        if before is None and chosen:
            chat.read[number] = chosen[0].id
        return [
            {
                "message": stored.data,
                "mine": stored.author == number,
                "edited": stored.edited,
                "deleted": stored.deleted,
            }
            for stored in reversed(chosen)
        ]
