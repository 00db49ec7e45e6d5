"""Stop means stop, and "no more" means no more, also for a letter that Telegram put off."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage import delivery, letter
from storage.call import SENDING, STOPPED, Call
from storage.database import Database
from storage.letter import Lane
from storage.person import Person
from storage.turn import Turn
from tests.conftest import NOON, in_turn

WORDS = {"kind": "message", "text": "Come"}


def owed_call(database: Database, *, state: str = SENDING, calls: bool = True) -> int:
    """A letter of a call, claimed and on its way to somebody."""

    def make(turn: Turn) -> int:
        call = Call(words="Come", audience={"kind": "all"}, state=state, created_at=NOON)
        turn.session.add(call)
        turn.session.add(
            Person(telegram_id=7, name="Ana", language="es", calls=calls, created_at=NOON)
        )
        turn.session.flush()
        return turn.owe(7, WORDS, lane=Lane.CALL, call_id=call.id)

    number = in_turn(database, NOON, make)
    with database.begin() as session:
        assert len(delivery.claim(session, [number], 1.0)) == 1
    return number


def put_off(session: Session, number: int) -> dict[str, object]:
    delivery.mark_again(session, [(number, 2.0, "too_many")], 2.0)
    found = letter.by_id(session, number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "calls", "becomes"),
    [
        (SENDING, True, letter.OWED),
        (STOPPED, True, letter.DROPPED),
        (SENDING, False, letter.DROPPED),
    ],
)
def test_a_letter_put_off_after_stop_does_not_leave(
    database: Database, state: str, calls: bool, becomes: int
) -> None:
    number = owed_call(database, state=state, calls=calls)
    with database.begin() as session:
        assert put_off(session, number)["state"] == becomes
    with database.begin() as session:
        assert bool(delivery.claim(session, [number], 3.0)) == (becomes == letter.OWED)


def test_other_letters_are_put_off_as_ever(database: Database) -> None:
    number = in_turn(database, NOON, lambda turn: turn.owe(7, WORDS))
    with database.begin() as session:
        delivery.claim(session, [number], 1.0)
        assert put_off(session, number)["state"] == letter.OWED
