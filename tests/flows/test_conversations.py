"""Whole conversations, word for word: golden files are written anew with GOLDEN=write."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.registry import get
from tests.flows.person import Person

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


CONVERSATIONS: list[Callable[[], Person]] = [
    report_by_buttons,
    report_in_writing,
    report_gone_wrong,
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
