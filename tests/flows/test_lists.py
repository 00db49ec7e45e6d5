"""Lists made from the answers: made when they are needed, passed over where they are empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from flows.context import Option
from flows.engine import advance
from flows.given import Typed
from flows.turn import Finished
from tests.flows.near import NEAR, NEAR_FLOW, Neighbourhood
from tests.flows.person import Person


@pytest.fixture
def near() -> Neighbourhood:
    return Neighbourhood()


@pytest.fixture
def person(near: Neighbourhood) -> Person:
    return Person(NEAR_FLOW, near.context())


def test_a_list_is_made_once_a_turn_and_only_when_its_question_is_reached(
    near: Neighbourhood, person: Person
) -> None:
    person.says("pothole")
    assert near.asked == []
    person.says("A hole")
    assert near.asked == [{"category": "pothole", "details": "A hole"}]
    near.asked.clear()
    person.taps("None")
    # What was chosen from the list is not among the answers it is made from.
    assert near.asked == [{"category": "pothole", "details": "A hole"}]


def test_a_list_follows_the_answer_given_in_this_very_turn(
    near: Neighbourhood, person: Person
) -> None:
    person.says("pothole")
    number = person.says("A hole")
    near.asked.clear()
    person.edits(number, "A big hole")
    assert [asked["details"] for asked in near.asked][-1] == "A big hole"


def test_a_question_without_options_is_neither_asked_nor_counted_nor_reviewed(
    near: Neighbourhood, person: Person
) -> None:
    assert "1 of 3" in person.text
    person.says("rubbish")
    person.says("A heap")
    assert person.state["at"] == "more" and "3 of 3" in person.text
    person.taps("Skip")
    assert "Is it one" not in person.text
    person.taps("Send")
    assert person.finished.answers == {"category": "rubbish", "details": "A heap", "more": None}
    assert person.finished.record.same is None


def test_what_was_empty_is_not_looked_up_again_until_the_review(
    near: Neighbourhood, person: Person
) -> None:
    person.says("rubbish")
    person.says("A heap")
    near.asked.clear()
    person.sends_other("sticker")
    person.goes("resume")
    assert near.asked == []
    person.taps("Skip")
    assert len(near.asked) == 1


def test_what_turns_up_meanwhile_is_asked_before_it_is_sent(
    near: Neighbourhood, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says("rubbish")
    person.says("A heap")
    person.taps("Skip")
    assert person.state["at"] == "!review"
    monkeypatch.setitem(NEAR, "rubbish", [Option("9", "A heap in Calle 5"), Option("-", "None")])
    person.taps("Send")
    assert person.state["at"] == "same" and "one of these" in person.text
    person.taps("None")
    person.taps("Send")
    assert person.finished.answers["same"] == "-"


def test_another_answer_that_empties_the_list_takes_its_question_away(
    near: Neighbourhood, person: Person
) -> None:
    person.says("pothole")
    person.says("A hole")
    person.taps("None")
    person.taps("Skip")
    person.taps("Change something")
    person.taps("What?")
    person.says("rubbish")
    assert person.state["at"] == "!review" and "no longer possible" not in person.text
    assert "Is it one" not in person.text
    person.taps("Send")
    assert "same" not in person.finished.answers


def test_another_list_is_asked_about_anew_where_the_answer_is_not_in_it(
    near: Neighbourhood, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NEAR, "light", [Option("3", "Lamp"), Option("no", "Neither")])
    person.says("pothole")
    person.says("A hole")
    person.taps("None")
    person.taps("Skip")
    person.taps("Change something")
    person.taps("What?")
    person.says("street light")
    assert person.state["at"] == "same"


def test_an_ending_answer_finishes_at_once_with_what_was_given(person: Person) -> None:
    person.sends_photo("ignored")
    person.says("pothole")
    person.says("A hole")
    person.taps("Calle 6")
    assert isinstance(person.turn.outcome, Finished)
    assert person.finished.answers == {
        "category": "pothole",
        "details": "A hole",
        "same": "2",
        "more": None,
    }
    assert person.finished.record.same == "2" and person.finished.record.more is None


def test_an_ending_answer_in_writing_or_from_the_review_ends_too(person: Person) -> None:
    person.says("pothole")
    person.says("A hole")
    person.taps("None")
    person.taps("Skip")
    person.taps("Change something")
    person.taps("Is it one")
    person.says("hole in calle 5")
    assert person.finished.answers["same"] == "1"


def test_a_list_that_cannot_be_made_fails_the_turn_and_not_the_state(
    near: Neighbourhood, person: Person
) -> None:
    def broken(answers: Mapping[str, Any]) -> Sequence[Option]:
        raise LookupError

    person.says("pothole")
    before = person.state
    around = near.context()
    around = type(around)(around.now, {**around.lists, "near": broken}, around.spell)
    with pytest.raises(LookupError):
        advance(NEAR_FLOW, before, Typed("A hole", 7), around)
    assert before == person.state


def test_a_list_emptied_while_it_was_asked_lets_the_conversation_go_on(
    near: Neighbourhood, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says("pothole")
    person.says("A hole")
    asked = person.last
    monkeypatch.setitem(NEAR, "pothole", [])
    person.taps("Calle 6", asked)
    assert person.state["at"] == "more" and "nothing left to choose" in person.text
