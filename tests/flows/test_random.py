"""Whatever people do, in any order: the turn answers, the state is JSON, and there is a way on
and a way out. Person.hears checks the limits of every message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import given as acts
from flows.context import Context, HandedList, Option
from flows.declare import Flow
from flows.engine import advance, begin, is_for, resume
from flows.registry import FLOWS
from flows.state import load
from flows.talk import Talk
from flows.turn import Cancelled, Finished, Turn
from tests.flows.english import spell
from tests.flows.gestures import contents, steps
from tests.flows.near import NEAR_FLOW, Neighbourhood
from tests.flows.person import CATEGORIES, NOW, Person, locate
from tests.flows.sample import LISTS, PARAMS, SAMPLE
from tests.flows.test_outside import BORDER


def nearby(answers: Mapping[str, Any]) -> Sequence[Option]:
    """What may be the same as a pothole."""
    there = answers.get("category") == "pothole"
    return [Option("7", "R-7", photo="f7"), Option("new", "No")] if there else []


def barrios(answers: Mapping[str, Any]) -> Sequence[Option]:
    """Where an address may lie."""
    typed = "words" in (answers.get("place") or {})
    return [Option("a", "San Roque"), Option("b", "La Merced")] if typed else []


LISTED: dict[str, HandedList] = {
    "categories": CATEGORIES,
    **LISTS,
    "near": Neighbourhood(),
    "barrios": barrios,
    "nearby": nearby,
}
CONTEXT = Context(NOW, LISTED, spell, locate, PARAMS)
ALL = [*FLOWS.values(), SAMPLE, NEAR_FLOW, BORDER]


@pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.name)
@settings(max_examples=40, deadline=None)
@given(done=st.lists(steps, max_size=25))
def test_random_conversations(flow: Flow, done: list[Any]) -> None:
    person = Person(flow, CONTEXT)
    for step in done:
        if person.turn.state is None:
            break
        before = person.state
        if isinstance(step, int):
            tokens = [b.token for m in person.messages[::-1] for row in m.buttons for b in row]
            if not tokens:
                continue
            step = acts.Tap(str(tokens[step % len(tokens)]))
        person.does(step, repr(step)[:60])
        answered(flow, person, before, step)


def answered(flow: Flow, person: Person, before: Any, step: Any) -> None:
    """What holds after any turn."""
    turn = person.turn
    said = turn.messages or turn.toast is not None or turn.outcome is not None
    if not said:
        deliberate = isinstance(step, acts.Tap | acts.Edited | acts.Photo | acts.Document)
        assert deliberate or person.state.get("cut") or before.get("cut"), step
    if turn.state is None:
        if isinstance(turn.outcome, Finished):
            assert flow.record(turn.outcome.answers) == turn.outcome.record
            json.dumps(turn.outcome.answers, allow_nan=False)
        return
    json.dumps(turn.state, allow_nan=False)
    number, total = Talk(flow, load(flow, person.state), CONTEXT).progress()
    assert 1 <= number <= total <= len(flow.names)
    if turn.messages:
        labels = [spell(b.label) for row in person.last.buttons for b in row]
        labels += person.keyboard
        assert {"✖️ Cancel", "Discard", "⬅️ Back to the summary"} & set(labels), labels
        for row in person.last.buttons:
            for button in row:
                assert is_for(person.state, str(button.token))
    # There is always a way out.
    out = advance(flow, person.state, acts.Go("cancel"), CONTEXT)
    if out.state is not None:
        out = advance(flow, out.state, acts.Typed("yes", 999), CONTEXT)
    assert isinstance(out.outcome, Cancelled)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["flow", "version", "serial", "at", "step", "answers", "parts", "one"]
                ),
                inner,
                max_size=6,
            )
        ),
    ),
    contents,
)
def test_a_state_nobody_wrote_begins_again(state: Any, given_: Any) -> None:
    if isinstance(state, dict):
        state["flow"] = "sample"
    turn = advance(SAMPLE, json.loads(json.dumps(state)), given_, CONTEXT)
    assert turn.messages
    assert resume(SAMPLE, turn.state, CONTEXT).messages


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_token_is_read(token: str) -> None:
    turn = begin(SAMPLE, CONTEXT, "s1")
    turn = advance(SAMPLE, turn.state, acts.Tap(token), CONTEXT)
    assert isinstance(turn, Turn)
    assert turn.toast is not None or re.match(r"s1\.", token)
