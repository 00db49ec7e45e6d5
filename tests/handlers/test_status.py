"""What could not be attended to is seen by the admins, and by nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from actions.act import Act, actor_of
from actions.world import World
from handlers import give_up
from handlers.start import COMMANDS
from storage import inbox
from storage.letter import TABLE as LETTERS
from storage.turn import Turn

ADMIN, CITIZEN = 900, 501
WORLD = World(admins=frozenset({ADMIN}))


class Held:
    update_id, lane = 7, CITIZEN


def arrive(turn: Turn) -> None:
    arrival = inbox.Arrival(7, CITIZEN, "message", None, {"text": "palabras de alguien"})
    inbox.keep(turn.session, [arrival], time.time())


def set_aside(turn: Turn) -> None:
    inbox.set_aside(turn.session, 7, "ValueError")
    give_up(WORLD)(Held(), turn)


def said(turn: Turn) -> dict[int, Any]:
    rows = turn.session.connection().execute(LETTERS.select()).all()
    return {row.chat_id: row.body for row in rows}


def test_who_sent_it_and_the_admins_are_told(
    take_turn: Callable[[Callable[[Turn], Any]], Any],
) -> None:
    take_turn(arrive)
    take_turn(set_aside)
    told = take_turn(said)
    assert set(told) == {ADMIN, CITIZEN}
    assert told[ADMIN]["text"]["values"] == {"kind": "message", "error": "ValueError"}
    assert "palabras" not in str(told)


def test_its_words_go_after_a_while_and_the_row_stays(
    take_turn: Callable[[Callable[[Turn], Any]], Any],
) -> None:
    take_turn(arrive)
    take_turn(set_aside)
    take_turn(lambda turn: inbox.prune(turn.session, time.time() + 1))
    rows = take_turn(lambda turn: turn.session.connection().execute(inbox.TABLE.select()).all())
    assert [(row.update_id, row.state, row.payload) for row in rows] == [(7, inbox.ASIDE, None)]


def test_the_command_is_for_admins() -> None:
    assert COMMANDS["estado"] == "status"


def test_a_citizen_is_no_admin(take_turn: Callable[[Callable[[Turn], Any]], Any]) -> None:
    def roles(turn: Turn) -> list[Any]:
        return Act(turn, actor_of(turn.session, CITIZEN, "Rosa", "es"), WORLD).roles()

    assert take_turn(roles) == []
