"""A number is read as its writer meant it, with either decimal mark, or not at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from flows.characters import clean
from flows.context import Context
from flows.given import Content, Typed
from flows.phrase import N_, Phrase, say
from flows.question import (
    Answered,
    Asked,
    Mark,
    Part,
    Question,
    Refused,
    Taken,
    pair_up,
    unusable,
)
from flows.turn import Button

MOST_KEYS = 10
# What is kept of a number that has no limit of its own: whoever reads it is never told of this.
CEILING = 999_999_999

_NUMBER = re.compile(r"([+-]?)(\d[\d.,'\s]*)", re.ASCII)


def read_number(text: str, decimals: int) -> float | None:
    """A number as people write it: 1.200,5 or 1,200.5 or 1 200; None if it is none.

    One separator alone is a decimal mark if decimals are wanted, else it must part thousands.
    """
    text = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in text[:60].strip().replace("−", "-")
    )
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    sign, digits = match.groups()
    digits = re.sub(r"[\s']", "", digits)
    marks = [c for c in digits if c in ".,"]
    if not marks:
        whole, fraction = digits, ""
    elif len(set(marks)) == 2 or (len(marks) == 1 and decimals):
        whole, _, fraction = digits.rpartition(marks[-1])
        if len(marks) > 1 and not _in_thousands(whole.split(marks[0])):
            return None
        whole = re.sub(r"[.,]", "", whole)
    else:
        groups = re.split(r"[.,]", digits)
        if not _in_thousands(groups):
            return None
        whole, fraction = "".join(groups), ""
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()) or len(whole) > 15:
        return None
    return float(f"{sign}{whole}.{fraction or 0}")


def _in_thousands(groups: list[str]) -> bool:
    """Whether digits are parted as thousands are: one to three, then three each."""
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number from `least` to `most` (None: without a limit of its own); the answer is an int, or
    a float with `decimals`."""

    least: int = 0
    most: int | None = None
    decimals: int = 0
    unit: str | None = None

    def shape(self) -> list[Any]:
        """The kind; limits are checked on each answer."""
        return ["Number", self.decimals]

    @property
    def highest(self) -> int:
        """The greatest number that is kept."""
        return CEILING if self.most is None else self.most

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """Buttons where there are few numbers."""
        least, most = self.least, self.highest
        few = not self.decimals and most - least < MOST_KEYS
        keys = [Button(n, mark(f"={n}")) for n in range(least, most + 1)] if few else []
        hint = (
            say(N_("Write the number in digits."))
            if self.most is None
            else say(N_("Write a number from {least} to {most}."), least=least, most=most)
        )
        return Asked(self.hinted(hint), [], pair_up(keys, 5))

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """One of the numbers on the buttons."""
        return self.judged(read_number(choice[1:], 0) if choice[0] == "=" else None)

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A number in digits."""
        if not isinstance(given, Typed):
            return unusable(given)
        return self.judged(read_number(clean(given.text), self.decimals))

    def judged(self, value: float | None) -> Taken:
        """The number as an answer, if it is one and within its limits."""
        if value is None or (not self.decimals and value != int(value)):
            return Refused(say(N_("I could not read a number there. Please write it in digits.")))
        value = round(value, self.decimals) if self.decimals else int(value)
        if not self.least <= value <= self.highest:
            if self.most is None and self.least == 0:
                return Refused(say(N_("That number is too big, or below zero. Please check it.")))
            return Refused(
                say(
                    N_("The number must be from {least} to {most}."),
                    least=self.least,
                    most=self.highest,
                )
            )
        return Answered(value)

    def fits(self, value: Any, context: Context) -> bool:
        """A number within its limits."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if not self.decimals and not isinstance(value, int):
            return False
        return self.least <= value <= self.highest

    def tell(self, value: Any, context: Context) -> Phrase:
        """The number, with its unit: a catalogue key that holds {number}."""
        number: Phrase = value
        return {"key": self.unit, "values": {"number": number}} if self.unit else number
