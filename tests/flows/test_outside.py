"""A place outside the territory: said, asked again, and kept where the person says so."""

from __future__ import annotations

from dataclasses import replace

from flows.declare import flow, flow_of
from flows.questions import ask_place, ask_text
from flows.values import Place
from tests.flows.person import Person, context


@flow("border", title="Border", review="Send it?")
class Border:
    """A place that may lie beyond."""

    what: str = ask_text("What?")
    place: Place = ask_place("Where?", outside=True)


BORDER = flow_of[Border]
BEYOND = (10.0, 20.0)


def at_place() -> Person:
    """Somebody asked for the place."""
    person = Person(BORDER)
    person.says("A hole")
    return person


def test_a_place_outside_is_said_to_be_and_asked_for_again() -> None:
    person = at_place()
    assert "Keep this place" not in person.keyboard
    person.shares(*BEYOND)
    assert "outside our territory" in person.text and "Where?" in person.text
    assert "Keep this place" in person.keyboard
    person.shares(-12.5, -76.7)
    person.taps("Send")
    assert person.finished.record.place == Place(-12.5, -76.7)


def test_a_place_outside_is_kept_where_the_person_says_so() -> None:
    person = at_place()
    person.shares(*BEYOND, title="The bridge")
    person.says("Keep this place")
    assert "The bridge (outside our territory)" in person.text
    person.taps("Send")
    assert person.finished.record.place == Place(*BEYOND, label="The bridge", outside=True)


def test_it_is_kept_in_other_words_and_copied_coordinates_too() -> None:
    person = at_place()
    person.says("10.0, 20.0")
    person.says("keep it")
    person.taps("Send")
    assert person.finished.record.place == Place(*BEYOND, outside=True)


def test_the_last_place_sent_is_the_one_that_is_kept() -> None:
    person = at_place()
    person.shares(*BEYOND)
    person.shares(11.0, 21.0)
    person.says("keep it")
    assert person.state["answers"]["place"] == {
        "latitude": 11.0,
        "longitude": 21.0,
        "outside": True,
    }


def test_words_are_an_address_where_nothing_waits_to_be_kept() -> None:
    person = at_place()
    person.says("keep this place")
    assert person.state["answers"]["place"] == {"words": "keep this place"}


def test_a_place_outside_sent_before_its_turn_waits_for_its_question() -> None:
    person = Person(BORDER)
    person.shares(*BEYOND)
    assert "outside our territory" in person.text and person.state["at"] == "what"
    person.says("A hole")
    assert "Keep this place" in person.keyboard
    person.says("keep it")
    person.taps("Send")
    assert person.finished.record.place.outside


def test_an_answer_kept_outside_may_stay_when_it_is_looked_at_again() -> None:
    person = at_place()
    person.shares(*BEYOND)
    person.says("keep it")
    person.taps("Change something")
    person.taps("Where?")
    assert "outside our territory" in person.text
    person.says("leave it")
    person.taps("Send")
    assert person.finished.record.place.outside


def test_without_outlines_every_place_is_a_place() -> None:
    person = Person(BORDER, replace(context(), locate=None))
    person.says("A hole")
    person.shares(*BEYOND)
    person.taps("Send")
    assert person.finished.record.place == Place(*BEYOND)
