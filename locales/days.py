"""Days and hours: Babel's own patterns for the language, on the town's clock."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

_STYLES = frozenset({"short", "medium", "long", "full"})
_PATTERN = "pattern:"
# Days as Latin America writes them: CLDR's "es" shortens miércoles to Spain's X.
_DAYS_OF = {"es": "es_419"}


@lru_cache(maxsize=4096)
def day(iso: str, style: str, language: str) -> str:
    """A date. `style`: short, medium, long, full, or "pattern:" and a CLDR pattern."""
    value = date.fromisoformat(iso[:10])
    days_of = _DAYS_OF.get(language, language)
    if style.startswith(_PATTERN):
        return format_date(value, style.removeprefix(_PATTERN), locale=days_of)
    return format_date(value, _known(style), locale=days_of)


@lru_cache(maxsize=4096)
def moment(iso: str, style: str, language: str, zone: str | ZoneInfo) -> str:
    """A moment: day and hour on the clock of `zone`.

    `style`: short, medium, long (day without year, and hour), full (with year), time (the hour
    alone), or "pattern:" and a CLDR pattern. An ISO text without offset is the town's own time.
    """
    value = datetime.fromisoformat(iso)
    if value.tzinfo is not None:
        value = value.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
        value = value.replace(tzinfo=None)
    if style.startswith(_PATTERN):
        pattern = style.removeprefix(_PATTERN)
        return format_datetime(value, pattern, locale=_DAYS_OF.get(language, language))
    # Of 24 and in two digits in every language, as on the buttons: nobody reads two clocks.
    hour = format_time(value, "HH:mm", locale=language)
    if style == "time":
        return hour
    return f"{_shown_day(value, style, _DAYS_OF.get(language, language))}, {hour}"


def _shown_day(value: datetime, style: str, language: str) -> str:
    """The day beside an hour: without its year, which only "full" shows."""
    if _known(style) == "full":
        return format_date(value, "full", locale=language)
    skeletons = Locale.parse(language).datetime_skeletons
    if style == "short":
        return format_date(value, str(skeletons["MMMd"]), locale=language)
    if style == "medium":
        return format_date(value, str(skeletons["MMMEd"]), locale=language)
    # CLDR keeps no pattern for this width: its rule is to widen the fields of the nearest one.
    nearest = str(skeletons.get("MMMMEd") or skeletons["MMMEd"])
    wide = re.sub("M+", "MMMM", re.sub("E+", "EEEE", nearest))
    return format_date(value, wide, locale=language)


def _known(style: str) -> str:
    if style not in _STYLES:
        raise ValueError(f"unknown style {style!r}")
    return style
