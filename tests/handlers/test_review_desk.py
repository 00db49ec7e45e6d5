"""Who writes to us can be written to again, and no answer to a tap is cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.act import Act
from handlers.desk import Desk
from storage.database import Database
from storage.person import Person, by_telegram, mark_unreachable
from storage.turn import Turn
from tests.actions.stage import Stage
from tests.conftest import TownClock


def desk(stage: Stage, who: int, chat: int) -> Desk:
    nothing: Any = None
    return Desk(
        writer=nothing,
        world=stage.world,
        voice=nothing,
        spawn=nothing,
        update_id=1,
        chat_id=chat,
        user_id=who,
        name="Ana",
        language_code="es",
        query_id="1",
    )


def run(stage: Stage, who: int, work: Callable[[Act], None], *, chat: int | None = None) -> Turn:
    """A turn of somebody, in their private chat or another."""

    def one(turn: Turn) -> Turn:
        desk(stage, who, chat or who)._run(turn, work, "")
        return turn

    return stage.turn(one)


def the(stage: Stage, who: int) -> Person:
    found = stage.read(lambda session: by_telegram(session, who))
    assert found is not None
    return found


@pytest.mark.parametrize("group", [None, -5])
def test_who_writes_can_be_written_to_again(
    database: Database, clock: TownClock, group: int | None
) -> None:
    stage = Stage(database, clock)
    ana = stage.person("Ana")
    stage.turn(lambda turn: mark_unreachable(turn.session, [ana]))
    run(stage, ana, lambda act: None, chat=group)
    # What they do in a group says nothing about their private chat.
    assert the(stage, ana).reachable is (group is None)


def test_who_blocks_us_a_second_time_is_known_to(sqlite: Database, clock: TownClock) -> None:
    stage = Stage(sqlite, clock)
    ana = stage.person("Ana", reachable=False)

    def blocked(act: Act) -> None:
        assert act.actor.person is not None
        act.actor.person.reachable = False

    run(stage, ana, blocked)
    assert the(stage, ana).reachable is False


@pytest.mark.parametrize(("length", "toasted"), [(50, True), (300, False)])
def test_an_answer_too_long_for_a_toast_is_a_message(
    sqlite: Database, clock: TownClock, length: int, toasted: bool
) -> None:
    stage = Stage(sqlite, clock)
    ana = stage.person("Ana")
    turn = run(stage, ana, lambda act: act.turn.answer("x" * length))
    assert (turn.toast is not None) is toasted
    assert len(stage.letters(ana)) == (0 if toasted else 1)
