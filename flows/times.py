"""A day and an hour are what the town's clock and calendar show, and are kept so (ISO, without
a zone): when the clocks change, half past six stays half past six."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flows.calendar import INERT, make_date, months, read_date
from flows.characters import clean
from flows.context import Context
from flows.given import Content, Typed
from flows.hours import NOT_A_TIME, hours, quarters, read_time, tapped_time
from flows.phrase import N_, Phrase, say
from flows.question import (
    Answered,
    Asked,
    Going,
    Mark,
    Part,
    Question,
    Quiet,
    Refused,
    Taken,
    unusable,
)
from flows.turn import Button

NOT_A_DAY = N_("I could not read a date there. Write it like 25/3, or tap a day.")


def exists(value: datetime, context: Context) -> bool:
    """Whether the town's clock shows this moment (it skips an hour when summer time begins)."""
    there = value.replace(tzinfo=context.now.tzinfo)
    return there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) == value


@dataclass(frozen=True, kw_only=True)
class Day(Question):
    """A day from `earliest` to `latest`, counted in days from today: "2026-05-01"."""

    earliest: int = 0
    latest: int = 365

    def shape(self) -> list[Any]:
        """The kind; limits move with the calendar."""
        return ["Day"]

    def gathered(self, part: Part) -> bool:
        """A month turned is nothing to lose."""
        return "day" in part

    def limits(self, context: Context) -> tuple[date, date]:
        """The first and the last day that may be chosen."""
        today = context.now.date()
        return today + timedelta(days=self.earliest), today + timedelta(days=self.latest)

    def seed(self, value: Any) -> Part:
        """The month of the present answer."""
        return {"month": str(value)[:7]}

    def calendar(self, part: Part, context: Context, mark: Mark) -> list[list[Button]]:
        """The month that is open."""
        earliest, latest = self.limits(context)
        today = context.now.date()
        shown = max(earliest, min(today, latest))
        year, _, month = str(part.get("month", "")).partition("-")
        if year.isdecimal() and month.isdecimal():
            shown = make_date(int(year), int(month), 1) or shown
        return months(shown, earliest, latest, context, mark)

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """A calendar."""
        hint = say(N_("Tap a day, or write it like 25/3."))
        return Asked(self.hinted(hint), [], self.calendar(part, context, mark))

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """A day, or another month."""
        if choice == INERT:
            return Quiet()
        if choice[0] == "m":
            year, _, month = choice[1:].partition("-")
            if year.isdecimal() and month.isdecimal() and make_date(int(year), int(month), 1):
                return Going({**part, "month": choice[1:]})
        if choice[0] == "d":
            try:
                return self.judged(date.fromisoformat(choice[1:]), context)
            except ValueError:
                pass
        return Refused(say(N_("That button is no longer in use.")))

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A day in writing."""
        if not isinstance(given, Typed):
            return unusable(given)
        found = read_date(clean(given.text), *self.limits(context), context)
        return self.judged(found, context) if found else Refused({"key": NOT_A_DAY})

    def judged(self, found: date, context: Context) -> Taken:
        """The day as an answer, if it is within its limits."""
        earliest, latest = self.limits(context)
        if found < earliest:
            return Refused(
                say(
                    N_("That day is too early. Please choose {day} or later."),
                    day={"date": earliest.isoformat(), "style": "long"},
                )
            )
        if found > latest:
            return Refused(
                say(
                    N_("That day is too far away. Please choose {day} or earlier."),
                    day={"date": latest.isoformat(), "style": "long"},
                )
            )
        return Answered(found.isoformat())

    def fits(self, value: Any, context: Context) -> bool:
        """A day within its limits as they are today."""
        try:
            found = date.fromisoformat(value)
        except (TypeError, ValueError):
            return False
        earliest, latest = self.limits(context)
        return earliest <= found <= latest

    def tell(self, value: Any, context: Context) -> Phrase:
        """The day with its weekday."""
        return {"date": value, "style": "full"}

    def record(self, value: Any) -> Any:
        """A date."""
        return date.fromisoformat(value)


@dataclass(frozen=True, kw_only=True)
class Moment(Day):
    """A day and an hour on the town's clock, still to come: "2026-05-01T18:30"."""

    first: int = 6
    last: int = 22
    step: int = 15

    def shape(self) -> list[Any]:
        """The kind."""
        return ["Moment"]

    def ask(self, part: Part, context: Context, mark: Mark) -> Asked:
        """The calendar, then the hours of the day, then the minutes of an hour."""
        if "day" not in part:
            hint = self.hinted(say(N_("Tap a day, or write it with the hour, like 25/3 18:30.")))
            return Asked(hint, [], self.calendar(part, context, mark))
        body: list[Phrase] = [{"date": part["day"], "style": "full"}]
        hint = say(N_("Tap an hour, or write it like 18:30."))
        backs = [Button(say(N_("‹ Another day")), mark("m"))]
        if "hour" not in part:
            return Asked(hint, body, [*hours(*self.open(part, context), mark), backs])
        backs.append(Button(say(N_("‹ Another hour")), mark("h")))
        return Asked(hint, body, [*quarters(int(part["hour"]), self.step, mark), backs])

    def tapped(self, choice: str, part: Part, context: Context) -> Taken:
        """A day, an hour, its minutes, or back to one of them."""
        if choice == "m":
            return Going({"month": str(part.get("day", ""))[:7]})
        if choice == "h":
            return Going({k: v for k, v in part.items() if k != "hour"})
        if choice[0] in "ht":
            found = tapped_time(choice)
            if found is None or "day" not in part:
                return Refused(say(N_("That button is no longer in use.")))
            if isinstance(found, time):
                return self.moment(date.fromisoformat(part["day"]), found, context)
            return Going({**part, "hour": found})
        return super().tapped(choice, part, context)

    def open(self, part: Part, context: Context) -> tuple[int, int]:
        """The first and last hour to show: of today only those not yet over."""
        if part["day"] != context.now.date().isoformat():
            return self.first, self.last
        hour = context.now.hour
        return max(self.first, hour), self.last if hour < self.last else 23

    def judged(self, found: date, context: Context) -> Taken:
        """The day, to be followed by the hour."""
        taken = super().judged(found, context)
        return Going({"day": taken.value}) if isinstance(taken, Answered) else taken

    def take(self, given: Content, part: Part, context: Context) -> Taken:
        """A day, an hour or both in writing."""
        if not isinstance(given, Typed):
            return unusable(given)
        text = clean(given.text)[:60]
        whole = read_time(text) if "day" in part else None
        if whole:
            return self.moment(date.fromisoformat(part["day"]), whole, context)
        earliest, latest = self.limits(context)
        found = read_date(text, earliest, latest, context)
        if found:
            return self.judged(found, context)
        for cut in (i for i, c in enumerate(text) if c in " ,T"):
            hour = read_time(text[cut + 1 :].strip(" ,"))
            found = read_date(text[:cut].strip(" ,"), earliest, latest, context)
            if hour and found:
                return self.moment(found, hour, context)
        return Refused({"key": NOT_A_TIME if "day" in part else NOT_A_DAY})

    def moment(self, on: date, at: time, context: Context) -> Taken:
        """Day and hour as an answer, if the clock will show them."""
        within = super().judged(on, context)
        if isinstance(within, Refused):
            return within
        value = datetime.combine(on, at)
        if value <= context.now.replace(tzinfo=None):
            return Refused(say(N_("That hour has already passed. Please choose a later one.")))
        if not exists(value, context):
            return Refused(
                say(N_("The clocks change then, so that hour does not exist. Choose another."))
            )
        return Answered(value.isoformat(timespec="minutes"))

    def fits(self, value: Any, context: Context) -> bool:
        """A moment still to come, within the limits."""
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return False
        if found.tzinfo is not None or found <= context.now.replace(tzinfo=None):
            return False
        return found.date() <= self.limits(context)[1]

    def tell(self, value: Any, context: Context) -> Phrase:
        """Day and hour on the town's clock."""
        there = datetime.fromisoformat(value).replace(tzinfo=context.now.tzinfo)
        return {"time": there.isoformat(), "style": "long"}

    def record(self, value: Any) -> Any:
        """A datetime without a zone: the town's."""
        return datetime.fromisoformat(value)
