"""That a question may be skipped is said once, by its hint: not by its own words as well."""

from __future__ import annotations

import pytest

from flows.question import Question
from flows.registry import FLOWS
from locales import sentence

# Here skipping is an answer with a meaning of its own, which is told: all of it is taken out.
MEANT = {("redact", "instead"), ("move_meeting", "where"), ("group", "territory")}
ASKED = [
    pytest.param(question, id=f"{flow.name}.{name}")
    for flow in FLOWS.values()
    for name, question in flow.questions.items()
    if question.optional and (flow.name, name) not in MEANT
]


@pytest.mark.parametrize("question", ASKED)
def test_english_says_once_that_a_question_may_be_skipped(question: Question) -> None:
    for key in (question.text, question.hint):
        if isinstance(key, str):
            assert "skip" not in sentence({"key": key}, "en", "UTC").lower()
