"""What to say, before any language: keys and values as plain JSON, never a finished sentence.

A phrase is one of
  "text"                                           data: shown as it is (escaped), never translated
  3, 2.5                                           a number, written as the reader's language does
  {"key": K, "values": {...}}                      a sentence of the catalogues
  {"key": K, "plural": P, "count": N, "values"}    the same, by number ({count} is filled in)
  {"names": {"es": "...", "en": "..."}}            data that has a name in several languages
  {"date": "2026-05-01", "style": "long"}          a day
  {"time": "2026-05-01T18:30:00-05:00", "style"}   a moment, shown in the town's time zone
  {"lines": [phrase, ...]}                         one below the other; {"row": [...]} side by side
  {"list": [phrase, ...]}                          "a, b and c"
Values are phrases themselves. Only the catalogues may hold markup; values are always escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeAlias

Phrase: TypeAlias = str | int | float | dict[str, Any]


def N_(key: str) -> str:
    """Mark a key for the catalogues; it is translated when somebody reads it, not here."""
    return key


def say(key: str, **values: Phrase) -> Phrase:
    """A sentence of the catalogues; `key` must be marked with N_ where it is written."""
    return {"key": key, "values": values} if values else {"key": key}


def count(one: str, many: str, number: int, **values: Phrase) -> Phrase:
    """A sentence that depends on a number, which fills {count}."""
    return {"key": one, "plural": many, "count": number, "values": values}


def names(by_language: dict[str, str]) -> Phrase:
    """Data with a name in each language ({"es": "Bache", "en": "Pothole"})."""
    return {"names": by_language}


def day(value: date, style: str = "long") -> Phrase:
    """A date; style is one of Babel's: short, medium, long, full."""
    return {"date": value.isoformat(), "style": style}


def moment(value: datetime, style: str = "long") -> Phrase:
    """An aware datetime, shown as date and hour on the town's clock."""
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return {"time": value.isoformat(), "style": style}


def lines(parts: Iterable[Phrase]) -> Phrase:
    """Phrases one below the other."""
    return {"lines": list(parts)}


def row(parts: Iterable[Phrase]) -> Phrase:
    """Phrases side by side, with a space between."""
    return {"row": list(parts)}


def listing(parts: Iterable[Phrase]) -> Phrase:
    """Phrases as a list inside a sentence: "a, b and c"."""
    return {"list": list(parts)}
