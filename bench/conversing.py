"""How people of the benches talk: they know the bot by its keys, and go on only when answered.

Whoever rewords a question changes nothing here; whoever adds one is noticed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import locales
from actions import nearby, report_words
from flows.closing import NOT_RESPONSIBLE
from flows.phrase import say
from handlers.casework_forms import SOMEBODY_ELSE

if TYPE_CHECKING:
    from simulator.person import Person
    from simulator.seen import Seen

PATIENCE_S = 120.0
CODE = re.compile(r"R-\d+")
MORE_OPTIONS, SKIP = "Más ›", "Saltar"


def spoken(key: str, **values: str) -> str:
    """What a key is to somebody who reads Spanish."""
    was = locales.strict(False)
    try:
        return locales.sentence(say(key, **values), "es", markup=False)
    finally:
        locales.strict(was)


ABOUT, DETAILS = "What is it about?", "Tell us in your own words what is happening."
WHERE = "Where is it?"
SEND, THANKS = "✅ Send the report", "Thank you! Your report is <b>{code}</b>."
HOW = {
    "not_needed": "It is no longer needed",
    "no_action": "Nothing more will be done",
    NOT_RESPONSIBLE: "It is up to somebody else",
}
WHOSE = "Whose is it?"
WHO = "Who looks after it? Write the name, and a telephone if you know it."
REASON = "What shall the person who reported read? Say why, in one or two sentences."


@dataclass(slots=True)
class Talking:
    """One person's conversation; `steps` counts what they did and were answered."""

    person: Person
    steps: int = 0

    async def hears(self, *wanted: str | Callable[[Seen], bool]) -> Seen:
        """The first answer that says one of these (keys), or fits one of these rules."""
        self.steps += 1
        rules = [spoken(one) if isinstance(one, str) else one for one in wanted]

        def fits(seen: Seen) -> bool:
            return any(r in seen.text if isinstance(r, str) else r(seen) for r in rules)

        return await self.person.hears(fits, timeout=PATIENCE_S)

    async def tells(self, category: str, words: str, place: tuple[float, float] | str) -> str:
        """Report a problem, step after step, without photos; the code it got.

        What is near and may be the same is another problem.
        """
        person = self.person
        person.says("/reportar")
        return await self.goes_on_telling(await self.hears(ABOUT), category, words, place)

    async def goes_on_telling(
        self, seen: Seen, category: str, words: str, place: tuple[float, float] | str
    ) -> str:
        """The same, once the first question was asked."""
        person = self.person
        while not seen.find(category):
            # A long list has pages; the next one comes in place of this.
            person.taps(MORE_OPTIONS, message=seen)
            seen = await self.hears(ABOUT)
        person.taps(category, message=seen)
        await self.hears(DETAILS)
        person.says(words)
        await self.hears(WHERE)
        if isinstance(place, str):
            person.says(place)
        else:
            person.shares_place(*place)
        # What is near may be told by somebody else meanwhile, and is then asked about at the end.
        ways = (spoken(nearby.IT_IS_ANOTHER), SKIP, spoken(SEND))
        thanks = spoken(THANKS, code="R-").rstrip(".")
        while True:
            seen = await self.hears(
                lambda seen: seen.text.startswith(thanks) or any(map(seen.find, ways))
            )
            found = CODE.search(seen.text)
            if seen.text.startswith(thanks) and found is not None:
                return found[0]
            person.taps(next(way for way in ways if seen.find(way)), message=seen)

    async def moves(self, code: str, after: str) -> None:
        """As a gestora: move a report that stands on the newest card of it; not to close it."""
        card = await self.opens(code)
        self.person.taps(spoken(report_words.MOVES[after]), message=card)
        await self.hears(_stands(code, after))

    async def closes(self, code: str, how: str, reason: str, body: str = "") -> None:
        """As a gestora: close a report, with a reason (and, where it is not ours, whose it is)."""
        card = await self.opens(code)
        self.person.taps(spoken(report_words.MOVES["closed"]), message=card)
        seen = await self.hears(lambda seen: seen.find(spoken(HOW[how])) is not None)
        self.person.taps(spoken(HOW[how]), message=seen)
        if how == NOT_RESPONSIBLE:
            seen = await self.hears(WHOSE, WHO)
            if spoken(WHOSE) in seen.text:
                self.person.taps(spoken(SOMEBODY_ELSE), message=seen)
                await self.hears(WHO)
            self.person.says(body)
        await self.hears(REASON)
        self.person.says(reason)
        seen = await self.hears("Shall I send it to the person who reported?")
        self.person.taps(spoken("Send"), message=seen)
        await self.hears("Done. The person who reported will read it.")

    async def opens(self, code: str) -> Seen:
        """As a gestora: the card of a report, at the bottom of the chat."""
        self.person.says(f"/reporte {code}")
        return await self.hears(lambda seen: seen.text.startswith(code) and len(seen.buttons) > 2)


def _stands(code: str, state: str) -> Callable[[Seen], bool]:
    """A card of this report on which it stands in that state."""
    words = spoken(report_words.STATES[state])
    return lambda seen: seen.text.startswith(code) and words in seen.text
