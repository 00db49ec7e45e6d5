"""Words under a photo, a file or a voice note answer the text, and are never passed over."""

from __future__ import annotations

from flows import given as acts
from flows.declare import Flow, flow_of
from flows.engine import resume
from flows.registry import FLOWS
from flows.values import Recording
from tests.flows.person import Person, context
from tests.flows.sample import LISTS, PARAMS

STORY = "A deep hole in front of the school"


class Teller(Person):
    """Somebody who writes under what they send."""

    def photo(self, caption: str | None, name: str = "p", album: str | None = None) -> int:
        """Send a photo with words; its number."""
        number = next(self.numbers)
        photo = acts.Photo(f"file-{name}", f"u-{name}", number, album, caption)
        self.does(photo, f"(photo {name}: {caption})")
        return number

    def voice(self, caption: str, seconds: int = 12) -> int:
        """Send a voice note with words; its number."""
        number = next(self.numbers)
        self.does(acts.Voice("voice", "uv", seconds, number, caption), f"(voice: {caption})")
        return number

    def edits_caption(self, number: int, caption: str, name: str = "p") -> None:
        """Edit the words under a photo."""
        photo = acts.Photo(f"file-{name}", f"u-{name}", number, None, caption)
        self.does(acts.Edited(photo), f"(edit of the photo: {caption})")


def begun(flow: Flow, **more: object) -> Teller:
    """Somebody at the first question."""
    return Teller(flow, context(LISTS, PARAMS), **more)


def at_the_story() -> Teller:
    """Somebody asked what is happening."""
    person = begun(FLOWS["report"])
    person.taps("Pothole")
    return person


def given_so_far(person: Person) -> tuple[object, object]:
    """The story, and the photos so far."""
    state = person.state
    photos = state.get("parts", {}).get("photos", {}).get("photos", state["answers"].get("photos"))
    return state["answers"].get("details"), photos and len(photos)


def test_a_photo_told_of_underneath_is_both() -> None:
    person = at_the_story()
    person.photo(STORY)
    assert given_so_far(person) == (STORY, 1)
    assert STORY in person.text and "1 photo" in person.text and "Where is it?" in person.text


def test_words_that_are_too_few_are_asked_for_again_and_the_photo_stays() -> None:
    person = at_the_story()
    number = person.photo("a hole")
    assert given_so_far(person) == (None, 1)
    assert "a bit short" in person.text and "what is happening" in person.text
    assert "So far: “a hole”" in person.text
    person.says("as deep as a well")
    assert given_so_far(person) == ("a hole\nas deep as a well", 1)
    person.goes("back")
    person.photo("b", "q")
    assert given_so_far(person) == ("a hole\nas deep as a well", 2)
    person.edits_caption(number, "never mind")
    assert given_so_far(person) == ("a hole\nas deep as a well", 2)


def test_an_edit_of_the_words_underneath_is_an_edit_of_the_answer() -> None:
    person = at_the_story()
    number = person.photo("a hole")
    person.edits_caption(number, STORY)
    assert given_so_far(person) == (STORY, 1) and "Where is it?" in person.text
    person.edits_caption(number, STORY + "!")
    assert given_so_far(person) == (STORY + "!", 1) and "Changed" in person.text
    person.edits_caption(number, "no")
    assert given_so_far(person) == (STORY + "!", 1) and "Your previous answer stays" in person.text


def test_words_that_come_early_are_kept_for_their_question() -> None:
    person = begun(FLOWS["report"])
    person.photo(STORY)
    assert given_so_far(person) == (STORY, 1) and "What is it about?" in person.text
    assert STORY in person.text and "1 photo" in person.text
    person.taps("Pothole")
    assert "Where is it?" in person.text


def test_words_that_come_early_and_are_too_few_are_told_of_at_their_question() -> None:
    person = begun(FLOWS["report"])
    number = person.photo("a hole")
    person.taps("Pothole")
    assert "a bit short" in person.text and "So far: “a hole”" in person.text
    person.edits_caption(number, STORY)
    assert given_so_far(person) == (STORY, 1)


