"""Who is told, and in which language."""

from __future__ import annotations

from storage import parcel
from storage.database import Database
from storage.turn import Turn
from tests.conftest import NOON, in_turn


def test_a_group_hears_the_towns_language_whoever_speaks_there(sqlite: Database) -> None:
    told: list[str | None] = []

    def work(turn: Turn) -> None:
        turn.language = "en"
        turn.owe(7, parcel.message("x"))
        turn.owe(-7, parcel.message("x"))
        told.extend(row["language"] for row in turn._ledger.pending)

    in_turn(sqlite, NOON, work)
    assert told == ["en", None]
