"""What every conversation does without its flow saying so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows import given
from flows.context import Context, Option
from flows.declare import Flow, flow, flow_of
from flows.engine import advance, begin, begun, is_for, loads, resume, shows_keys
from flows.phrase import Phrase
from flows.questions import ask_number, ask_text, choose
from flows.registry import FLOWS, get
from flows.turn import LONGEST_TOKEN, Cancelled, Finished
from tests.flows.english import spell
from tests.flows.person import CATEGORIES, NOW, Person, context
from tests.flows.sample import LISTS, PARAMS, SAMPLE


def reporter() -> Person:
    """Somebody at the place of a report."""
    person = Person(get("report"))
    person.taps("Pothole")
    person.says("A hole in the street")
    return person


def at_review() -> Person:
    """Somebody at the review of a report without photos."""
    person = reporter()
    person.says("Calle 5")
    person.taps("Skip")
    return person


def test_a_double_tap_is_quiet_and_another_choice_is_answered_kindly() -> None:
    person = Person(get("report"))
    first = person.last
    person.taps("Pothole")
    before = person.stored
    for _ in range(30):
        person.taps("Pothole", first)
        assert not person.turn.messages and person.turn.toast is None
    person.taps("Rubbish", first)
    assert person.toast and "behind us" in person.toast and not person.turn.messages
    assert person.stored == before


def test_back_moves_once_however_often_it_is_tapped() -> None:
    person = at_review()
    review = person.last
    person.taps("Back", review)
    assert person.state["at"] == "photos"
    person.taps("Back", review)
    assert person.state["at"] == "photos" and person.toast is None
    photos = person.last
    person.taps("Back")
    assert person.state["at"] == "place"
    person.taps("Cancel", photos)
    assert person.toast and "from before" in person.toast


def test_ticking_thirty_times_ticks_once() -> None:
    person = Person(get("vote"), context(LISTS, PARAMS))
    first = person.last
    for _ in range(30):
        person.taps("Option 3", first)
    assert person.state["parts"]["choices"]["ticked"] == ["3"]


def test_buttons_of_other_conversations_and_forged_ones_only_get_a_word() -> None:
    person = reporter()
    before = person.stored
    for token in ("s2.category.=light", "", "x", "s1.place.", "s1.!9.drop", "s1.category.=zz"):
        person.presses(token)
        assert person.toast and not person.turn.messages
    assert person.stored == before
    assert is_for(person.state, "s1.place.x") and not is_for(person.state, "s2.place.x")
    assert not is_for(None, "s1.place.x")


def test_cancel_asks_before_it_throws_anything_away() -> None:
    person = Person(get("report"))
    person.taps("Cancel")
    assert isinstance(person.turn.outcome, Cancelled)

    person = reporter()
    person.says("✖️ Cancel")
    assert "Discard" in person.text and person.turn.outcome is None
    person.says("no")
    assert person.state["at"] == "place" and person.keyboard
    person.goes("cancel")
    person.says("Calle 5")
    assert person.state["at"] == "photos" and "leaving" not in person.state
    person.goes("cancel")
    person.taps("Discard")
    assert isinstance(person.turn.outcome, Cancelled)


def test_a_discarded_place_takes_its_keyboard_along() -> None:
    person = reporter()
    person.goes("cancel")
    person.goes("cancel")
    assert isinstance(person.turn.outcome, Cancelled)
    assert person.last.clears_keys


def test_an_album_is_one_answer_and_what_is_too_much_is_said_once() -> None:
    person = reporter()
    person.says("Calle 5")
    many = len(person.messages)
    for number in range(10):
        person.sends_photo(str(number), album="al")
    assert len(person.messages) == many + 1
    told = [line for line in person.log if "no room for more" in line]
    assert len(told) == 1
    assert person.state["at"] == "!review"
    person.taps("Send")
    assert len(person.finished.record.photos) == 3


def test_a_late_photo_of_an_album_is_added_where_there_is_room() -> None:
    person = reporter()
    person.says("Calle 5")
    person.sends_photo("1", album="al")
    person.taps("Done")
    person.sends_photo("2", album="al")
    assert person.last.replaces and "2 photos" in person.text
    person.sends_photo("2", album="al")
    assert not person.turn.messages
    person.taps("Send")
    assert [photo.file_id for photo in person.finished.record.photos] == ["file-1", "file-2"]


def test_a_photo_or_place_before_its_turn_is_kept() -> None:
    person = Person(get("report"))
    person.sends_photo("early")
    person.shares(-12.5, -76.7)
    assert person.state["at"] == "category"
    person.taps("Pothole")
    person.says("A hole in the street")
    assert person.state["at"] == "photos" and "1 of 3" in person.text
    person.says("done")
    person.taps("Send")
    assert person.finished.record.place.latitude == -12.5


def test_an_edited_message_edits_its_answer() -> None:
    person = Person(get("report"))
    person.taps("Pothole")
    number = person.says("A hole in the street")
    person.edits(number, "short")
    assert "previous answer stays" in person.text and person.keyboard
    person.edits(number, "A hole in the avenue")
    assert "Changed: A hole in the avenue" in person.text
    person.edits(number, "A hole in the avenue")
    assert not person.turn.messages
    person.says("Calle 5")
    person.taps("Skip")
    person.edits(number, "A hole in the square")
    assert person.last.replaces and "square" in person.text
    person.taps("Send")
    assert person.finished.record.details == "A hole in the square"


def test_a_refused_message_may_be_edited_until_it_is_an_answer() -> None:
    person = Person(get("report"))
    person.taps("Pothole")
    number = person.says("short")
    person.edits(number, "long enough now")
    assert person.state["at"] == "place"
    assert person.state["answers"]["details"] == "long enough now"


def photos(person: Person) -> list[str]:
    """The photos kept so far, half given or answered."""
    state = person.state
    part = state.get("parts", {}).get("photos", {}).get("photos")
    return [photo["file_id"] for photo in part or state["answers"]["photos"]]


def test_a_photo_replaced_in_its_message_is_replaced_here() -> None:
    person = at_review()
    person.taps("Change something")
    person.taps("Photos")
    first, second = 501, 502
    person.does(given.Photo("file-a", "u-a", first), "(photo a)")
    person.does(given.Photo("file-b", "u-b", second), "(photo b)")
    person.replaces_photo(first, "c")
    assert photos(person) == ["file-c", "file-b"] and "Changed: 📷 2 photos" in person.text
    # The caption alone was changed: the photo is the same.
    person.replaces_photo(first, "c")
    assert not person.turn.messages
    person.taps("Done")
    person.replaces_photo(second, "d")
    assert photos(person) == ["file-c", "file-d"] and person.last.replaces
    # What is no photo any more leaves the one that was.
    video = given.Edited(given.Other("video", second))
    person.does(video, "(edit) (video)")
    assert "I cannot use a video here. Your previous answer stays." in person.text
    # One that was never kept is nobody's answer.
    person.replaces_photo(999, "e")
    assert not person.turn.messages
    person.taps("Send")
    kept = person.finished.record.photos
    assert [photo.file_id for photo in kept] == ["file-c", "file-d"]


def test_a_live_location_is_its_first_point() -> None:
    person = reporter()
    number = person.shares(-12.5, -76.7, live=True)
    before = person.stored
    person.does(given.Edited(given.Located(-12.9, -76.1, number, True)), "(moves)")
    assert not person.turn.messages and person.stored == before


def test_the_rest_of_a_story_telegram_cut_is_no_answer() -> None:
    person = Person(get("report"))
    person.taps("Pothole")
    person.does(given.Typed("a" * 4096, 50), "a...")
    person.does(given.Typed("a" * 904, 51), "a...")
    assert not person.turn.messages and person.state["at"] == "details"
    person.says("A short story")
    assert person.state["at"] == "place"


def test_one_answer_is_changed_from_the_review() -> None:
    person = at_review()
    person.taps("Change something")
    person.taps("About")
    assert "Now: Pothole" in person.text
    person.taps("Leave it as it is")
    assert person.state["at"] == "!review"
    person.says("change")
    person.says("about")
    person.says("bas")
    person.says("rubbish")
    person.taps("Send")
    assert person.finished.answers["category"] == "rubbish"


def test_skipping_takes_an_optional_answer_away_again() -> None:
    person = reporter()
    person.says("Calle 5")
    person.sends_photo("a")
    person.taps("Done")
    person.taps("Change something")
    person.taps("Photos")
    person.taps("Remove photos")
    person.taps("Remove this answer")
    person.taps("Send")
    assert person.finished.record.photos == ()


def test_an_option_that_went_away_is_asked_again_before_it_is_sent() -> None:
    person = at_review()
    person.context = replace(
        person.context, lists={**person.context.lists, "categories": CATEGORIES[:1]}
    )
    person.taps("Send")
    assert "no longer possible" in person.text and person.state["at"] == "category"
    person.taps("Street light")
    person.taps("Send")
    assert person.finished.answers["category"] == "light"


def test_a_meeting_resumed_after_its_day_asks_for_another_day() -> None:
    person = Person(get("meeting"), context(LISTS), prefilled={"group": "7"})
    person.says("The park")
    person.says("tomorrow 18:30")
    person.says("Calle 5")
    person.context = replace(person.context, now=NOW + timedelta(days=3))
    person.comes_back()
    assert person.state["at"] == "when" and "no longer possible" in person.text


def test_it_goes_on_after_hours_with_old_and_new_buttons() -> None:
    person = Person(get("report"))
    first = person.last
    person.comes_back()
    assert "1 of 4" in person.text
    person.taps("Pothole", first)
    assert person.state["at"] == "details"
    person.goes("resume")
    assert "2 of 4" in person.text


def test_what_is_offered_before_discarding_is_good_until_one_goes_on() -> None:
    person = reporter()
    person.goes("cancel")
    offer = person.last
    person.taps("Go on", offer)
    assert person.state["at"] == "place" and person.keyboard
    person.taps("Discard", offer)
    assert person.toast and person.turn.outcome is None
    person.goes("cancel")
    person.taps("Discard")
    assert isinstance(person.turn.outcome, Cancelled)


def test_begun_tells_what_somebody_would_miss() -> None:
    person = Person(get("report"))
    assert not begun(person.flow, person.state, person.context)
    person.taps("Pothole")
    assert begun(person.flow, person.state, person.context)
    meeting = Person(get("meeting"), context(LISTS), prefilled={"group": "7"})
    assert not begun(meeting.flow, meeting.state, meeting.context)


def edited_flow(name: str = "report", **changes: Any) -> Flow:
    """The report as a newer version declares it."""

    @flow(name, title="Report", review="Send?")
    class Newer:
        category: str = choose("About?", options="categories")
        urgency: int = ask_number("How urgent?", least=1, most=5)
        details: str = ask_text("Tell us.", longest=15)

    return flow_of[Newer]


def test_an_edited_flow_keeps_what_fits_and_asks_the_rest() -> None:
    person = at_review()
    newer = edited_flow()
    assert loads(person.flow, person.state) and not loads(newer, person.state)
    person.flow = newer
    person.presses("s1.!5.send")
    assert "changed while you were away" in person.text
    assert person.state["at"] == "urgency"
    assert person.state["answers"] == {"category": "pothole"}
    person.says("3")
    person.says("A hole")
    person.taps("Send")
    assert person.finished.answers == {"category": "pothole", "urgency": 3, "details": "A hole"}


def test_what_was_half_given_to_an_older_version_is_not_trusted() -> None:
    person = Person(SAMPLE, context(LISTS, PARAMS))
    person.taps("Apple")
    state = {**person.state, "version": "older", "parts": {"many": {"ticked": 3}}}
    turn = advance(SAMPLE, state, given.Typed("group 1", 1), person.context)
    assert turn.state and turn.state["parts"]["many"]["ticked"] == ["1"]


def test_a_question_still_there_goes_on_in_an_edited_flow() -> None:
    person = Person(get("report"))
    person.flow = edited_flow()
    person.taps("Pothole")
    assert person.state["at"] == "urgency" and "changed" not in person.text


def test_the_state_of_another_flow_begins_again() -> None:
    turn = resume(get("join"), {"flow": "report", "serial": "k9"}, context(LISTS))
    assert turn.state and turn.state["serial"] == "k9" and turn.state["answers"] == {}


def test_an_empty_list_says_so_and_leaves_a_way_out() -> None:
    person = Person(get("join"), context({"groups": []}))
    assert "nothing to choose" in person.text
    person.says("anything")
    assert person.turn.messages
    person.taps("Cancel")
    assert isinstance(person.turn.outcome, Cancelled)


def test_options_are_named_by_value_so_a_changed_list_cannot_swap_them() -> None:
    person = Person(get("report"))
    person.context = replace(
        person.context, lists={**person.context.lists, "categories": CATEGORIES[::-1]}
    )
    person.taps("Pothole")
    assert person.state["answers"]["category"] == "pothole"


def test_the_check_of_a_question_sees_the_other_answers() -> None:
    person = Person(SAMPLE, context(LISTS, PARAMS), prefilled={"one": "a", "many": []})
    assert "1 of 11" in person.text
    person.says("yes")
    person.says("7")
    assert "No sevens" in person.text


def test_a_bad_declaration_stops_the_start() -> None:
    class NoQuestion:
        name: str = "x"

    class Empty:
        pass

    with pytest.raises(ValueError, match="no question"):
        flow("wrong", title="Wrong")(NoQuestion)
    with pytest.raises(ValueError, match="questions"):
        flow("wrong", title="Wrong")(Empty)
    with pytest.raises(ValueError, match="serial"):
        begin(get("report"), context(), "much too long")


def test_every_flow_says_what_lists_it_needs_and_ends_with_its_record() -> None:
    assert get("report").lists == {"categories", "barrios", "nearby"}
    assert FLOWS["meeting"].record_class.__name__ == "Meeting"
    assert all(name == one.name for name, one in FLOWS.items())


def test_the_keyboard_of_a_parked_conversation_is_taken_away() -> None:
    parked = reporter()
    assert shows_keys(parked.state)
    turn = begin(get("join"), context(LISTS), "s2", keyboard=True)
    assert [message.clears_keys for message in turn.messages] == [True, False]
    assert turn.state and not shows_keys(turn.state)
    turn = resume(get("join"), turn.state, context(LISTS), keyboard=True)
    assert [message.clears_keys for message in turn.messages] == [True, False]


def test_where_nothing_changes_the_state_is_the_same_object() -> None:
    person = reporter()
    state = person.state
    turn = advance(person.flow, state, given.Tap("s9.x.y"), person.context)
    assert turn.state is state and turn.toast
    copy = person.state
    advance(person.flow, state, given.Typed("Calle 5", 1), person.context)
    assert state == copy


@pytest.mark.parametrize("value", ["Ñ" * 200, "x" * 30, "a.b"])
def test_tokens_stay_short_for_any_value(value: str) -> None:
    around = context({"categories": [Option(value, "Long one")]})
    person = Person(get("report"), around)
    assert len(person.token("Long one")) <= LONGEST_TOKEN
    person.taps("Long one")
    assert person.state["answers"]["category"] == value


def test_a_complaint_from_outside_is_a_phrase_like_any_other() -> None:
    def never(value: Any, answers: Any, around: Context) -> Phrase | None:
        return {"key": "Not “{value}”.", "values": {"value": value}}

    @flow("picky", title="Picky")
    class Picky:
        word: str = ask_text("Word?", check=never)

    turn = begin(flow_of[Picky], context(), "s1")
    turn = advance(flow_of[Picky], turn.state, given.Typed("<b>", 1), context())
    assert "Not “<b>”." in spell(turn.messages[0].text)
    assert not isinstance(turn.outcome, Finished)
