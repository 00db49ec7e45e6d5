"""Photos of the options go before the question when it is asked, and not with every word of it."""

from __future__ import annotations

from collections.abc import Sequence

from flows.context import Context, Option
from flows.declare import flow, flow_of
from flows.questions import ask_text, ask_yes_no, choose
from flows.turn import Pictures
from handlers.packing import pack_pictures
from tests.flows.english import spell
from tests.flows.person import NOW, Person, locate

ONE = [Option("1", "Hole in Calle 5", photo="f1"), Option("-", "None")]
TWO = [Option("1", "A"), Option("2", "B", photo="f2"), Option("3", "C", photo="f3")]


@flow("gallery", title="Gallery", review="Send it?")
class Gallery:
    """Options with photos."""

    sure: bool = ask_yes_no("Sure?")
    which: str = choose("Which?", options="which")
    more: str = ask_text("More?")


def visitor(options: Sequence[Option]) -> Person:
    """Somebody who is shown these."""
    return Person(flow_of[Gallery], Context(NOW, {"which": options}, spell, locate))


def shown(person: Person) -> list[Pictures]:
    """The photos of the last turn."""
    return [message.pictures for message in person.turn.messages if message.pictures]


def test_one_photo_goes_by_itself_and_more_as_an_album_named_by_number() -> None:
    person = visitor(ONE)
    assert not shown(person)
    person.taps("Yes")
    assert shown(person) == [Pictures(("f1",), {"lines": [spelled(1, "Hole in Calle 5")]})]
    assert pack_pictures(shown(person)[0])["photo"] == "f1"

    person = visitor(TWO)
    person.taps("Yes")
    (pictures,) = shown(person)
    assert pictures.photos == ("f2", "f3") and spell(pictures.caption) == "2. B\n3. C"
    assert pack_pictures(pictures) == {
        "kind": "album",
        "photos": ["f2", "f3"],
        "text": pictures.caption,
    }
    # The number below a photo may be written.
    person.says("3")
    assert person.state["answers"]["which"] == "3"


def spelled(number: int, label: str) -> dict[str, object]:
    """A line of a caption."""
    return {"key": "{number}. {line}", "values": {"number": number, "line": label}}


def test_photos_come_again_only_when_the_question_is_asked_again() -> None:
    person = visitor(TWO)
    person.taps("Yes")
    person.says("what?")
    assert not shown(person)
    person.comes_back()
    assert shown(person)
    person.taps("C")
    person.taps("Back")
    assert shown(person) and not person.last.replaces
    person.taps("Back")
    assert not shown(person) and person.last.replaces


def test_without_photos_nothing_goes_before_the_question() -> None:
    person = visitor([Option("1", "A")])
    person.taps("Yes")
    assert not shown(person)
