"""A question may come as data: a town writes in its file what it asks, and this makes it one.

A spec is {"key", "text": {language: text}, "kind": text | number | yes_no | choice | choices |
date, "required", "choices": [{"key", "names": {language: name}}]}, as the town's file gives it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from flows.choices import Choose, YesNo
from flows.context import Option
from flows.numbers import Number
from flows.phrase import names
from flows.question import Answers, Question
from flows.texts import Words
from flows.ticks import ChooseMany
from flows.times import Day
from flows.tokens import LONGEST_NAME, base36

Spec = Mapping[str, Any]

LONGEST_TEXT: Final = 500
# Since when, or until when: ten years back, one ahead.
EARLIEST, LATEST = -3650, 365


def name_of(category_id: int, spec: Spec) -> str:
    """The name a category's question has in a flow: the same for as long as it is the same one.

    Another key or another kind is another question: an answer to the one is none to the other.
    """
    start = f"x{category_id}_"
    sum_ = base36(zlib.crc32(f"{spec['key']}:{spec['kind']}".encode()))
    return start + sum_[: LONGEST_NAME - len(start)]


def questions_of(
    category_id: int, specs: Iterable[Spec], *, when: Callable[[Answers], bool]
) -> dict[str, Question]:
    """A category's questions as a flow takes them, by name. Raises as `question_of` does."""
    return {name_of(category_id, spec): question_of(spec, when=when) for spec in specs}


def attributes_of(
    category_id: int, specs: Iterable[Spec], extra: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers (JSON, by name) to a category's questions by their own keys."""
    named = {name_of(category_id, spec): str(spec["key"]) for spec in specs}
    return {named[name]: value for name, value in extra.items() if name in named}


def question_of(spec: Spec, *, when: Callable[[Answers], bool] | None = None) -> Question:
    """The question a spec describes, asked where `when` holds. ValueError for an unknown kind."""
    text = {"names": dict(spec["text"])}
    optional = not spec.get("required", False)
    match spec["kind"]:
        case "text":
            return Words(text=text, optional=optional, when=when, longest=LONGEST_TEXT)
        case "number":
            return Number(text=text, optional=optional, when=when)
        case "yes_no":
            return YesNo(text=text, optional=optional, when=when)
        case "choice":
            return Choose(text=text, optional=optional, when=when, options=options_of(spec))
        case "choices":
            return ChooseMany(
                text=text, optional=optional, when=when, options=options_of(spec), at_least=1
            )
        case "date":
            return Day(text=text, optional=optional, when=when, earliest=EARLIEST, latest=LATEST)
        case kind:
            raise ValueError(f"{kind!r} is no kind of question")


def options_of(spec: Spec) -> tuple[Option, ...]:
    """What there is to choose from."""
    choices = spec.get("choices") or ()
    return tuple(Option(str(one["key"]), names(dict(one["names"]))) for one in choices)
