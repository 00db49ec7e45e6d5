"""A town may edit its questions between any two turns of anybody: no turn fails, no answer that
still fits is lost, and who has nothing to do with the edit hears nothing of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows import given as acts
from flows.state import load
from flows.talk import Talk
from tests.flows.gestures import contents, steps
from tests.flows.person import Person
from tests.flows.town import KEYS, around, said, town_flow

CHANGED = "changed while you were away"

choices = st.lists(
    st.sampled_from(["small", "big", "huge", "a b", "ñ"]), min_size=2, max_size=4, unique=True
)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    """One question of a category."""
    kind = draw(st.sampled_from(["text", "number", "yes_no", "choice", "choices", "date"]))
    offered = draw(choices) if kind.startswith("choice") else []
    return {
        "key": draw(st.sampled_from("abcd")),
        "text": said(draw(st.sampled_from(["Which?", "How?"]))),
        "kind": kind,
        "required": draw(st.booleans()),
        "choices": [{"key": one, "names": said(one)} for one in offered],
    }


asked = st.lists(specs(), max_size=3, unique_by=lambda spec: str(spec["key"]))
town = st.fixed_dictionaries(dict.fromkeys(KEYS, asked))
# Nothing, or the town's file read again: what it asks, and the categories there are.
edits = st.none() | st.tuples(town, st.sets(st.sampled_from(KEYS), min_size=1))
words = st.sampled_from(["light", "pothole", "big", "small, huge", "done", "12", "yes", "today"])
acts_ = st.one_of(steps, contents, st.builds(acts.Typed, words, st.integers(1, 6)))


@settings(max_examples=150, deadline=None)
@given(first=town, done=st.lists(st.tuples(edits, acts_), max_size=25))
def test_any_edit_between_any_two_turns(first: Any, done: list[Any]) -> None:
    person = Person(town_flow(first), around())
    for edit, step in done:
        if person.turn.state is None:
            return
        before = person.state
        if edit is not None:
            person.flow, person.context = town_flow(edit[0]), around(sorted(edit[1]))
        if isinstance(step, int):
            tokens = [b.token for m in person.messages[::-1] for row in m.buttons for b in row]
            if not tokens:
                continue
            step = acts.Tap(str(tokens[step % len(tokens)]))
        person.does(step, repr(step)[:60])
        if person.turn.state is not None:
            judged(person, before)


def judged(person: Person, before: Any) -> None:
    """What holds after a turn before which the town may have been edited."""
    flow, now = person.flow, person.context
    given_ = {name: value for name, value in before["answers"].items() if value is not None}
    fit = {
        name
        for name, value in given_.items()
        if name in flow.questions and flow.questions[name].fits(value, now)
    }
    after = person.state["answers"]
    same = "category" in fit and after.get("category") == given_["category"]
    matters = Talk(flow, load(flow, person.state), now).relevant()
    for name in fit & set(matters):
        assert name in after or not (same or name in flow.trunk), name
    if flow.version == before["version"]:
        return
    # Where nothing hangs on the category, one that went is asked for again before the review.
    town_s = [name for name in given_ if name == flow.fork or name not in flow.trunk]
    theirs = any(name not in fit for name in town_s)
    theirs = theirs or before["at"] not in {*flow.questions, "!review", "!change"}
    told = any(CHANGED in line for line in said_now(person))
    assert told == theirs, (person.log[-3:], before)


def said_now(person: Person) -> list[str]:
    """What was said in this turn."""
    last = max(i for i, line in enumerate(person.log) if line.startswith("> "))
    return [line for line in person.log[last + 1 :] if not line.startswith(("(quiet", "(toast"))]
