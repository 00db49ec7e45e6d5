"""A declared class is the conversation, the form and the record at once; it is looked into once,
when it is declared, and a mistake in it stops the start and not somebody's conversation."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, dataclass_transform

from flows import questions as ask
from flows.phrase import N_, Phrase
from flows.question import Question
from flows.tokens import LONGEST_NAME

MOST_QUESTIONS = 30

_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Flow:
    """One declared conversation. title, intro, review, send and done are catalogue keys.

    `done` is what the action that keeps the record says ({code}...): the engine does not.
    `lists`: the handed-in lists it needs. `version` changes when its questions do.
    `trunk` are the declared questions, `questions` those and what was inserted (grown.py);
    `fork` is the question whose answer tells which of `paths` is walked, `paths[None]` for any
    answer not among them. `conditional`: whether any question depends on the answers before it,
    or on what its list holds.
    """

    name: str
    title: str
    intro: str | None
    review: str | None
    send: str
    done: str | None
    questions: Mapping[str, Question]
    version: str
    lists: frozenset[str]
    record_class: type
    names: tuple[str, ...]
    conditional: bool
    trunk: Mapping[str, Question]
    fork: str | None = None
    paths: Mapping[str | None, Mapping[str, Question]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The version of the declared questions."""
        return self.version.partition(".")[0]

    def path(self, answers: Mapping[str, Any]) -> Mapping[str, Question]:
        """The questions that can matter with these answers, in order."""
        if not self.paths:
            return self.questions
        chosen = answers.get(self.fork) if self.fork else None
        return self.paths.get(chosen if isinstance(chosen, str) else None) or self.paths[None]

    def record(self, answers: Mapping[str, Any]) -> Any:
        """The answers (JSON) as an instance of the declared class."""
        values: dict[str, Any] = {}
        for name, question in self.trunk.items():
            value = answers.get(name)
            values[name] = question.nothing if value is None else question.record(value)
        if self.paths:
            inserted = (name for name in answers if name not in self.trunk)
            extra = {name: answers[name] for name in inserted if answers[name] is not None}
            values["extra"] = extra
        return self.record_class(**values)

    def tell(self, answers: Mapping[str, Any], name: str, context: Any) -> Phrase:
        """One answer in words."""
        return self.questions[name].told(answers.get(name), context)


def version_of(questions: Mapping[str, Question]) -> str:
    """A hash of what decides whether kept answers still fit."""
    shapes = [[name, question.shape()] for name, question in questions.items()]
    return fingerprint(json.dumps(shapes))


def fingerprint(text: str) -> str:
    """Eight characters that change when the text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(
        ask.choose,
        ask.choose_many,
        ask.ask_yes_no,
        ask.ask_text,
        ask.ask_lines,
        ask.ask_number,
        ask.ask_place,
        ask.ask_photos,
        ask.ask_voice,
        ask.ask_document,
        ask.ask_date,
        ask.ask_time,
        ask.ask_when,
    ),
)
def flow(
    name: str,
    *,
    title: str,
    intro: str | None = None,
    review: str | None = None,
    send: str = N_("Send"),
    done: str | None = None,
) -> Callable[[type[Record]], type[Record]]:
    """Declare a class as a flow: each annotated attribute is a question.

    intro: said under the title of the first message. review: the question under the list of
    answers (None: it is finished with the last answer). ValueError where the class is none.
    """

    def declare(declared: type[Record]) -> type[Record]:
        asked: dict[str, Question] = {}
        for attribute in declared.__annotations__:
            question = declared.__dict__.get(attribute)
            if not isinstance(question, Question):
                raise ValueError(f"{name}.{attribute} is no question")
            if not _NAME.fullmatch(attribute):
                raise ValueError(f"{name}.{attribute}: at most {LONGEST_NAME} small ASCII letters")
            asked[attribute] = question
            delattr(declared, attribute)
        if not 1 <= len(asked) <= MOST_QUESTIONS:
            raise ValueError(f"{name} has {len(asked)} questions, not 1 to {MOST_QUESTIONS}")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r}: a flow's name is small ASCII letters")
        record = dataclass(frozen=True, kw_only=True)(declared)
        flow_of[record] = Flow(
            name=name,
            title=title,
            intro=intro,
            review=review,
            send=send,
            done=done,
            questions=asked,
            version=version_of(asked),
            lists=frozenset().union(*(question.lists for question in asked.values())),
            record_class=record,
            names=tuple(asked),
            trunk=asked,
            conditional=any(q.when is not None or q.skip_empty for q in asked.values()),
        )
        return record

    return declare


# Every declared class and its flow.
flow_of: dict[type, Flow] = {}
