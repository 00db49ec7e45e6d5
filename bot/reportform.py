"""What a town's file says of reports: categories with their own questions, and ready answers.

What could not be answered (a choice of one) or filled in (a placeholder nobody knows) is refused
when the file is read, not when somebody is waiting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.formparts import AT_HOME, BY_LANGUAGE, Key, Language, Lines, Names, Part
from civic.lifecycle import STATES
from civic.words import fold

PLACEHOLDERS: Final = ("code", "category", "place", "responsible", "expected", "name")
"""What a ready answer can hold in braces."""
CHOICE_KINDS: Final = ("choice", "choices")
LEAST_CHOICES: Final = 2
MOST_CHOICES: Final = 20
MOST_QUESTIONS: Final = 6
"""A category's own questions: more of them, and people give up on a small screen."""

State = Literal[
    "received", "confirmed", "investigating", "planned", "in_progress", "fixed", "closed", "hidden"
]
assert get_args(State) == STATES
Kind = Literal["text", "number", "yes_no", "choice", "choices", "date"]
Bodies = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=120)]],
    BY_LANGUAGE,
    AT_HOME,
]
SafetyNotes = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=600)]],
    BY_LANGUAGE,
    AT_HOME,
]


def _has_letters(value: str) -> str:
    if not fold(value):
        raise ValueError("must hold letters or digits")
    return value


def _fillable(value: str) -> str:
    for name in re.findall(r"\{([^{}]*)\}", value):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            raise ValueError(f"holds {{{name}}}, and can only hold {known}")
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", value)):
        raise ValueError("holds a brace without its pair")
    return value


Keyword = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_has_letters)
]
# Filled in, it must still be an answer of at most 1000 characters.
Answers = Annotated[
    dict[
        Language,
        Annotated[str, StringConstraints(min_length=3, max_length=800), AfterValidator(_fillable)],
    ],
    BY_LANGUAGE,
    AT_HOME,
]


class ChoiceEntry(Part):
    """One of the answers to a question."""

    key: Key
    names: Names


class QuestionEntry(Part):
    """A category's own question."""

    key: Key
    text: Lines
    kind: Kind
    required: bool = False
    choices: tuple[ChoiceEntry, ...] = ()

    @model_validator(mode="after")
    def _answerable(self) -> QuestionEntry:
        if self.kind not in CHOICE_KINDS:
            if self.choices:
                raise ValueError(f"has choices, which a question of kind {self.kind} has not")
            return self
        if not LEAST_CHOICES <= len(self.choices) <= MOST_CHOICES:
            raise ValueError(
                f"a question of kind {self.kind} needs {LEAST_CHOICES} to {MOST_CHOICES} choices, "
                f"not {len(self.choices)}"
            )
        _no_two("choices", [choice.key for choice in self.choices])
        _no_two_alike([choice.names for choice in self.choices])
        return self


class CategoryEntry(Part):
    """What a report can be about.

    `days_to_resolve` are working days; `radius_m` is how near (metres) a report of the same kind
    may be the same one.
    """

    key: Key
    names: Names
    emoji: Annotated[str, StringConstraints(max_length=16)] = ""
    responsible: Bodies | None = None
    days_to_resolve: int | None = Field(default=None, ge=1, le=365)
    follow_up_days: int | None = Field(default=None, ge=1, le=365)
    radius_m: int = Field(default=250, ge=50, le=5000)
    safety: SafetyNotes | None = None
    keywords: tuple[Keyword, ...] = Field(default=(), max_length=60)
    questions: tuple[QuestionEntry, ...] = Field(default=(), max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _distinct(self) -> CategoryEntry:
        _no_two("questions", [question.key for question in self.questions])
        return self


class TemplateEntry(Part):
    """A ready answer; no states or no categories means any."""

    key: Key
    names: Names
    text: Answers
    states: tuple[State, ...] = ()
    categories: tuple[Key, ...] = ()


def _no_two(what: str, keys: Sequence[str]) -> None:
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise ValueError(f"{what}[{i}].key: {key} is the key of {what}[{keys.index(key)}] too")


def _no_two_alike(names: Sequence[Mapping[Language, str]]) -> None:
    """Two choices that read the same cannot be told apart."""
    seen: set[tuple[Language, str]] = set()
    for one in names:
        for language, name in one.items():
            said = (language, fold(name) or name)
            if said in seen:
                raise ValueError(f"has the choice {name} twice")
            seen.add(said)
