"""A group that becomes a supergroup is followed, whoever hears of it first and however often."""

from __future__ import annotations

from storage import card as cards
from storage import group, letter, parcel
from storage.database import Database
from storage.group import WorkingGroup
from storage.turn import Turn
from tests.conftest import NOON, in_turn

OLD, NEW = -7, -1007


def working_group(name: str, telegram_id: int) -> WorkingGroup:
    return WorkingGroup(name=name, theme="x", purpose="x", telegram_id=telegram_id, created_at=NOON)


def test_a_card_in_both_chats_is_the_new_ones(database: Database) -> None:
    def shown(turn: Turn) -> None:
        for chat in (NEW, OLD):
            turn.card(chat, "meeting:1", parcel.message(str(chat)))
        turn.card(OLD, "meeting:2", parcel.message("x"))
        letter.move_chat(turn.session, OLD, NEW)
        letter.move_chat(turn.session, OLD, NEW)

    in_turn(database, NOON, shown)
    with database.read() as session:
        assert cards.letter_of(session, NEW, "meeting:1") == 1
        assert cards.letter_of(session, NEW, "meeting:2") == 3
        assert cards.letter_of(session, OLD, "meeting:1") is None


def test_a_chat_that_is_anothers_by_now_stays_theirs(database: Database) -> None:
    def linked(turn: Turn) -> None:
        turn.session.add(working_group("first", OLD))
        turn.session.add(working_group("second", NEW))
        turn.session.flush()
        group.move_telegram(turn.session, OLD, NEW)

    in_turn(database, NOON, linked)
    with database.read() as session:
        found = group.by_telegram(session, NEW)
        assert found is not None and found.name == "second"
        assert group.by_telegram(session, OLD) is None