def test_words_that_come_late_are_added() -> None:
    person = at_the_story()
    person.says(STORY)
    person.photo("It is deeper now")
    assert given_so_far(person) == (STORY + "\nIt is deeper now", 1)
    # The same words once more are there already.
    person.photo("it is deeper now".capitalize(), "q")
    assert given_so_far(person) == (STORY + "\nIt is deeper now", 2)
    person.photo("x" * 990, "r")
    assert given_so_far(person)[0] == STORY + "\nIt is deeper now"
    assert "too long" in person.text
    person.shares(-12.5, -76.7)
    assert "Shall I send it?" in person.text


def test_words_under_a_voice_note_go_with_it() -> None:
    person = at_the_story()
    person.voice("Listen to the water")
    assert "Listen to the water" in person.text
    person.photo("And it smells")
    person.shares(-12.5, -76.7)
    person.taps("Done")
    person.taps("Send")
    details = person.finished.record.details
    assert details == Recording("voice", "uv", 12, "Listen to the water\nAnd it smells")


def test_words_of_an_album_answer_once() -> None:
    person = at_the_story()
    person.photo(STORY, "a", "al")
    person.photo(None, "b", "al")
    person.photo("And this is the school", "c", "al")
    assert given_so_far(person) == (STORY + "\nAnd this is the school", 3)


def test_what_cannot_be_taken_is_said_and_the_words_count() -> None:
    person = begun(FLOWS["answer"])
    person.photo("We will come on Monday")
    assert "cannot use a photo here" in person.text and "We will come on Monday" in person.text
    person = begun(FLOWS["note"])
    person.photo("The owner is away")
    assert person.finished.record.text == "The owner is away"
    assert "cannot use a photo here" in person.text


def test_words_nobody_asks_for_are_told_to_be_lost() -> None:
    person = begun(flow_of[FLOWS["evidence"].record_class])
    person.photo("Still there")
    assert "could not keep the words" in person.text and "1 of 3" in person.text


def test_what_comes_first_is_followed_by_the_words_of_it() -> None:
    """In a flow that asks for photos before it asks for words."""
    person = begun(FLOWS["after"])
    person.photo("The new lamp")
    person.taps("Done")
    assert "Shall I send it" in person.text and "The new lamp" in person.text


def test_what_was_sent_before_is_given_to_the_conversation() -> None:
    photo = acts.Photo("f", "u", 7, None, STORY)
    person = begun(FLOWS["report"], prefilled={"category": "pothole"}, sent=photo)
    assert given_so_far(person) == (STORY, 1) and "Where is it?" in person.text
    person.goes("cancel")
    assert "Discard what you have given" in person.text


def test_the_rest_of_an_album_joins_what_was_begun_with_its_first_photo() -> None:
    first = acts.Photo("f", "u", 7, "al")
    person = begun(FLOWS["report"], sent=first)
    person.photo(STORY, "b", "al")
    assert given_so_far(person) == (STORY, 2)
    # It was only offered so far: it says what it is, and asks for what is missing.
    person.hears(resume(person.flow, person.state, person.context, prefilled={"category": "light"}))
    assert "Report a problem" in person.text and "Where is it?" in person.text
    person.photo(None, "c", "al")
    assert given_so_far(person) == (STORY, 3)


def test_what_was_sent_before_and_is_no_answer_is_told_of_at_its_question() -> None:
    long = acts.Typed("x" * 1620, 7)
    person = begun(FLOWS["report"], sent=long)
    assert "too long" not in person.text
    person.taps("Pothole")
    assert "1620 characters" in person.text.replace(",", "") and "limit is 1" in person.text
    person.edits(7, STORY)
    assert given_so_far(person)[0] == STORY and "Where is it?" in person.text

    person = begun(FLOWS["report"], prefilled={"category": "pothole"}, sent=acts.Typed("a hole", 7))
    assert "a bit short" in person.text
    person.says("in front of the school")
    assert given_so_far(person)[0] == "a hole\nin front of the school"

    voice = acts.Voice("v", "u", 400, 7)
    person = begun(FLOWS["report"], prefilled={"category": "pothole"}, sent=voice)
    assert "lasts 400 seconds, and the limit is 300" in person.text
    person.says(STORY)
    assert given_so_far(person)[0] == STORY and "400" not in person.text

    heavy = acts.Document("d", "u", "a.jpg", 30_000_000, "image/jpeg", 7, None, STORY)
    person = begun(FLOWS["report"], prefilled={"category": "pothole"}, sent=heavy)
    assert given_so_far(person)[0] == STORY and "weighs 30 MB" in person.text
