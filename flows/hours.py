"""An hour has neither date nor zone: it is what the town's clock will show, written in any usual
way or tapped in two steps, the hour and then its minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Any

from flows.characters import clean
from flows.context import Context
from flows.given import Content, Typed
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
    pair_up,
    unusable,
)
from flows.turn import Button

_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])\s*(?:[:.h]\s*([0-5]\d)|([0-5]\d)(?=\s*(?:[ap]|$)))?\s*(?:h(?:o?rs|oras)?\b)?"
    r"\s*([ap])?(?:\s*\.?\s*m\b\.?)?",
    re.ASCII | re.IGNORECASE,
)
NOT_A_TIME = N_("I could not read an hour there. Write it like 18:30, or tap one.")


def read_time(text: str) -> time | None:
    """An hour as people write it: 18:30, 18h30, 6:30 pm, 6 p. m., 18; None if it is none."""
    match = _CLOCK.fullmatch(text.strip())
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    half = (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute)


def hours(first: int, last: int, mark: Mark) -> list[list[Button]]:
    """The hours of the day as buttons, choices "h18"."""
    return pair_up([Button(f"{h:02d}:00", mark(f"h{h}")) for h in range(first, last + 1)], 4)


def quarters(hour: int, step: int, mark: Mark) -> list[list[Button]]:
    """The minutes of an hour as buttons, choices "t1830"."""
    minutes = range(0, 60, step)
    return pair_up([Button(f"{hour:02d}:{m:02d}", mark(f"t{hour:02d}{m:02d}")) for m in minutes], 4)


def tapped_time(choice: str) -> time | int | None:
    """The time or the hour of a choice, or None."""
    digits = choice[1:]
    if not (digits.isascii() and digits.isdecimal()):
        return None
    if choice[0] == "h" and len(digits) <= 2 and int(digits) < 24:
        return int(digits)
    if choice[0] == "t" and len(digits) == 4 and int(digits[:2]) < 24 and int(digits[2:]) < 60:
        return time(int(digits[:2]), int(digits[2:]))
    return None


@dataclass(frozen=True, kw_only=True)
class Clock(Question):
    """An hour of the day, by buttons of whole hours, then of `step` minutes: "18:30"."""

    first: int = 6
    last: int = 22
    step: int = 15

    def shape(self) -> list[Any]:
        """The kind."""
        return ["Clock"]

    def gathered(self, part: Part) -> bool:
        """An hour without its minutes is nothing to lose."""
        return False

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """The hours, or the minutes of one."""
        hint = self.hinted(say(N_("Tap an hour, or write it like 18:30.")))
        if "hour" not in part:
            return Asked(hint, [], hours(self.first, self.last, mark))
        other = Button(say(N_("‹ Another hour")), mark("h"))
        return Asked(hint, [], [*quarters(int(part["hour"]), self.step, mark), [other]])

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """An hour, its minutes, or back to the hours."""
        if choice == "h":
            return Going({})
        found = tapped_time(choice)
        if isinstance(found, time):
            return Answered(f"{found:%H:%M}")
        if found is None:
            return Refused(say(N_("That button is no longer in use.")))
        return Going({"hour": found})

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """An hour in writing."""
        if not isinstance(given, Typed):
            return unusable(given)
        found = read_time(clean(given.text))
        return Answered(f"{found:%H:%M}") if found else Refused({"key": NOT_A_TIME})

    def fits(self, value: Any, context: Context) -> bool:
        """An hour of the day."""
        return isinstance(value, str) and bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value))

    def tell(self, value: Any, context: Context) -> Phrase:
        """The hour as it was chosen."""
        return str(value)

    def record(self, value: Any) -> Any:
        """A time."""
        return time.fromisoformat(value)
