"""A ready text is read before it is taken, and one's own words are always welcome."""

from __future__ import annotations

from typing import Any

import pytest

from flows.context import Context, Option
from flows.given import Typed
from flows.question import Answered, Refused
from flows.ready import MARK, Ready
from tests.flows.english import spell
from tests.flows.person import NOW

VISIT = Option(f"{MARK}visit", "A visit", "We will come and have a look.")
QUESTION = Ready(text="What shall they read?", options="ready", shortest=3, longest=20)


def around(*options: Option) -> Context:
    return Context(now=NOW, lists={"ready": options}, spell=spell)


def mark(choice: str) -> str:
    return choice


def taken(text: str, context: Context) -> Any:
    return QUESTION.take(Typed(text, 1), {}, context)


def test_each_ready_text_is_shown_whole_and_taken_by_a_tap() -> None:
    here = around(VISIT)
    asked = QUESTION.ask({}, here, mark)
    assert "We will come and have a look." in str(asked.body)
    ((button,),) = asked.buttons
    assert button.token is not None
    assert QUESTION.tapped(button.token, {}, here) == Answered(VISIT.value)
    assert QUESTION.tell(VISIT.value, here) == "We will come and have a look."
    assert taken("a visit", here) == Answered(VISIT.value)


@pytest.mark.parametrize("context", [around(), around(VISIT)])
def test_ones_own_words_are_kept_as_they_are(context: Context) -> None:
    assert taken(" We know about it. ", context) == Answered("We know about it.")
    assert QUESTION.tell("We know about it.", context) == "We know about it."
    assert isinstance(taken("ab", context), Refused)
    assert isinstance(taken("a" * 21, context), Refused)


def test_without_anything_ready_it_is_a_text_like_any_other() -> None:
    asked = QUESTION.ask({}, around(), mark)
    assert asked.buttons == [] and QUESTION.offers(around())


def test_a_ready_text_that_is_gone_is_asked_for_anew() -> None:
    assert QUESTION.fits(VISIT.value, around(VISIT))
    assert not QUESTION.fits(VISIT.value, around())
    assert QUESTION.fits("We know about it.", around())
    assert isinstance(QUESTION.tapped("=forged", {}, around(VISIT)), Refused)
