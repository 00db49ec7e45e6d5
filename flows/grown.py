"""A flow grows questions that a town hands in: the same conversation, with more asked after one
of its questions. What they ask may change between any two turns of somebody who is answering."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, make_dataclass, replace
from functools import cache
from typing import Any

from flows.declare import Flow, fingerprint
from flows.question import Question
from flows.tokens import LONGEST_NAME

_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")


@dataclass(frozen=True, slots=True)
class Chose:
    """The `when` of an inserted question: that `question` was answered with this `value`.

    Said like this, and not as any function, a turn looks only at the questions of one answer,
    however many there are for the others.
    """

    question: str
    value: str

    def __call__(self, answers: Mapping[str, Any]) -> bool:
        return bool(answers.get(self.question) == self.value)


def grown(flow: Flow, *, after: str, questions: Mapping[str, Question]) -> Flow:
    """The flow with these questions asked after the one named `after`.

    Its record has `extra`, the JSON answers to them by name. Names are like a field's: at most
    LONGEST_NAME small ASCII letters, digits and underscores. ValueError for a name that is none
    or is taken, and where `after` is no question of the flow.
    """
    if after not in flow.trunk:
        raise ValueError(f"{flow.name} has no question {after!r}")
    for name in questions:
        if name in flow.trunk or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a question of {flow.name}")
    if not questions:
        return flow
    forks = {q.when.question for q in questions.values() if isinstance(q.when, Chose)}
    fork = forks.pop() if len(forks) == 1 else None
    values = {_chosen(question, fork) for question in questions.values()} - {None}

    def path(value: str | None) -> dict[str, Question]:
        """The questions that can matter where the fork was answered so."""
        chosen = {n: q for n, q in questions.items() if _chosen(q, fork) in (None, value)}
        return _inserted(flow.trunk, after, chosen)

    everything = _inserted(flow.trunk, after, questions)
    return replace(
        flow,
        questions=everything,
        names=tuple(everything),
        version=f"{flow.base}.{_fingerprint(questions, fork)}",
        lists=flow.lists.union(*(question.lists for question in questions.values())),
        record_class=_with_extra(flow.record_class),
        conditional=True,
        fork=fork,
        paths={value: path(value) for value in (*values, None)},
    )


def _chosen(question: Question, fork: str | None) -> str | None:
    """The answer to the fork that this question is for; None: it may be for any."""
    when = question.when
    return when.value if isinstance(when, Chose) and when.question == fork else None


def _inserted(
    trunk: Mapping[str, Question], after: str, more: Mapping[str, Question]
) -> dict[str, Question]:
    together: dict[str, Question] = {}
    for name, question in trunk.items():
        together[name] = question
        if name == after:
            together.update(more)
    return together


def _fingerprint(questions: Mapping[str, Question], fork: str | None) -> str:
    """What a draft must know to see that these were edited: any change at all that is data."""
    shapes = [
        [name, question.shape(), question.optional, _chosen(question, fork)]
        for name, question in questions.items()
    ]
    return fingerprint(json.dumps(shapes))


@cache
def _with_extra(record_class: type) -> type:
    """The record's class with room for the answers to inserted questions."""
    return make_dataclass(
        record_class.__name__,
        [("extra", Mapping[str, Any], field(default_factory=dict))],
        bases=(record_class,),
        frozen=True,
        kw_only=True,
        namespace={"__doc__": record_class.__doc__, "__module__": record_class.__module__},
    )


def extra_of(record: object) -> Mapping[str, Any]:
    """The answers to inserted questions that a record holds (JSON, by name); empty for none."""
    extra = getattr(record, "extra", None)
    return extra if isinstance(extra, Mapping) else {}
