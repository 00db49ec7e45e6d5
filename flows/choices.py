"""A near miss is asked about and never taken: a tap, a name, a number or a yes is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flows import words
from flows.context import Context
from flows.given import Content, Typed
from flows.listed import PAGE, Listed
from flows.matching import exact, find, near
from flows.phrase import N_, Phrase, say
from flows.question import (
    Answered,
    Asked,
    Going,
    Mark,
    Part,
    Question,
    Refused,
    Taken,
    unusable,
)
from flows.tokens import code
from flows.turn import Button


@dataclass(frozen=True, kw_only=True)
class Choose(Listed):
    """One of a list; the answer is the option's value. One that `ends` leaves nothing to ask."""

    ends: Callable[[str], bool] | None = None

    def closes(self, value: Any) -> bool:
        """Whether this option is the last word."""
        return self.ends is not None and value is not None and self.ends(value)

    def remark(self, value: Any, context: Context) -> Phrase | None:
        """What the option says of itself."""
        option = self.option(value, context)
        return option.remark if option else None

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """A page of options."""
        shown, page, pages = self.page(part, context)
        if not shown:
            return Asked(say(N_("There is nothing to choose from right now.")))
        buttons = [Button(option.label, mark("=" + code(option.value))) for option in shown]
        return Asked(
            self.hinted(say(N_("Tap an option, or write its name or number."))),
            self.beside(shown, page, pages),
            self.laid_out(buttons, shown) + self.turns(page, pages, mark),
            pictures=self.pictures(shown, page),
        )

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """An option, or another page."""
        if choice[0] == "p" and choice[1:].isdecimal():
            return Going({**part, "page": int(choice[1:])})
        option = self.chosen(choice[1:], context) if choice[0] == "=" else None
        if option is None:
            return Refused(say(N_("That option is no longer there. Please choose another.")), part)
        return Answered(option.value)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A name, a number, or a yes to "did you mean"."""
        if not isinstance(given, Typed):
            return unusable(given)
        meant = part.get("meant")
        sure = meant is not None and words.means(given.text, words.YES, context)
        if sure and self.option(meant, context):
            return Answered(meant)
        options, labels = self.choices(context), self.labels(context)
        position = find(given.text, labels)
        if position is not None:
            return Answered(options[position].value)
        position = near(given.text, labels)
        if position is None:
            return Refused(say(N_("I did not find that option. Please choose one of these.")))
        option = options[position]
        return Refused(
            say(N_("Did you mean “{option}”? Write “yes”, or choose one."), option=option.label),
            {**part, "meant": option.value, "page": position // PAGE},
        )

    def gathered(self, part: Part) -> bool:
        """A page turned is nothing to lose."""
        return False

    def fits(self, value: Any, context: Context) -> bool:
        """Whether the option is still in the list."""
        return self.option(value, context) is not None

    def tell(self, value: Any, context: Context) -> Phrase:
        """The option's label."""
        return self.labelled(value, context)


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no; the answer is a boolean."""

    yes: str = N_("Yes")
    no: str = N_("No")

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """Two buttons."""
        pair = [Button({"key": self.yes}, mark("y")), Button({"key": self.no}, mark("n"))]
        return Asked(self.hinted(say(N_("Tap a button, or write yes or no."))), [], [pair])

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """Yes or no."""
        if choice not in ("y", "n"):
            return Refused(say(N_("That button is no longer in use.")))
        return Answered(choice == "y")

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """The word, or the button's label."""
        if not isinstance(given, Typed):
            return unusable(given)
        labels = [context.spell({"key": self.yes}), context.spell({"key": self.no})]
        position = exact(given.text, labels)
        if position is not None:
            return Answered(position == 0)
        for meaning, value in ((words.YES, True), (words.NO, False)):
            if words.means(given.text, meaning, context):
                return Answered(value)
        return Refused(say(N_("Please answer yes or no.")))

    def claims(self, text: str, part: Part, context: Context) -> bool:
        """A label that looks like a command is an answer."""
        if len(text) > words.LONGEST_WORD:
            return False
        labels = [context.spell({"key": self.yes}), context.spell({"key": self.no})]
        return exact(text, labels) is not None

    def fits(self, value: Any, context: Context) -> bool:
        """A boolean."""
        return isinstance(value, bool)

    def tell(self, value: Any, context: Context) -> Phrase:
        """The button's label."""
        return {"key": self.yes if value else self.no}
