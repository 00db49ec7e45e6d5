"""What becomes of a letter is always written down, and a card is one message kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlmodel import select

from storage import call, delivery, letter, parcel
from storage import card as cards
from storage.card import Card
from storage.database import Database
from storage.letter import Lane, Letter
from storage.person import Person
from storage.turn import Turn

TakeTurn = Callable[[Callable[[Turn], Any]], Any]
ROSA, LUIS = 7, 8


def say(words: str) -> dict[str, Any]:
    return parcel.message(words)


def owe(take_turn: TakeTurn, *words: str, chat: int = ROSA, **options: Any) -> list[int]:
    """Owe messages in one turn; their numbers."""

    def work(turn: Turn) -> list[int]:
        return [turn.owe(chat, say(one), **options) for one in words]

    found: list[int] = take_turn(work)
    return found


def claim(take_turn: TakeTurn, ids: Sequence[int], at: float = 10.0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = take_turn(lambda turn: delivery.claim(turn.session, ids, at))
    return found


def sent(take_turn: TakeTurn, number: int, message: int | None, chat: int = ROSA) -> None:
    claim(take_turn, [number])
    take_turn(lambda turn: delivery.mark_sent(turn.session, [(number, message, chat)], 11.0))


def rows(database: Database) -> list[Letter]:
    with database.read() as session:
        return list(session.exec(select(Letter).order_by(Letter.id)))  # type: ignore[arg-type]


def states(database: Database) -> list[str]:
    return [letter.STATE_NAMES[row.state] for row in rows(database)]


def test_a_letter_is_claimed_once(take_turn: TakeTurn, database: Database) -> None:
    first, second = owe(take_turn, "a", "b")
    claimed = claim(take_turn, [second, first, 99])
    assert [(c["id"], c["body"]["text"], c["attempts"]) for c in claimed] == [
        (first, "a", 1),
        (second, "b", 1),
    ]
    assert states(database) == ["sending", "sending"]
    assert claim(take_turn, [first, second], at=20.0) == []
    # The same claim again is one whose commit was in doubt: it finds its own mark.
    assert [c["id"] for c in claim(take_turn, [first, second], at=10.0)] == [first, second]


def test_the_recipients_language_wins(take_turn: TakeTurn) -> None:
    def work(turn: Turn) -> list[int]:
        turn.session.add(
            Person(telegram_id=ROSA, name="Rosa", language="pt_BR", created_at=turn.now)
        )
        turn.session.flush()
        turn.language = "en"
        numbers = [turn.owe(ROSA, say("x")), turn.owe(LUIS, say("x"))]
        turn.language = None
        return [*numbers, turn.owe(-5, say("x"))]

    numbers = take_turn(work)
    assert [c["language"] for c in claim(take_turn, numbers)] == ["pt_BR", "en", None]


def test_sent_is_emptied(take_turn: TakeTurn, database: Database) -> None:
    (number,) = owe(take_turn, "private words")
    sent(take_turn, number, 55)
    (row,) = rows(database)
    assert (row.state, row.message_id, row.settled, row.body) == (letter.SENT, 55, 11.0, None)


@pytest.mark.parametrize("state", [letter.FAILED, letter.UNCERTAIN, letter.DROPPED])
def test_settled_is_emptied_and_says_why(
    take_turn: TakeTurn, database: Database, state: int
) -> None:
    (number,) = owe(take_turn, "private words")
    claim(take_turn, [number])
    take_turn(lambda turn: delivery.mark_settled(turn.session, [(number, state, "blocked")], 12.0))
    (row,) = rows(database)
    assert (row.state, row.verdict, row.settled, row.body) == (state, "blocked", 12.0, None)
    assert claim(take_turn, [number], at=99.0) == []


def test_again_counts_attempts(take_turn: TakeTurn, database: Database) -> None:
    (number,) = owe(take_turn, "a")
    claim(take_turn, [number])
    take_turn(
        lambda turn: delivery.mark_again(turn.session, [(number, 30.0, "no connection")], 20.0)
    )
    (row,) = rows(database)
    assert (row.state, row.not_before, row.verdict) == (letter.OWED, 30.0, "no connection")
    assert claim(take_turn, [number], at=31.0)[0]["attempts"] == 2


def test_a_restart_finds_what_is_open_by_lane(take_turn: TakeTurn, database: Database) -> None:
    replies = owe(take_turn, "a", "b", "c", "d")
    (call,) = owe(take_turn, "e", lane=Lane.CALL)
    sent(take_turn, replies[0], 1)
    claim(take_turn, [replies[1]])
    with database.read() as session:
        found = delivery.open_rows(session, Lane.REPLY, 0, 2)
        assert [(row["id"], row["state"]) for row in found] == [
            (replies[1], letter.SENDING),
            (replies[2], letter.OWED),
        ]
        rest = delivery.open_rows(session, Lane.REPLY, found[-1]["id"], 10)
        assert [row["id"] for row in rest] == [replies[3]]
        assert [row["id"] for row in delivery.open_rows(session, Lane.CALL, 0, 10)] == [call]
        assert letter.last_id(session) == call


def test_a_key_is_owed_once(take_turn: TakeTurn, database: Database) -> None:
    def twice(turn: Turn) -> list[int | None]:
        return [turn.owe_once(ROSA, say("soon"), dedupe="meeting:1:24h:7") for _ in range(2)]

    assert take_turn(twice) == [1, None]
    assert take_turn(twice) == [None, None]
    sent(take_turn, 1, 5)
    assert take_turn(twice) == [None, None]
    (row,) = rows(database)
    assert row.lane == Lane.REMINDER


def test_stop_means_stop(take_turn: TakeTurn, database: Database) -> None:
    numbers = owe(take_turn, "a", "b", "c", "d", lane=Lane.CALL, call_id=3)
    owe(take_turn, "another", lane=Lane.CALL, call_id=4)
    sent(take_turn, numbers[0], 1)
    claim(take_turn, [numbers[1]])
    assert take_turn(lambda turn: call.drop_letters(turn.session, 3, 50.0)) == 2
    assert states(database) == ["sent", "sending", "dropped", "dropped", "owed"]
    assert claim(take_turn, numbers, at=60.0) == []
    with database.read() as session:
        assert call.outcomes(session, 3) == {"sent": 1, "sending": 1, "dropped": 2}
    assert [row.body for row in rows(database)][2:4] == [None, None]


def test_an_unsent_card_is_replaced_and_a_sent_one_edited(
    take_turn: TakeTurn, database: Database
) -> None:
    def card(words: str) -> int:
        number: int = take_turn(lambda turn: turn.card(ROSA, "report:1", say(words)))
        return number

    first = card("one")
    assert card("two") == first
    (claimed,) = claim(take_turn, [first])
    assert claimed["body"]["text"] == "two"
    # While it is being sent nobody knows its message yet: the newest version is an edit.
    assert card("three") == first
    take_turn(lambda turn: delivery.mark_sent(turn.session, [(first, 55, ROSA)], 11.0))
    assert card("four") == first
    (edit,) = claim(take_turn, [first + 1, first + 2])
    assert edit["body"] == {"kind": "edit", "text": "four"}
    assert (edit["edits"], edit["edits_message_id"]) == (first, 55)
    assert card("five") == first
    assert states(database) == ["sent", "sending", "owed"]
    with database.read() as session:
        assert cards.chats_of(session, "report:1") == [ROSA]
        assert cards.letter_of(session, ROSA, "report:1") == first
        assert cards.letter_of(session, LUIS, "report:1") is None


def test_a_card_that_never_arrived_is_sent_anew(take_turn: TakeTurn, database: Database) -> None:
    first = take_turn(lambda turn: turn.card(ROSA, "report:1", say("one")))
    claim(take_turn, [first])
    take_turn(
        lambda turn: delivery.mark_settled(turn.session, [(first, letter.FAILED, "blocked")], 1.0)
    )
    second = take_turn(lambda turn: turn.card(ROSA, "report:1", say("two")))
    assert second != first
    (claimed,) = claim(take_turn, [second])
    assert claimed["body"]["kind"] == "message" and claimed["edits"] is None
    # From then on the new message carries the card.
    sent(take_turn, second, 77)
    assert take_turn(lambda turn: turn.card(ROSA, "report:1", say("three"))) == second
    (edit,) = claim(take_turn, [second + 1])
    assert edit["edits_message_id"] == 77


def test_a_card_brought_down_the_chat(take_turn: TakeTurn, database: Database) -> None:
    first = take_turn(lambda turn: turn.card(ROSA, "tray", say("one")))
    sent(take_turn, first, 55)
    second = take_turn(lambda turn: turn.card(ROSA, "tray", say("two"), anew=True))
    assert second != first
    sent(take_turn, second, 56)
    take_turn(lambda turn: turn.card(ROSA, "tray", say("three")))
    (edit,) = claim(take_turn, [second + 1])
    assert edit["edits_message_id"] == 56
    with database.read() as session:
        assert session.exec(select(Card.version)).one() == 2


def test_what_is_about_something_stands_once_in_a_chat(
    take_turn: TakeTurn, database: Database
) -> None:
    first = take_turn(lambda turn: turn.card(ROSA, "report:1", say("somebody's words")))
    second = take_turn(lambda turn: turn.card(ROSA, "report:1", say("the same"), anew=True))
    # What has not left yet does not have to.
    assert states(database) == ["dropped", "owed"]
    sent(take_turn, second, 55)
    third = take_turn(lambda turn: turn.card(ROSA, "report:1", say("again"), anew=True))
    claimed = claim(take_turn, [third, third + 1])
    assert [c["body"]["kind"] for c in claimed] == ["message", "edit"]
    assert claimed[1]["edits_message_id"] == 55
    assert claimed[1]["body"]["or_nothing"] is True
    assert "words" not in str(claimed[1]["body"])
    with database.read() as session:
        assert cards.letter_of(session, ROSA, "report:1") == third
        assert first < second < third


def test_the_same_card_in_two_chats(take_turn: TakeTurn, database: Database) -> None:
    def card_in(chat: int) -> int:
        number: int = take_turn(lambda turn: turn.card(chat, "report:1", say("x")))
        return number

    numbers = [card_in(chat) for chat in (ROSA, LUIS)]
    assert len(set(numbers)) == 2
    with database.read() as session:
        assert sorted(cards.chats_of(session, "report:1")) == [ROSA, LUIS]


def test_a_card_twice_in_one_turn_is_one_letter(take_turn: TakeTurn, database: Database) -> None:
    def work(turn: Turn) -> None:
        turn.card(ROSA, "report:1", say("one"))
        turn.card(ROSA, "report:1", say("two"))

    take_turn(work)
    (row,) = rows(database)
    assert row.body is not None and row.body["text"] == "two"


def test_a_group_that_moved_takes_its_letters_with_it(
    take_turn: TakeTurn, database: Database
) -> None:
    old, new = -10, -1001
    first = take_turn(lambda turn: turn.card(old, "meeting:1", say("one")))
    sent(take_turn, first, 5, old)
    owe(take_turn, "later", chat=old)
    take_turn(lambda turn: turn.owe(old, say("under it") | {"reply_to": 5}))
    take_turn(lambda turn: letter.move_chat(turn.session, old, new))
    assert [row.chat_id for row in rows(database)] == [new, new, new]
    # Messages are numbered anew there: 5 is somebody else's.
    assert rows(database)[0].message_id is None
    assert rows(database)[2].body == say("under it")
    with database.read() as session:
        assert cards.letter_of(session, new, "meeting:1") == first


def test_a_group_that_moved_is_not_moved_again_by_whoever_hears_late(
    take_turn: TakeTurn, database: Database
) -> None:
    old, new = -10, -1001
    first = take_turn(lambda turn: turn.card(old, "meeting:1", say("one")))
    sent(take_turn, first, 5, old)
    take_turn(lambda turn: letter.move_chat(turn.session, old, new))
    take_turn(lambda turn: turn.card(new, "meeting:1", say("two")))
    take_turn(lambda turn: delivery.stand_in(turn.session, [(first, 9, new)]))
    take_turn(lambda turn: letter.move_chat(turn.session, old, new))
    assert rows(database)[0].message_id == 9


def test_what_arrived_before_the_group_moved_has_no_number_there(
    take_turn: TakeTurn, database: Database
) -> None:
    old, new = -10, -1001
    first = take_turn(lambda turn: turn.card(old, "meeting:1", say("one")))
    claim(take_turn, [first])
    take_turn(lambda turn: letter.move_chat(turn.session, old, new))
    take_turn(lambda turn: delivery.mark_sent(turn.session, [(first, 7, old)], 11.0))
    take_turn(lambda turn: delivery.stand_in(turn.session, [(first, 8, old)]))
    (row,) = rows(database)
    assert (row.state, row.chat_id, row.message_id) == (letter.SENT, new, None)


@pytest.mark.parametrize("data", ["", "x" * 65, "ñ" * 33])
def test_a_buttons_data_fits_telegrams_limit(data: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        parcel.button("label", data)


def test_an_album_has_two_to_ten_photos() -> None:
    for number in (1, 11):
        with pytest.raises(ValueError, match="2 to 10"):
            parcel.album(["id"] * number)
    assert parcel.album(["a", "b"])["photos"] == ["a", "b"]
