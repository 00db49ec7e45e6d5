"""What has a moment is one row: planned once, found in order, done in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import select

from storage import due
from storage.database import Database
from storage.due import Due
from storage.retention import Piece
from storage.turn import Turn
from tests.conftest import TownClock

TakeTurn = Callable[[Callable[[Turn], Any]], Any]


def plan(take_turn: TakeTurn, key: str, hours: float, *, subject: int = 1) -> None:
    take_turn(
        lambda turn: due.plan(
            turn.session, key, "meeting", subject, turn.now + timedelta(hours=hours), v=1
        )
    )


def keys(database: Database, clock: TownClock, most: int = 500) -> list[str]:
    with database.read() as session:
        return [row.key for row in due.pending(session, clock.now, most)]


def test_what_is_due_comes_earliest_first(
    take_turn: TakeTurn, database: Database, clock: TownClock
) -> None:
    plan(take_turn, "b", 2)
    plan(take_turn, "a", 1)
    plan(take_turn, "c", 2)
    with database.read() as session:
        assert due.next_moment(session) == clock.now + timedelta(hours=1)
    assert keys(database, clock) == []
    clock.forward(hours=2)
    assert keys(database, clock) == ["a", "b", "c"]
    assert keys(database, clock, most=2) == ["a", "b"]


def test_a_known_key_changes_nothing(
    take_turn: TakeTurn, database: Database, clock: TownClock
) -> None:
    plan(take_turn, "a", 1)
    plan(take_turn, "a", 5)
    with database.read() as session:
        row = session.exec(select(Due)).one()
        assert row.at == clock.now + timedelta(hours=1) and row.facts == {"v": 1}

    def finish(turn: Turn) -> None:
        turn.session.exec(select(Due)).one().done_at = turn.now

    take_turn(finish)
    plan(take_turn, "a", 1)
    clock.forward(days=1)
    assert keys(database, clock) == []


def test_the_cancelled_is_not_done(
    take_turn: TakeTurn, database: Database, clock: TownClock
) -> None:
    plan(take_turn, "a", 1, subject=1)
    plan(take_turn, "b", 1, subject=2)
    take_turn(lambda turn: due.cancel(turn.session, "meeting", 1, turn.now))
    take_turn(lambda turn: due.cancel(turn.session, "vote", 2, turn.now))
    clock.forward(hours=1)
    assert keys(database, clock) == ["b"]
    with database.read() as session:
        outcomes = session.exec(select(Due.key, Due.outcome)).all()
        assert set(outcomes) == {("a", "cancelled"), ("b", None)}


def test_pruning_forgets_only_what_is_done(
    take_turn: TakeTurn, database: Database, clock: TownClock
) -> None:
    plan(take_turn, "a", 1, subject=1)
    plan(take_turn, "b", 1, subject=2)
    take_turn(lambda turn: due.cancel(turn.session, "meeting", 1, turn.now))
    clock.forward(days=30)
    assert take_turn(lambda turn: due.prune(turn.session, turn.now, 0, 10)).forgotten == 1
    assert keys(database, clock) == ["b"]


def test_pruning_goes_through_the_table_in_pieces(
    take_turn: TakeTurn, database: Database, clock: TownClock
) -> None:
    def cancel(number: int) -> None:
        take_turn(lambda turn: due.cancel(turn.session, "meeting", number, turn.now))

    def prune(after: int) -> Piece:
        found: Piece = take_turn(lambda turn: due.prune(turn.session, turn.now, after, 2))
        return found

    for number in range(5):
        plan(take_turn, f"a{number}", 1, subject=number)
        if number != 1:
            cancel(number)
    clock.forward(days=30)
    plan(take_turn, "fresh", 1, subject=9)
    cancel(9)
    pieces = [prune(0)]
    while pieces[-1].last is not None:
        pieces.append(prune(pieces[-1].last))
    assert [piece.forgotten for piece in pieces] == [1, 2, 1, 0]
    with database.read() as session:
        assert set(session.exec(select(Due.key))) == {"a1", "fresh"}


def test_nothing_planned_has_no_moment(database: Database) -> None:
    with database.read() as session:
        assert due.next_moment(session) is None
