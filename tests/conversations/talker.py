"""A person in town who waits for the bot after every gesture, and reads whatever it said.

Buttons and sentences are named by their catalogue key, so that one conversation runs in every
language. After each gesture the house is judged: nothing set aside, no limit broken, no text
untranslated, nothing failed that Telegram was not to blame for.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import locales
from flows.phrase import Phrase
from simulator.person import Person
from simulator.seen import Seen

if TYPE_CHECKING:
    from simulator.chats import Group
    from tests.conversations.conftest import Town

SHOW = bool(os.environ.get("SHOW"))
"""SHOW=1 with pytest -s prints what everybody reads."""

_HOLE = re.compile(r"\{[a-z_]+\}")


def unfilled(text: str, said: str = "") -> list[str]:
    """What in a text looks like a placeholder that nobody filled, unless somebody wrote it."""
    return [hole for hole in _HOLE.findall(text) if hole not in said]


class Talker:
    """Rosa, with her phone in one chat. Every verb of the simulator's Person, awaited."""

    def __init__(self, town: Town, person: Person) -> None:
        self.town = town
        self.person = person
        self._toasts = 0
        self._mark = 0

    @property
    def id(self) -> int:
        """Their Telegram number."""
        return self.person.id

    @property
    def language(self) -> str:
        """The language they have chosen, or their telephone's."""
        return self.town.languages.get(self.id) or locales.match(self.person.user.language_code)

    def at(self, group: Group) -> Talker:
        """The same person in a group."""
        return Talker(self.town, self.person.at(group))

    # what they do

    async def starts(self, payload: str = "") -> Talker:
        """Press Start, perhaps through a link."""
        return await self._did("start", lambda p: p.starts(payload))

    async def says(self, text: str) -> Talker:
        """Write."""
        return await self._did(text, lambda p: p.says(text))

    async def taps(
        self, label: str = "", message: Seen | None = None, *, data: str = "", **values: Phrase
    ) -> Talker:
        """Press a button, by its key (with its values) or by its own words."""
        if data:
            return await self._did(data, lambda p: p.taps(data=data, message=message, forged=True))
        words = self.reads(label, **values)
        return await self._did(f"[{words}]", lambda p: p.taps(words, message))

    async def presses(self, label: str, latitude: float, longitude: float) -> Talker:
        """Press a key of the keyboard below, which shares a place."""
        words = self.reads(label)
        return await self._did(words, lambda p: p.presses(words, latitude, longitude))

    async def does(self, verb: str, *args: Any, **kwargs: Any) -> Talker:
        """Anything else that a Person can do."""
        written = [word for word in (*args, *kwargs.values()) if isinstance(word, str)]
        what = f"({' '.join([verb, *written])})"
        return await self._did(what, lambda p: getattr(p, verb)(*args, **kwargs))

    async def _did(self, what: str, act: Any) -> Talker:
        if SHOW:
            print(f"\n{self.person.user.first_name}> {what}")
        self.town.wrote += what
        self._toasts, self._mark = len(self.person.toasts), self.person._ear.seq
        act(self.person)
        await self.town.quiet()
        if SHOW:
            for seen in self.heard():
                print("   ", seen.text.replace("\n", "\n    "), seen.buttons or "")
            for toast in self.toasted():
                print(f"    (({toast}))")
        self.town.judge()
        return self

    # what they read

    def reads(self, key: str, **values: Phrase) -> str:
        """A sentence of the catalogues as this person reads it; other words as they are."""
        phrase: Phrase = {"key": key, "values": values}
        try:
            return locales.sentence(phrase, self.language, "America/Bogota", markup=False)
        except locales.MissingText:
            return key

    def heard(self) -> list[Seen]:
        """Messages and edits in this chat since the last gesture, as they came."""
        chat = self.person.chat.key
        return [
            Seen(event["message"])
            for event in self.person._ear.events
            if event["seq"] > self._mark
            and event["type"] in ("message", "edited")
            and event["chat"] == chat
            and event["author"] != self.id
        ]

    def toasted(self) -> list[str]:
        """What was shown over the chat since the last gesture."""
        return [text for text in self.person.toasts[self._toasts :] if text]

    def told(self, key: str, **values: Phrase) -> Seen:
        """The newest message since the last gesture that holds this sentence."""
        words = self.reads(key, **values)
        for seen in reversed(self.heard()):
            if words in seen.text:
                return seen
        heard = "\n---\n".join(seen.text for seen in self.heard())
        raise AssertionError(f"{words!r} was not said, only:\n{heard}\n{self.toasted()}")

    def shown(self, key: str, **values: Phrase) -> None:
        """This was shown over the chat, or said."""
        words = self.reads(key, **values)
        said = [*self.toasted(), *(seen.text for seen in self.heard())]
        assert any(words in text for text in said), (words, said)

    def untold(self) -> bool:
        """Nothing came at all."""
        return not self.heard() and not self.toasted()

    @property
    def last(self) -> Seen:
        """The newest message of the bot."""
        return self.person.last

    @property
    def texts(self) -> str:
        """Everything that stands in the chat now, one below the other."""
        return "\n\n".join(seen.text for seen in self.person.inbox)

    def find(self, key: str, **values: Phrase) -> Seen:
        """The newest message in the chat, however old, that holds this sentence."""
        words = self.reads(key, **values)
        for seen in reversed(self.person.inbox):
            if words in seen.text:
                return seen
        raise AssertionError(f"no message says {words!r}")
