"""A text may be chosen where one is ready: a tap takes it, what is written is one's own words.

Each ready text is read in full before it is taken. The answer is the name of the ready one, or
the words themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.choices import Choose
from flows.context import Context
from flows.given import Content, Typed
from flows.matching import exact
from flows.phrase import N_, Phrase, say
from flows.question import Answered, Asked, Mark, Part, Taken
from flows.texts import Words

MARK = "ready:"
"""How the name of a ready text begins."""


@dataclass(frozen=True, kw_only=True)
class Ready(Choose):
    """Words of `shortest` to `longest` characters (UTF-16 units), or one of a list of ready ones:
    options whose hint is the whole text and whose value begins with MARK."""

    shortest: int = 1
    longest: int = 1000

    def shape(self) -> list[Any]:
        """The kind: what was ready changes with the town."""
        return ["Ready"]

    @property
    def own(self) -> Words:
        """What takes one's own words."""
        return Words(text=self.text, shortest=self.shortest, longest=self.longest, hint=self.hint)

    def offers(self, context: Context) -> bool:
        """Also with nothing ready there is something to write."""
        return True

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """The ready texts, each in full; without any, a text like any other."""
        if not self.choices(context):
            return self.own.ask(part, context, mark)
        asked = super().ask(part, context, mark)
        hint = say(
            N_("Tap one that is ready, or write your own ({least} to {most} characters)."),
            least=self.shortest,
            most=self.longest,
        )
        return Asked(self.hinted(hint), asked.body, asked.buttons)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """The name of a ready text, or one's own words."""
        if isinstance(given, Typed):
            position = exact(given.text, self.labels(context))
            if position is not None:
                return Answered(self.choices(context)[position].value)
        return self.own.take(given, part, context)

    @property
    def listens(self) -> bool:
        """One's own words may come with a photo."""
        return True

    def joined(self, value: Any, text: str) -> Taken:
        """One's own words with more below them; a ready text stays what it is."""
        if str(value).startswith(MARK):
            return super().joined(value, text)
        return self.own.joined(value, text)

    def fits(self, value: Any, context: Context) -> bool:
        """A ready text that is still there, or words within their limits."""
        if self.option(value, context) is not None:
            return True
        return not str(value).startswith(MARK) and self.own.fits(value, context)

    def tell(self, value: Any, context: Context) -> Phrase:
        """The text itself, ready or not."""
        option = self.option(value, context)
        return str(value) if option is None else option.hint or option.label


def write_or_choose(text: Any, *, short: str, options: str, shortest: int, longest: int,
                    when: Any = None) -> Any:  # fmt: skip
    """A text (str), or the value of one of the handed-in ready texts."""
    return Ready(text=text, short=short, options=options, shortest=shortest, longest=longest,
                 when=when)  # fmt: skip
