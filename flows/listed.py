"""Choosing is never guessing: a tap names its option by value, so a list that changed meanwhile
cannot turn one choice into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows import words
from flows.context import Context, Option, options
from flows.matching import exact
from flows.phrase import N_, Phrase, lines, say
from flows.question import (
    Mark,
    Part,
    Question,
    pair_up,
)
from flows.tokens import code
from flows.turn import Button, Pictures

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
        if isinstance(self.options, str):
            return options(context.lists[self.options], {})
        return self.options

    def offers(self, context: Context) -> bool:
        """Whether the list has anything in it."""
        return bool(self.choices(context))

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

    def pictures(self, shown: Sequence[Option], page: int) -> Pictures | None:
        """The photos of the options shown, named below them by the numbers one may write."""
        numbered = [(n, option) for n, option in enumerate(shown, page * PAGE + 1) if option.photo]
        if not numbered:
            return None
        names = [say(N_("{number}. {line}"), number=n, line=o.label) for n, o in numbered]
        return Pictures(tuple(str(option.photo) for _, option in numbered), lines(names))

    def beside(self, shown: Sequence[Option], page: int, pages: int) -> list[Phrase]:
        """The lines below the question: options' hints, and which page this is."""
        body: list[Phrase] = [
            say(N_("• <b>{option}</b> · {hint}"), option=option.label, hint=option.hint)
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
