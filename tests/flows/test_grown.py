"""Questions a town hands in: asked like any other, and edited while people answer them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from flows.declare import Flow
from flows.grown import Chose, extra_of, grown
from flows.questions import ask_text
from flows.spec import attributes_of, name_of, question_of
from flows.state import loads
from flows.tokens import LONGEST_CHOICE, LONGEST_NAME, LONGEST_SERIAL
from flows.turn import LONGEST_TOKEN, Finished
from tests.flows.person import Person
from tests.flows.town import SPECS, TOLD, Told, around, spec, town_flow

POLE = name_of(1, SPECS["light"][0])
LAMPS = name_of(1, SPECS["light"][1])
SIZE = name_of(2, SPECS["pothole"][0])
NEAR = name_of(2, SPECS["pothole"][1])
CHANGED = "changed while you were away"


def edited(person: Person, **specs: Any) -> None:
    """The town edits its questions between two turns."""
    person.flow = town_flow({**SPECS, **specs})


def test_a_town_s_questions_are_asked_after_their_category_and_only_then() -> None:
    person = Person(town_flow(), around())
    assert "1 of 3" in person.text
    person.taps("Light")
    assert "2 of 6" in person.text and "pole (text)?" in person.text
    person.says("A-12")
    person.says("3")
    person.taps("Yes")
    person.says("It is dark")
    person.taps("Skip")
    assert "pole (text)? A-12" in person.text.replace("<b>", "").replace("</b>", "")
    person.taps("Send")
    record = person.finished.record
    assert isinstance(record, Told) and record.details == "It is dark"
    assert extra_of(record) == {POLE: "A-12", LAMPS: 3, name_of(1, SPECS["light"][2]): True}
    attributes = attributes_of(1, SPECS["light"], extra_of(record))
    assert attributes == {"pole": "A-12", "lamps": 3, "danger": True}


def test_every_kind_is_answered_by_button_and_in_writing() -> None:
    for way in ("button", "writing"):
        person = Person(town_flow(), around())
        person.taps("Pothole")
        if way == "button":
            person.taps("Big")
            person.taps("School")
            person.taps("Market")
            person.taps("Done")
            person.taps("Yesterday")
        else:
            person.says("big")
            person.says("school, market")
            person.says("done")
            person.says("yesterday")
        person.says("A hole")
        person.taps("Skip")
        person.taps("Send")
        attributes = attributes_of(2, SPECS["pothole"], extra_of(person.finished.record))
        assert attributes == {"size": "big", "near": ["school", "market"], "since": "2026-05-03"}


def test_optional_ones_may_be_skipped_and_another_category_asks_its_own() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    person.says("small")
    person.taps("Skip")
    person.taps("Skip")
    person.says("A hole")
    person.taps("Skip")
    person.taps("Change something")
    person.taps("About")
    person.taps("Rubbish")
    assert person.state["at"] == "!review"
    person.taps("Send")
    assert extra_of(person.finished.record) == {}
    assert person.finished.answers == {"category": "rubbish", "details": "A hole", "photos": None}


def test_a_question_that_nobody_was_at_may_change_unnoticed() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    edited(person, light=[spec("pole", "number")], rubbish=[spec("bags", "number")])
    person.says("big")
    assert CHANGED not in person.text and person.state["at"] == NEAR
    person.taps("Clinic")
    edited(person, rubbish=[spec("bags", "text")])
    # What was half given is still there.
    person.taps("Done")
    assert person.state["answers"][NEAR] == ["clinic"] and CHANGED not in person.text


def test_words_and_choices_may_change_where_the_answer_still_fits() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    person.says("big")
    choices = spec("size", "choice", "tiny", "big", "huge", text="How large is it?")
    edited(person, pothole=[choices, *SPECS["pothole"][1:]])
    person.taps("Skip")
    assert CHANGED not in person.text and person.state["answers"][SIZE] == "big"


def test_an_answer_that_no_longer_fits_is_told_and_asked_for_again() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    person.says("big")
    person.taps("Skip")
    person.taps("Skip")
    choices = spec("size", "choice", "narrow", "wide")
    edited(person, pothole=[choices, *SPECS["pothole"][1:]])
    # What they say in this very turn is kept as well.
    person.says("A hole")
    assert CHANGED in person.text and person.state["at"] == SIZE
    assert person.state["answers"]["details"] == "A hole"
    assert NEAR in person.state["answers"]
    person.taps("Wide")
    assert CHANGED not in person.text and person.state["at"] == "photos"


def test_the_question_asked_may_go_and_what_is_typed_is_no_answer_to_another() -> None:
    person = Person(town_flow(), around())
    person.taps("Light")
    edited(person, light=[spec("height", "number")])
    person.says("12")
    assert CHANGED in person.text and "height" in person.text
    assert person.state["answers"] == {"category": "light"}
    person.says("12")
    assert CHANGED not in person.text and person.state["at"] == "details"


def test_a_photo_is_a_photo_though_the_question_asked_went() -> None:
    person = Person(town_flow(), around())
    person.taps("Light")
    edited(person, light=[])
    person.sends_photo("a")
    assert CHANGED in person.text and person.state["parts"]["photos"]["photos"]
    assert person.state["at"] == "details"


def test_one_may_leave_although_the_question_asked_went() -> None:
    person = Person(town_flow(), around())
    person.taps("Light")
    edited(person, light=[])
    person.goes("cancel")
    person.taps("Discard")
    assert person.turn.outcome is not None


def test_a_choice_that_went_shows_those_there_are_now() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    old = person.last
    edited(person, pothole=[spec("size", "choice", "narrow", "wide")])
    person.taps("Big", old)
    assert person.toast and "no longer there" in person.toast
    assert person.last.replaces
    person.taps("Wide")
    assert person.state["answers"][SIZE] == "wide"


def at_review() -> Person:
    """Somebody who has answered everything about rubbish."""
    person = Person(town_flow(), around())
    person.taps("Rubbish")
    person.says("A heap")
    person.taps("Skip")
    assert person.state["at"] == "!review"
    return person


@pytest.mark.parametrize("how", ["send", "words", "back"])
def test_a_new_question_is_asked_before_it_is_sent(how: str) -> None:
    person = at_review()
    edited(person, rubbish=[spec("bags", "number")])
    if how == "send":
        person.taps("Send")
    elif how == "words":
        person.says("what now?")
    else:
        person.comes_back()
    assert "One more question" in person.text and "bags" in person.text
    assert CHANGED not in person.text
    person.says("3")
    person.taps("Send")
    assert isinstance(person.turn.outcome, Finished)


def test_at_the_review_an_edit_of_others_questions_is_not_noticed() -> None:
    person = at_review()
    edited(person, light=[], pothole=[])
    person.taps("Send")
    assert isinstance(person.turn.outcome, Finished)


def test_a_category_that_went_is_asked_for_again_and_the_rest_is_kept() -> None:
    person = at_review()
    person.context = around(("light", "pothole"))
    edited(person, light=[spec("pole", "text")])
    person.taps("Send")
    assert CHANGED in person.text and person.state["at"] == "category"
    person.taps("Light")
    person.says("A-1")
    person.taps("Send")
    assert person.finished.record.details == "A heap"


def test_a_turn_looks_only_at_the_questions_of_its_category() -> None:
    many = {key: SPECS[key] for key in ("light", "pothole")}
    flow = town_flow(many)
    assert list(flow.path({"category": "pothole"})) == [
        "category",
        SIZE,
        NEAR,
        name_of(2, SPECS["pothole"][2]),
        "details",
        "photos",
    ]
    for answer in (None, "rubbish", "", ["a"], {"b": 1}, 7):
        assert list(flow.path({"category": answer})) == ["category", "details", "photos"]


def test_the_version_is_of_what_is_asked_and_the_same_in_every_process() -> None:
    assert town_flow().version == town_flow().version
    assert town_flow({}).version == TOLD.version and town_flow({}) is TOLD
    versions = {
        flow.version
        for flow in (
            town_flow({"light": [spec("pole", "text")]}),
            town_flow({"light": [spec("pole", "number")]}),
            town_flow({"light": [spec("pole", "text", required=False)]}),
            town_flow({"pothole": [spec("pole", "text")]}),
        )
    }
    assert len(versions) == 4
    person = Person(TOLD, around())
    assert loads(TOLD, person.state) and not loads(town_flow(), person.state)


def test_names_are_short_and_go_with_the_question_and_not_with_its_place() -> None:
    assert LONGEST_SERIAL + LONGEST_NAME + LONGEST_CHOICE + 2 <= LONGEST_TOKEN
    for number in (1, 99, 12345, 999_999_999):
        assert len(name_of(number, spec("a key of any length", "text"))) <= LONGEST_NAME
    first, second = spec("a", "text"), spec("b", "text")
    assert list(questions(first, second)) == list(questions(second, first))[::-1]
    assert name_of(1, spec("a", "text")) != name_of(1, spec("a", "number"))


def questions(*specs: Any) -> dict[str, Any]:
    """What a town with one category inserts."""
    flow = town_flow({"light": specs})
    return {name: q for name, q in flow.questions.items() if name not in TOLD.trunk}


def test_what_cannot_be_inserted_is_refused_at_once() -> None:
    question = ask_text("Which?", when=Chose("category", "light"))
    for name in ("details", "Big", "x" * 13, ""):
        with pytest.raises(ValueError, match="name"):
            grown(TOLD, after="category", questions={name: question})
    with pytest.raises(ValueError, match="no question"):
        grown(TOLD, after="nothing", questions={"x1_a": question})
    with pytest.raises(ValueError, match="kind"):
        question_of(spec("a", "poem"))


def test_questions_may_depend_on_anything_else_too() -> None:
    said_park = ask_text("Which park?", when=lambda a: "park" in a.get("details", ""))
    flow: Flow = grown(TOLD, after="details", questions={"x_park": said_park})
    person = Person(flow, around())
    person.taps("Light")
    person.says("In the park")
    assert person.state["at"] == "x_park"
    person.says("The one by the river")
    person.taps("Skip")
    person.taps("Send")
    assert extra_of(person.finished.record) == {"x_park": "The one by the river"}
    assert extra_of(object()) == {}


def test_a_state_of_before_is_plain_json_and_may_be_anything() -> None:
    person = Person(town_flow(), around())
    person.taps("Pothole")
    broken = {**person.state, "version": 7, "answers": {"category": ["x"], SIZE: {}, "gone": 1}}
    person.stored = json.dumps(broken)
    person.says("big")
    assert CHANGED in person.text and person.state["answers"] == {}
    person.flow = replace(person.flow, version="other.other")
    person.taps("Pothole")
    assert person.state["answers"] == {"category": "pothole"}
