"""Whole conversations, word for word: golden files are written anew with GOLDEN=write."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.context import Option
from flows.registry import get
from tests.flows.person import Person, context
from tests.flows.sample import LISTS, PARAMS, SAMPLE
from tests.flows.town import around, spec, town_flow

GOLDEN = Path(__file__).parent / "golden"


def report_by_buttons() -> Person:
    """A report by buttons, a location and an album."""
    person = Person(get("report"))
    person.taps("Street light")
    person.says("El poste de la esquina está apagado <b>{x}</b>")
    person.shares(-12.5, -76.7)
    for name in "abcd":
        person.sends_photo(name, album="al")
    person.taps("Send the report")
    return person


def report_in_writing() -> Person:
    """The same without a single button."""
    person = Person(get("report"))
    person.says("streetlight")
    person.says("yes")
    person.says("A lamp is broken here")
    person.says("back")
    person.says("leave it")
    person.says("Calle 5 con 6")
    person.says("skip")
    person.says("change")
    person.says("3")
    person.says("-12.25, -76.25")
    person.says("send")
    return person


def report_gone_wrong() -> Person:
    """Everything that is no answer, and what was given is still there."""
    person = Person(get("report"))
    person.sends_other("sticker")
    person.says("zzz")
    person.goes("back")
    person.taps("Pothole")
    person.sends_other("contact")
    person.says("a" * 5000)
    person.says("\u200b\u200b")
    person.sends_photo("early")
    person.sends_voice(12)
    person.shares(0.0, 0.0)
    person.shares(-12.5, -76.2, live=True)
    person.sends_document("application/pdf")
    person.goes("cancel")
    person.taps("Go on")
    person.comes_back()
    person.taps("Done")
    person.says("what now?")
    person.says("yes")
    return person


def everything_by_buttons() -> Person:
    """Every kind of question, by its buttons."""
    person = Person(SAMPLE, context(LISTS, PARAMS))
    person.taps("Banana")
    person.taps("More")
    person.taps("Group 9")
    person.taps("Group 10")
    person.taps("Previous")
    person.taps("Group 1")
    person.taps("Group 2")
    person.taps("Done")
    person.taps("No")
    person.says("because of rain")
    person.taps("Back")
    person.taps("Back")
    person.taps("Yes")
    person.says("12")
    person.taps("Skip")
    person.says("- red\n- green")
    person.taps("›")
    person.taps("15")
    person.taps("18:00")
    person.taps("Another hour")
    person.taps("19:00")
    person.taps("19:45")
    person.taps("Tomorrow")
    person.taps("Another day")
    person.taps("Today")
    person.taps("12:00")
    person.taps("12:00")
    person.taps("Another hour")
    person.taps("20:00")
    person.taps("20:15")
    person.shares(10.0, 20.0, title="Library")
    person.sends_photo("a")
    person.taps("Remove photos")
    person.taps("Skip")
    person.sends_voice(400)
    person.sends_voice(30)
    person.sends_document(size=30_000_000)
    person.sends_document()
    person.taps("Send")
    return person


def everything_in_writing() -> Person:
    """Every kind of question, in words."""
    person = Person(SAMPLE, context(LISTS, PARAMS))
    person.says("cancel")
    person.says("group 1, 2, group 20, 4")
    person.says("group 1, 2, group 20")
    person.says("done")
    person.says("nope")
    person.says("x" * 21)
    person.says("no money")
    person.says("7")
    person.says("8")
    person.says("1.250,5")
    person.says("red\nRED")
    person.says("red")
    person.says("red\ngreen")
    person.says("3/5/2026")
    person.says("15 June")
    person.says("25h")
    person.says("6:30 pm")
    person.says("today 11:00")
    person.says("friday")
    person.says("7 p. m.")
    person.says("Main square")
    person.says("10.5, 20.25")
    person.sends_document("image/png")
    person.says("done")
    person.says("la la")
    person.sends_voice(30)
    person.sends_document()
    person.says("change something")
    person.says("sure")
    person.says("yes")
    person.says("yes")
    return person


def a_vote() -> Person:
    """A ballot that had been cast before, changed."""
    person = Person(get("vote"), context(LISTS, PARAMS), suggested={"choices": ["3", "4"]})
    person.taps("Option 5")
    person.taps("✅ Option 3")
    person.taps("Option 5")
    person.taps("Done")
    person.taps("Cast my ballot")
    return person


def a_meeting() -> Person:
    """A meeting for the leader's only group."""
    person = Person(get("meeting"), context(LISTS), prefilled={"group": "7"})
    person.says("What to do with the park")
    person.says("25/5 18:30")
    person.says("Salón comunal, Calle 5")
    person.taps("Call the meeting")
    return person


def composing_a_vote() -> Person:
    """A vote whose options become fewer than each may choose."""
    person = Person(get("compose_vote"), context(LISTS))
    person.says("Which park goes first?")
    person.says("North\nSouth\nEast")
    person.says("4")
    person.says("3")
    person.taps("Everybody")
    person.says("25/5 18:30")
    person.taps("Change something")
    person.taps("Options")
    person.says("North\nSouth")
    person.says("1")
    person.taps("Open the vote")
    return person


def a_call() -> Person:
    """A call without a photo: finished with its last answer."""
    person = Person(get("call"), context(LISTS))
    person.says("Come to the clean-up on Saturday!")
    person.taps("Skip")
    person.taps("Comuna 1")
    return person


def moving_a_meeting() -> Person:
    """Another hour, the same place."""
    person = Person(get("move_meeting"), context(params=PARAMS))
    person.says("6/5 19:00")
    person.says("Skip")
    person.taps("Move the meeting")
    return person


def a_town_asks_more() -> Person:
    """Questions of the town's own, one of which it edits after it was answered."""
    person = Person(town_flow(), around())
    person.taps("Pothole")
    person.says("small")
    person.says("school, clinic")
    person.taps("Done")
    person.says("1/5")
    person.flow = town_flow({"pothole": [spec("size", "choice", "narrow", "wide")]})
    person.says("In front of the market")
    person.taps("Wide")
    person.taps("Skip")
    person.taps("Send")
    return person


def known_already() -> Person:
    """A report that neighbours had told before: joining theirs ends it."""
    near = [
        Option("7", "R-0007, 80 m away", "🔍 Being looked into", photo="file-7"),
        Option("9", "R-0009, 120 m away", photo="file-9"),
        Option("new:7,9", "No, it is another problem"),
    ]
    person = Person(get("report"), context({"nearby": near}))
    person.taps("Pothole")
    person.says("A hole in the street")
    person.shares(0.0, 0.0)
    person.says("keep it")
    person.says("what?")
    person.says("1")
    return person


CONVERSATIONS: list[Callable[[], Person]] = [
    report_by_buttons,
    report_in_writing,
    report_gone_wrong,
    everything_by_buttons,
    everything_in_writing,
    a_vote,
    a_meeting,
    composing_a_vote,
    a_call,
    moving_a_meeting,
    a_town_asks_more,
    known_already,
]


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.__name__)
def test_a_whole_conversation(conversation: Callable[[], Person]) -> None:
    person = conversation()
    assert person.finished
    said = "\n".join(person.log) + "\n"
    file = GOLDEN / f"{conversation.__name__}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.write_text(said, encoding="utf-8")
    assert said == file.read_text(encoding="utf-8")
