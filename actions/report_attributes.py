"""What a category asks of its own, told back: each answer in words, under its question's name.

An answer to a question that the category no longer asks is still told, by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.characters import trim
from flows.phrase import N_, Phrase, day, listing, names, say
from storage.town import Category

ATTRIBUTE = N_("▫️ {question} {answer}")
YES, NO = N_("Yes"), N_("No")
LONGEST = 200
"""Of an answer on a card, in UTF-16 units."""


def told(category: Category | None, attributes: Mapping[str, Any]) -> list[Phrase]:
    """A line for each answer, in the order in which the category asks."""
    asked = {str(q["key"]): q for q in (category.questions if category else ())}
    keys = [key for key in asked if key in attributes]
    keys += [key for key in attributes if key not in asked]
    return [
        say(ATTRIBUTE, question=_question(asked.get(key), key), answer=answer)
        for key in keys
        if (answer := value(asked.get(key), attributes[key])) is not None
    ]


def value(question: Mapping[str, Any] | None, given: Any) -> Phrase | None:
    """One answer in words; None where nothing was given or it was taken out."""
    if given is None or given == "" or given == []:
        return None
    if isinstance(given, bool):
        return say(YES if given else NO)
    if isinstance(given, int | float):
        return given
    if isinstance(given, list | tuple):
        return listing(str(one) if (told := _choice(question, one)) is None else told
                       for one in given)  # fmt: skip
    chosen = _choice(question, given)
    if chosen is not None:
        return chosen
    if question is not None and question.get("kind") == "date":
        try:
            return day(date.fromisoformat(str(given)))
        except ValueError:
            pass
    return trim(str(given), LONGEST)


def _question(question: Mapping[str, Any] | None, key: str) -> Phrase:
    return names(dict(question["text"])) if question is not None else f"{key}:"


def _choice(question: Mapping[str, Any] | None, given: Any) -> Phrase | None:
    for choice in (question or {}).get("choices") or ():
        if choice["key"] == given:
            return names(dict(choice["names"]))
    return None
