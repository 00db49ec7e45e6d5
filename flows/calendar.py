"""Days are read day first, as the calendar under the question shows them; a day without its year
is the nearest one that may be chosen."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from flows import words
from flows.context import Context
from flows.matching import plain
from flows.phrase import Phrase
from flows.question import Mark
from flows.turn import Button

# A cell without a day: Telegram shows no button without text.
EMPTY = "·"
INERT = "_"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?", re.ASCII)


def spelled(value: date, pattern: str) -> Phrase:
    """A date by a CLDR pattern."""
    return {"date": value.isoformat(), "style": f"pattern:{pattern}"}


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None if there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_start(value: date) -> date:
    """The first day of its month."""
    return value.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month_start(month + timedelta(days=31))


def months(
    month: date, earliest: date, latest: date, context: Context, mark: Mark
) -> list[list[Button]]:
    """A month as buttons: its name between two arrows, the weekdays, and the days that may be
    chosen; choices are "m2026-05" for a month and "d2026-05-01" for a day."""
    month = max(month_start(earliest), min(month_start(month), month_start(latest)))
    inert = mark(INERT)
    before = month_start(month - timedelta(days=1)) if month > month_start(earliest) else None
    after = next_month(month) if month < month_start(latest) else None
    rows = [
        [
            Button("‹", mark(f"m{before:%Y-%m}")) if before else Button(EMPTY, inert),
            Button(spelled(month, "LLLL y"), inert),
            Button("›", mark(f"m{after:%Y-%m}")) if after else Button(EMPTY, inert),
        ]
    ]
    start = month - timedelta(days=(month.weekday() - context.first_weekday) % 7)
    rows.append([Button(spelled(start + timedelta(days=i), "ccccc"), inert) for i in range(7)])
    end = month.replace(day=monthrange(month.year, month.month)[1])
    while start <= end:
        week = [start + timedelta(days=i) for i in range(7)]
        open_ = [one.month == month.month and earliest <= one <= latest for one in week]
        # A week with no day to choose is only something to scroll past.
        if any(open_):
            rows.append(
                [
                    Button(str(one.day), mark(f"d{one.isoformat()}"))
                    if choosable
                    else Button(EMPTY, inert)
                    for one, choosable in zip(week, open_, strict=True)
                ]
            )
        start += timedelta(days=7)
    today = context.now.date()
    near: list[Button] = []
    yesterday = today - timedelta(days=1)
    if earliest <= yesterday <= latest:
        near.append(Button(words.YESTERDAY.phrase, mark(f"d{yesterday.isoformat()}")))
    if earliest <= today <= latest:
        near.append(Button(words.TODAY.phrase, mark(f"d{today.isoformat()}")))
    tomorrow = today + timedelta(days=1)
    if earliest <= tomorrow <= latest:
        near.append(Button(words.TOMORROW.phrase, mark(f"d{tomorrow.isoformat()}")))
    return [*rows, near] if near else rows


def nearest(month: int, day: int, earliest: date, latest: date, today: date) -> date | None:
    """Such a day, nearest to today, that may be chosen; where there is none, one that may not."""
    years = range(earliest.year, latest.year + 1)
    days = [found for year in years if (found := make_date(year, month, day))]
    within = [found for found in days if earliest <= found <= latest]
    return min(within or days[:1], key=lambda found: abs(found - today), default=None)


def read_date(text: str, earliest: date, latest: date, context: Context) -> date | None:
    """A date as people write it: 2026-05-01, 1/5/2026, 1/5, 1 de mayo, viernes, mañana.

    It may lie outside the limits: that is for the caller to say.
    """
    if len(text) > 60:
        return None
    today = context.now.date()
    if words.means(text, words.TODAY, context):
        return today
    if words.means(text, words.TOMORROW, context):
        return today + timedelta(days=1)
    if words.means(text, words.YESTERDAY, context):
        return today - timedelta(days=1)
    if match := _ISO.fullmatch(text.strip()):
        return make_date(*(int(part) for part in match.groups()))
    if match := _DAY_FIRST.fullmatch(text.strip()):
        day, month, year = match.groups()
        if year is None:
            return nearest(int(month), int(day), earliest, latest, today)
        return make_date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    said = plain(text).split()
    named = _named_day(said, earliest, latest, context)
    # Where days that have passed may be chosen too, nobody knows which Friday is meant.
    return named or (_weekday(said, today, context) if earliest >= today else None)


def _named_day(said: list[str], earliest: date, latest: date, context: Context) -> date | None:
    numbers = [int(word) for word in said if word.isdecimal() and len(word) <= 4]
    if not numbers:
        return None
    names = [plain(context.spell(spelled(date(2026, m, 1), "LLLL"))) for m in range(1, 13)]
    found = [
        month
        for word in said
        if len(word) >= 3 and not word.isdecimal()
        for month, name in enumerate(names, 1)
        if name.startswith(word)
    ]
    if len(set(found)) != 1:
        return None
    day = next((number for number in numbers if number <= 31), None)
    year = next((number for number in numbers if number > 31), None)
    if day is None:
        return None
    if year is None:
        return nearest(found[0], day, earliest, latest, context.now.date())
    return make_date(year, found[0], day)


def _weekday(said: list[str], today: date, context: Context) -> date | None:
    days = [today + timedelta(days=ahead) for ahead in range(1, 8)]
    names = [plain(context.spell(spelled(one, "cccc"))).split() for one in days]
    found = [one for one, name in zip(days, names, strict=True) if name and name[0] in said]
    return found[0] if len(found) == 1 else None
