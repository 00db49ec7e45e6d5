"""The people of chaos: each says things that carry a number, and goes on only when answered.

A patient person answers question by question, with taps; a hasty one types a whole report at once,
which only comes out right when it is applied in order. Both wait as people do: for the answer.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import locales
from actions import call_words
from actions.audiences import EVERYBODY
from flows.phrase import say
from handlers.consent import AGREE, CONSENT_QUESTION
from handlers.my_reports import NONE_YET
from simulator.person import Person
from simulator.seen import Seen
from simulator.server import Simulator

PATIENCE_S = 90.0
CATEGORIES = ("Alumbrado público", "Huecos y vías", "Basura y aseo", "Agua y fugas")
CODE = re.compile(r"R-\d+")
ENOUGH_OF_ONE = 7
"""Whoever has told so many reports lets somebody else tell: in an hour one may tell eight."""


def spoken(key: str) -> str:
    """What a key is to somebody who reads Spanish."""
    was = locales.strict(False)
    try:
        return locales.sentence(say(key), "es", markup=False)
    finally:
        locales.strict(was)


SEND = spoken("✅ Send the report").lstrip("✅ ")


@dataclass(frozen=True, slots=True)
class Told:
    """A report that somebody told and was thanked for; `code` is what they read."""

    person: int
    category: str
    words: str
    address: str | None
    code: str


@dataclass(slots=True)
class Diary:
    """What the people did: the side of the story that a bot cannot write."""

    told: list[Told] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    # (from, to) of each wait for an answer, time.monotonic().
    waits: list[tuple[float, float]] = field(default_factory=list)
    poisons: dict[int, int] = field(default_factory=dict)
    begun: int = 0
    called: list[str] = field(default_factory=list)


class Townspeople:
    """So many people talk until they are told to stop; whoever has begun a report finishes it."""

    def __init__(self, sim: Simulator, seed: int) -> None:
        self.sim = sim
        self.diary = Diary()
        self._chance = random.Random(seed)
        self._tasks: list[asyncio.Task[None]] = []
        self._enough = False
        self._hasty: dict[int, bool] = {}

    def talk(self, patient: int, hasty: int) -> dict[int, bool]:
        """Let them begin, each with /start and the consent; who of them is hasty, filled in while
        new people take their turn."""
        for number in range(patient + hasty):
            self._tasks.append(asyncio.create_task(self._household(number >= patient)))
        return self._hasty

    async def _household(self, hasty: bool) -> None:
        """One after the other they tell what they have to tell."""
        way = self._hastily if hasty else self._patiently
        while not self._enough:
            person = self.sim.person("Vecina", language_code="es")
            self._hasty[person.id] = hasty
            if not await self._life(person, way, ENOUGH_OF_ONE):
                return

    async def finish(self) -> None:
        """Nobody begins anything more; returns when everybody has been answered."""
        self._enough = True
        await asyncio.gather(*self._tasks)

    def poison(self, person: Person) -> None:
        """Telegram sends what our types cannot read: a message whose date is a word."""
        bot = next(iter(self.sim.world.bots.values()))
        self.sim.world.outboxes[bot.id].put(
            "message",
            {
                "message_id": 1_000_000 + self.diary.poisons.get(person.id, 0),
                "from": person.user.face,
                "chat": {"id": person.id, "type": "private", "first_name": "P"},
                "date": "yesterday",
                "text": "x",
            },
            person.id,
        )
        self.diary.poisons[person.id] = self.diary.poisons.get(person.id, 0) + 1

    def listen(self, quiet: int, blocked: int, gone: int) -> list[int]:
        """People who agreed long ago and only listen; some have blocked the bot since, and some
        accounts are gone, of which nobody has been told. Their numbers."""
        bot = next(iter(self.sim.world.bots.values()))
        numbers = []
        for number in range(quiet + blocked + gone):
            person = self.sim.person("Oyente", language_code="es")
            self.sim.world.private(bot.id, person.id).started = True
            numbers.append(person.id)
            if number >= quiet + blocked:
                person.deactivates()
            elif number >= quiet:
                self.sim.world.private(bot.id, person.id).blocked = True
        return numbers

    def call(self, gestora: Person) -> None:
        """Let a gestora send one call after the other, each once the one before has ended."""

        async def calling() -> None:
            await self._life(gestora, self._calling)

        self._tasks.append(asyncio.create_task(calling()))

    async def once(self, *, hasty: bool) -> int:
        """One person tells one report while nothing goes wrong; their number."""
        person = self.sim.person("Vecina", language_code="es")
        await self._enter(person)
        await (self._hastily if hasty else self._patiently)(person, 0)
        return person.id

    async def _life(
        self, person: Person, way: Callable[[Person, int], Any], most: int | None = None
    ) -> bool:
        """Do one thing after the other, at most so many; False where it was not answered."""
        try:
            if way != self._calling:
                await self._enter(person)
            number = 0
            while not self._enough and number != most:
                await way(person, number)
                number += 1
        except AssertionError as error:
            self.diary.unanswered.append(f"{person.id}: {error}")
            return False
        return True

    async def _enter(self, person: Person) -> None:
        person.starts()
        # The menu, whatever the town's welcome is.
        await self._hears(person, lambda seen: len(seen.buttons) > 3)
        person.says("/misreportes")
        await self._hears(person, spoken(CONSENT_QUESTION))
        person.taps(spoken(AGREE))
        await self._hears(person, spoken(NONE_YET))

    async def _patiently(self, person: Person, number: int) -> None:
        self.diary.begun += 1
        category = self._chance.choice(CATEGORIES)
        words = f"La esquina está dañada #{person.id}-{number}"
        person.says("/reportar")
        await self._hears(person, "1 de 4")
        person.taps(category)
        await self._hears(person, "2 de 4")
        person.says(words)
        await self._hears(person, "3 de 4")
        # In words: what is near a point is asked about, and would differ from one to the next.
        person.says(f"Carrera {person.id}{number:04}")
        # In which barrio that is, and photos.
        for step in ("4 de 5", "5 de 5"):
            await self._hears(person, step)
            person.taps("Saltar")
        await self._hears(person, spoken("Shall I send it?"))
        person.taps(SEND)
        await self._thanked(person, category, words, None)

    async def _hastily(self, person: Person, number: int) -> None:
        self.diary.begun += 1
        category = self._chance.choice(CATEGORIES)
        words = f"Todo de una vez #{person.id}-{number}"
        # No two alike: else it is asked whether they are the same.
        address = f"Calle {person.id}{number:04}"
        for said in ("/reportar", category, words, address, "Saltar", "Saltar", SEND):
            person.says(said)
        await self._thanked(person, category, words, address)

    async def _calling(self, gestora: Person, number: int) -> None:
        words = f"Convocatoria {number}: nos vemos el sábado."
        gestora.says("/convocar")
        await self._hears(gestora, "1 de 3")
        gestora.says(words)
        await self._hears(gestora, "2 de 3")
        gestora.taps("Saltar")
        await self._hears(gestora, "3 de 3")
        gestora.taps(spoken(EVERYBODY))
        await self._hears(gestora, spoken(call_words.PREVIEW))
        gestora.taps(spoken(call_words.SEND))
        self.diary.called.append(words)
        await self._hears(gestora, spoken(call_words.STATES["finished"]))

    async def _thanked(
        self, person: Person, category: str, words: str, address: str | None
    ) -> None:
        codes = {told.code for told in self.diary.told if told.person == person.id}

        def is_new(seen: Seen) -> bool:
            found = CODE.search(seen.text)
            return found is not None and found[0] not in codes

        seen = await self._hears(person, is_new)
        code = CODE.search(seen.text)
        assert code is not None
        self.diary.told.append(Told(person.id, category, words, address, code[0]))

    async def _hears(self, person: Person, *wanted: str | Callable[[Seen], bool]) -> Seen:
        began = time.monotonic()

        def fits(seen: Seen) -> bool:
            return any(w in seen.text if isinstance(w, str) else w(seen) for w in wanted)

        seen = await person.hears(fits, timeout=PATIENCE_S)
        self.diary.waits.append((began, time.monotonic()))
        return seen
