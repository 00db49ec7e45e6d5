"""What is left of a letter goes after its time, and nothing of it stays beside the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage import card as cards
from storage import retention
from storage.database import Database
from storage.letter import Lane
from storage.retention import Until
from storage.turn import Turn
from tests.conftest import NOON, in_turn
from tests.storage.test_letters import ROSA, TakeTurn, owe, rows, sent

YOUNG, OLD = 11.0, 12.0


def forget(take_turn: TakeTurn, until: Until, piece: int = 100) -> int:
    """Look at every letter, `piece` at a time; how many went."""
    forgotten: int = 0
    after = 0
    while True:
        start = after

        def work(turn: Turn, start: int = start) -> retention.Piece:
            return retention.forget_letters(turn.session, until, start, piece)

        found: retention.Piece = take_turn(work)
        forgotten += found.forgotten
        if found.last is None:
            return forgotten
        after = found.last


def test_forgetting_keeps_what_is_needed(take_turn: TakeTurn, database: Database) -> None:
    (plain,) = owe(take_turn, "plain")
    (of_call,) = owe(take_turn, "call", call_id=3, lane=Lane.CALL)
    (keyed,) = owe(take_turn, "keyed", dedupe="k")
    card = take_turn(lambda turn: turn.card(ROSA, "report:1", {"kind": "message", "text": "x"}))
    page = take_turn(lambda turn: turn.card(ROSA, "groups", {"kind": "message", "text": "x"}))
    for number in (plain, of_call, keyed, card, page):
        sent(take_turn, number, number)
    (still_owed,) = owe(take_turn, "owed")
    assert forget(take_turn, Until(YOUNG, YOUNG, YOUNG)) == 0
    assert forget(take_turn, Until(letters=OLD, keys=YOUNG, lists=YOUNG), piece=2) == 1
    assert [row.id for row in rows(database)] == [of_call, keyed, card, page, still_owed]
    # Who only looked at a list is not known by it for ever.
    assert forget(take_turn, Until(letters=OLD, keys=OLD, lists=OLD), piece=1) == 2
    assert [row.id for row in rows(database)] == [of_call, card, still_owed]
    with database.read() as session:
        assert cards.letter_of(session, ROSA, "groups") is None
        assert cards.letter_of(session, ROSA, "report:1") == card


def test_what_was_emptied_is_in_no_file(sqlite: Database) -> None:
    def turn(work: Callable[[Turn], Any]) -> Any:
        return in_turn(sqlite, NOON, work)

    secret = "nobody may read this afterwards"
    (number,) = owe(turn, secret)
    files = [Path(f"{sqlite.url.database}{end}") for end in ("", "-wal")]

    def holds() -> bool:
        return any(secret.encode() in file.read_bytes() for file in files if file.exists())

    assert holds()
    sent(turn, number, 1)
    sqlite.tidy()
    assert not holds()
