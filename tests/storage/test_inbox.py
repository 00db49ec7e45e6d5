"""Nothing accepted is lost, nothing is kept twice, and what is done is emptied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import select

from storage import inbox
from storage.database import Database
from storage.inbox import Arrival, Inbox
from storage.turn import Turn

TakeTurn = Callable[[Callable[[Turn], Any]], Any]


def arrival(number: int, *, lane: int = 7, tap: str | None = None) -> Arrival:
    return Arrival(number, lane, "tap" if tap else "message", tap, {"update_id": number})


def kept(take_turn: TakeTurn, *arrivals: Arrival, received: float = 100.0) -> list[int]:
    """Keep updates; the numbers of those that were new, in order."""
    fresh = take_turn(lambda turn: inbox.keep(turn.session, arrivals, received))
    return [one.update_id for one in fresh]


def test_an_update_is_kept_once(take_turn: TakeTurn) -> None:
    assert kept(take_turn, arrival(2), arrival(1), arrival(2)) == [1, 2]
    assert kept(take_turn, arrival(1), arrival(3)) == [3]
    take_turn(lambda turn: turn.done(1))
    assert kept(take_turn, arrival(1)) == []
    assert kept(take_turn) == []


def test_a_tap_sent_again_under_a_new_number_is_known(take_turn: TakeTurn) -> None:
    assert kept(take_turn, arrival(1, tap="q1"), arrival(2, tap="q1")) == [1]
    take_turn(lambda turn: turn.done(1))
    assert kept(take_turn, arrival(3, tap="q1"), arrival(4, tap="q2")) == [4]


def test_leftovers_come_back_whole_and_in_telegrams_order(
    take_turn: TakeTurn, database: Database
) -> None:
    kept(take_turn, arrival(9, lane=1), arrival(5, lane=-100200300400, tap="q"))
    kept(take_turn, arrival(7))
    take_turn(lambda turn: turn.done(7))
    with database.read() as session:
        left = inbox.leftovers(session)
        assert [(one.update_id, one.lane, one.attempts, one.payload) for one in left] == [
            (5, -100200300400, 0, {"update_id": 5}),
            (9, 1, 0, {"update_id": 9}),
        ]
        assert inbox.still_waiting(session, [5, 7, 9, 11]) == {5, 9}


def test_what_is_done_is_emptied_but_remembered(take_turn: TakeTurn, database: Database) -> None:
    kept(take_turn, arrival(1))
    take_turn(lambda turn: turn.done(1))
    with database.read() as session:
        row = session.exec(select(Inbox)).one()
        assert (row.update_id, row.payload, row.state) == (1, None, inbox.DONE)


def test_attempts_are_counted_and_the_poisonous_set_aside(
    take_turn: TakeTurn, database: Database
) -> None:
    kept(take_turn, arrival(1), arrival(2))
    for _ in range(3):
        take_turn(lambda turn: inbox.count_attempt(turn.session, [1]))
    take_turn(lambda turn: inbox.count_attempt(turn.session, []))
    with database.read() as session:
        assert [one.attempts for one in inbox.leftovers(session)] == [3, 0]
    take_turn(lambda turn: inbox.set_aside(turn.session, 1, "ZeroDivisionError" * 100))
    with database.read() as session:
        assert [one.update_id for one in inbox.leftovers(session)] == [2]
        (aside,) = inbox.set_aside_rows(session)
        assert aside[:2] == (1, "message")
        assert aside[2] is not None and len(aside[2]) == 200


def test_a_vote_waits_for_what_came_before_it_closed(
    take_turn: TakeTurn, database: Database
) -> None:
    kept(take_turn, arrival(1), received=100.0)
    with database.read() as session:
        assert inbox.waiting_before(session, 100.0)
        assert not inbox.waiting_before(session, 99.9)
    take_turn(lambda turn: turn.done(1))
    with database.read() as session:
        assert not inbox.waiting_before(session, 1e12)


def test_pruning_forgets_only_what_is_done(take_turn: TakeTurn, database: Database) -> None:
    kept(take_turn, arrival(1), arrival(2), arrival(3), received=100.0)
    kept(take_turn, arrival(4), received=300.0)

    def work(turn: Turn) -> None:
        turn.done(1)
        turn.done(4)

    take_turn(work)
    take_turn(lambda turn: inbox.set_aside(turn.session, 2, "X"))
    assert take_turn(lambda turn: inbox.prune(turn.session, 200.0)) == 1
    with database.read() as session:
        assert sorted(session.exec(select(Inbox.update_id))) == [2, 3, 4]


def test_a_big_batch_with_big_numbers(take_turn: TakeTurn, database: Database) -> None:
    first = 2**40
    batch = [arrival(first + n, lane=-(10**15) - n, tap=f"{n}") for n in range(1000)]
    assert len(kept(take_turn, *batch)) == 1000
    assert kept(take_turn, *batch) == []
    with database.read() as session:
        assert len(inbox.leftovers(session)) == 1000
