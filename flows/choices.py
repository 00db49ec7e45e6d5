"""Choosing is never guessing: a tap names its option by value, so a list that changed meanwhile
cannot turn one choice into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows import words
from flows.context import Context, Option
from flows.given import Content, Typed
from flows.matching import exact, find, near
from flows.phrase import N_, Phrase, count, row, say
from flows.question import (
    Answered,
    Asked,
    Going,
    Mark,
    Part,
    Question,
    Refused,
    Taken,
    pair_up,
    unusable,
)
from flows.tokens import code
from flows.turn import Button

PAGE = 8
# A label up to this long leaves room for a second one beside it on a small phone.
SHORT_LABEL = 14


def width(label: Phrase) -> int:
    """About how long a label is, without spelling it."""
    if isinstance(label, str):
        return len(label)
    if isinstance(label, dict):
        if "names" in label:
            return max(map(len, label["names"].values()), default=0)
        if "key" in label:
            return len(label["key"]) + sum(map(width, label.get("values", {}).values()))
        return SHORT_LABEL + 1
    return 4


@dataclass(frozen=True, kw_only=True)
class Listed(Question):
    """A question over a list: fixed, or the name of one that is handed in."""

    options: tuple[Option, ...] | str
    columns: int | None = None

    @property
    def lists(self) -> frozenset[str]:
        """The list it needs, if it has none of its own."""
        return frozenset([self.options]) if isinstance(self.options, str) else frozenset()

    def shape(self) -> list[Any]:
        """The name of the list, or the values of the fixed one."""
        fixed = self.options
        return [type(self).__name__, fixed if isinstance(fixed, str) else [o.value for o in fixed]]

    def choices(self, context: Context) -> Sequence[Option]:
        """The options now; LookupError if nobody handed the list in."""
        return context.lists[self.options] if isinstance(self.options, str) else self.options

    def option(self, value: Any, context: Context) -> Option | None:
        """The option of a value."""
        return next((o for o in self.choices(context) if o.value == value), None)

    def labelled(self, value: Any, context: Context) -> Phrase:
        """The label of a value, or the value where the option is gone."""
        option = self.option(value, context)
        return option.label if option else str(value)

    def chosen(self, choice: str, context: Context) -> Option | None:
        """The option a button's code names."""
        return next((o for o in self.choices(context) if code(o.value) == choice), None)

    def labels(self, context: Context) -> list[str]:
        """All labels as the person reads them."""
        return [context.spell(option.label) for option in self.choices(context)]

    def claims(self, text: str, part: Part, context: Context) -> bool:
        """An option called "Cancel" is an option."""
        if len(text) > words.LONGEST_WORD:
            return False
        return exact(text, self.labels(context)) is not None

    def page(self, part: Part, context: Context) -> tuple[Sequence[Option], int, int]:
        """The options shown now, the page's number from 0, and how many pages there are."""
        options = self.choices(context)
        pages = max(1, -(-len(options) // PAGE))
        page = min(max(0, int(part.get("page", 0))), pages - 1)
        return (options if pages == 1 else options[page * PAGE : (page + 1) * PAGE]), page, pages

    def laid_out(self, buttons: list[Button], shown: Sequence[Option]) -> list[list[Button]]:
        """The options' buttons in one column, or two where all are short."""
        columns = self.columns
        if columns is None:
            columns = 2 if all(width(option.label) <= SHORT_LABEL for option in shown) else 1
        return pair_up(buttons, columns)

    def turns(self, page: int, pages: int, mark: Mark) -> list[list[Button]]:
        """The row that turns the page."""
        if pages == 1:
            return []
        turns = []
        if page > 0:
            turns.append(Button(say(N_("‹ Previous")), mark(f"p{page - 1}")))
        if page < pages - 1:
            turns.append(Button(say(N_("More ›")), mark(f"p{page + 1}")))
        return [turns]

    def beside(self, shown: Sequence[Option], page: int, pages: int) -> list[Phrase]:
        """The lines below the question: options' hints, and which page this is."""
        body: list[Phrase] = [
            say(N_("• <b>{option}</b>: {hint}"), option=option.label, hint=option.hint)
            for option in shown
            if option.hint is not None
        ]
        if pages > 1:
            first = page * PAGE + 1
            body.append(
                say(
                    N_("Page {page} of {pages} (options {first} to {last})"),
                    page=page + 1,
                    pages=pages,
                    first=first,
                    last=first + len(shown) - 1,
                )
            )
        return body


@dataclass(frozen=True, kw_only=True)
class Choose(Listed):
    """One of a list; the answer is the option's value."""

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
        )

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """An option, or another page."""
        if choice[0] == "p" and choice[1:].isdecimal():
            return Going({**part, "page": int(choice[1:])})
        option = self.chosen(choice[1:], context) if choice[0] == "=" else None
        if option is None:
            return Refused(say(N_("That option is no longer there. Please choose another.")))
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
            return Refused(say(N_("That option is no longer there. Please choose another.")))
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
