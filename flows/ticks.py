"""A tick says what it wants to be, on or off, so the same tap thirty times ticks once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows import words
from flows.context import Context
from flows.given import Content, Typed
from flows.listed import Listed
from flows.matching import find
from flows.phrase import N_, Phrase, count, row, say
from flows.question import (
    Answered,
    Asked,
    Going,
    Mark,
    Part,
    Refused,
    Taken,
    unusable,
)
from flows.tokens import code
from flows.turn import Button


@dataclass(frozen=True, kw_only=True)
class ChooseMany(Listed):
    """Several of a list; the answer is the options' values in the list's order.

    at_most: a number, or the name of one among the context's params; None for no limit.
    """

    at_least: int = 0
    at_most: int | str | None = None

    @property
    def nothing(self) -> Any:
        """No options."""
        return ()

    def shape(self) -> list[Any]:
        """The list and the least; the most is checked on each answer."""
        return [*super().shape(), self.at_least]

    def most(self, context: Context) -> int:
        """How many may be chosen now."""
        if isinstance(self.at_most, str):
            return max(1, int(context.params[self.at_most]))
        return self.at_most if self.at_most is not None else len(self.choices(context))

    def seed(self, value: Any) -> Part:
        """The ticks of the present answer."""
        return {"ticked": list(value)}

    def gathered(self, part: Part) -> bool:
        """Ticks would be lost; a page turned not."""
        return bool(part.get("ticked"))

    def ticked(self, part: Part, context: Context) -> list[str]:
        """The ticked values that are still in the list, in its order."""
        kept = set(part.get("ticked", ()))
        return [option.value for option in self.choices(context) if option.value in kept]

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """A page of options with their ticks."""
        shown, page, pages = self.page(part, context)
        if not shown and self.at_least:
            return Asked(say(N_("There is nothing to choose from right now.")))
        ticked = self.ticked(part, context)
        buttons = [
            Button(row(["✅", option.label]), mark("-" + code(option.value)))
            if option.value in ticked
            else Button(option.label, mark("+" + code(option.value)))
            for option in shown
        ]
        body = self.beside(shown, page, pages)
        if pages > 1 and ticked:
            names = [self.labelled(value, context) for value in ticked]
            body.append(say(N_("Chosen: {options}"), options={"list": names}))
        done = Button(say(N_("Done ({number})"), number=len(ticked)), mark("."))
        return Asked(
            self.hinted(self.limits(context)),
            body,
            self.laid_out(buttons, shown) + self.turns(page, pages, mark) + [[done]],
            pictures=self.pictures(shown, page),
        )

    def limits(self, context: Context) -> Phrase:
        """How many may be chosen."""
        most = self.most(context)
        if most >= len(self.choices(context)):
            return say(N_("Tap all that you want and then Done, or write their names or numbers."))
        return count(
            "Choose {count} and tap Done, or write its name or number.",
            "Choose up to {count} and tap Done, or write their names or numbers.",
            most,
        )

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """A tick, a tick taken away, another page, or Done."""
        if choice == ".":
            return self.done(part, context)
        if choice[0] == "p" and choice[1:].isdecimal():
            return Going({**part, "page": int(choice[1:])})
        option = self.chosen(choice[1:], context) if choice[0] in "+-" else None
        if option is None:
            return Refused(say(N_("That option is no longer there. Please choose another.")), part)
        ticked = self.ticked(part, context)
        if choice[0] == "-":
            return Going({**part, "ticked": [value for value in ticked if value != option.value]})
        return self.add([option.value], part, context)

    def add(self, values: list[str], part: Part, context: Context) -> Taken:
        """Ticks these too, unless they would be too many."""
        ticked = self.ticked(part, context)
        most = self.most(context)
        together = list(dict.fromkeys([*ticked, *values]))
        if len(together) > most:
            if most == 1 and len(values) == 1:
                together = values
            else:
                return Refused(self.too_many(most))
        order = [o.value for o in self.choices(context) if o.value in together]
        return Going({**part, "ticked": order})

    def too_many(self, most: int) -> Phrase:
        """The limit, in words."""
        return count(
            "You can choose only {count}. Take one away first.",
            "You can choose up to {count}. Take one away first.",
            most,
        )

    def done(self, part: Part, context: Context) -> Taken:
        """The ticks as the answer, if they are enough."""
        ticked = self.ticked(part, context)
        if len(ticked) < self.at_least:
            return Refused(
                count("Choose at least {count}.", "Choose at least {count}.", self.at_least)
            )
        if len(ticked) > self.most(context):
            return Refused(self.too_many(self.most(context)))
        return Answered(ticked)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """Names or numbers between commas or lines, or the word for done."""
        if not isinstance(given, Typed):
            return unusable(given)
        if words.means(given.text, words.DONE, context):
            return self.done(part, context)
        options, labels = self.choices(context), self.labels(context)
        whole = find(given.text, labels)
        values: list[str] = [] if whole is None else [options[whole].value]
        if whole is None:
            pieces = given.text[:2000].replace("\n", ",").replace(";", ",").split(",")
            for piece in filter(None, map(str.strip, pieces)):
                position = find(piece, labels)
                if position is None:
                    return Refused(
                        say(N_("I did not find “{option}” in the list."), option=piece[:60])
                    )
                values.append(options[position].value)
        if not values:
            return Refused(say(N_("I did not find that option. Please choose one of these.")))
        return self.add(values, part, context)

    def fits(self, value: Any, context: Context) -> bool:
        """Whether all are still in the list, and not too many or too few."""
        if not isinstance(value, list) or not self.at_least <= len(value) <= self.most(context):
            return False
        return all(self.option(one, context) for one in value)

    def tell(self, value: Any, context: Context) -> Phrase:
        """The labels, as a list."""
        if not value:
            return say(N_("None"))
        return {"list": [self.labelled(one, context) for one in value]}

    def record(self, value: Any) -> Any:
        """The values as a tuple."""
        return tuple(value)
