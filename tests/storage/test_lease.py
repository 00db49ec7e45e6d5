"""One process at a time: a lease is renewed, refused to others, free when it ran out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from storage import lease
from storage.database import Database
from storage.turn import Turn

TakeTurn = Callable[[Callable[[Turn], Any]], Any]


def take(take_turn: TakeTurn, holder: str, now: float, name: str = "bot") -> bool:
    got: bool = take_turn(lambda turn: lease.take(turn.session, name, holder, now, 15.0))
    return got


def test_it_is_one_holders_until_it_runs_out(take_turn: TakeTurn) -> None:
    assert take(take_turn, "a", 100.0)
    assert not take(take_turn, "b", 114.9)
    assert take(take_turn, "a", 110.0)
    assert not take(take_turn, "b", 124.9)
    assert take(take_turn, "b", 125.0)
    assert not take(take_turn, "a", 126.0)


def test_names_do_not_disturb_each_other(take_turn: TakeTurn) -> None:
    assert take(take_turn, "a", 100.0, "intake")
    assert take(take_turn, "b", 100.0, "courier")


def test_given_back_it_is_free_at_once(take_turn: TakeTurn) -> None:
    take(take_turn, "a", 100.0)
    take_turn(lambda turn: lease.give_back(turn.session, "bot", "b"))
    assert not take(take_turn, "b", 101.0)
    take_turn(lambda turn: lease.give_back(turn.session, "bot", "a"))
    take_turn(lambda turn: lease.give_back(turn.session, "bot", "a"))
    assert take(take_turn, "b", 101.0)


def test_of_many_at_once_one_gets_it(database: Database) -> None:
    def go(holder: str) -> bool:
        with database.begin() as session:
            return lease.take(session, "bot", holder, 100.0, 15.0)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(go, "abcdefgh")) == 1
