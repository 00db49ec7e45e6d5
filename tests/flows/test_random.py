"""Whatever people do, in any order: the turn answers, the state is JSON, and there is a way on
and a way out. Person.hears checks the limits of every message."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import given as acts
from flows.context import Context
from flows.declare import Flow
from flows.engine import advance, begin, is_for, nudge, progress, resume
from flows.registry import FLOWS
from flows.turn import Cancelled, Finished, Turn
from tests.flows.english import spell
from tests.flows.near import NEAR_FLOW, Neighbourhood
from tests.flows.person import CATEGORIES, NOW, Person, locate
from tests.flows.sample import LISTS, PARAMS, SAMPLE
from tests.flows.test_outside import BORDER

LISTED = {"categories": CATEGORIES, **LISTS, "near": Neighbourhood()}
CONTEXT = Context(NOW, LISTED, spell, locate, PARAMS)
ALL = [*FLOWS.values(), SAMPLE, NEAR_FLOW, BORDER]

WORDS = (
    "back|skip|cancel|yes|no|done|send|change|keep|discard|1|2|3|7|12.5|a|ap|apple|25/5|today|"
    "friday|18:30|6pm|2026-05-20T18:30|-12.5,-76.5|{x}|<b>|1,2|a story of ten|a\nb\nc|go on|"
    "leave it|25/5 18:30|\u202eabc"
)
words = st.sampled_from([*WORDS.split("|"), "x" * 5000])
texts = st.one_of(words, st.text(max_size=40), st.text(alphabet=st.characters(), max_size=5))
numbers = st.integers(1, 6)
degrees = st.floats(-100, 200) | st.sampled_from([float("nan"), float("inf"), -12.5, -76.5])
albums = st.sampled_from([None, "al", "bum"])
ids = st.sampled_from(["a", "b", "c", "d"])
contents = st.one_of(
    st.builds(acts.Typed, texts, numbers),
    st.builds(acts.Located, degrees, degrees, numbers, st.booleans(), st.none() | texts),
    st.builds(acts.Photo, ids, ids, numbers, albums),
    st.builds(acts.Voice, ids, ids, st.integers(0, 400), numbers),
    st.builds(
        acts.Document,
        ids,
        ids,
        texts,
        st.integers(0, 40_000_000),
        st.sampled_from(["image/png", "application/pdf", ""]),
        numbers,
        albums,
    ),
    st.builds(acts.Other, st.sampled_from(["sticker", "contact", "poll"]), numbers),
)
forged = st.one_of(
    st.text(max_size=40),
    st.builds(lambda a, b: f"s1.{a}.{b}", st.sampled_from(list(SAMPLE.names)), st.text(max_size=9)),
    st.builds(lambda a, b: f"s1.!{a}.{b}", numbers, st.text(max_size=9)),
    st.builds(
        lambda a, b: f"s1.{a}.{b}",
        st.sampled_from(list(SAMPLE.names)),
        st.sampled_from(
            ["m2026-13", "m9999-12", "m0-0", "d2026-02-30", "d1999-01-01", "h99", "t9", "p99"]
        ),
    ),
)
steps = st.one_of(
    # A button of those there are, old and new: by its place from the newest.
    st.integers(0, 60),
    contents,
    st.builds(acts.Edited, contents),
    st.builds(acts.Go, st.sampled_from(["cancel", "back", "skip", "resume"])),
    st.builds(acts.Tap, forged),
)


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
    number, total = progress(flow, person.state, CONTEXT)
    assert 1 <= number <= total <= len(flow.names)
    assert nudge(flow, person.state, CONTEXT).buttons
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
