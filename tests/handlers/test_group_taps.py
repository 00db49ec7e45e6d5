"""Whoever taps in a group is somebody: they are told where it goes on, or why it cannot."""

from __future__ import annotations

import pytest

from actions.act import Act, Refused
from flows.phrase import say
from handlers import desk as desks
from storage import parcel
from storage.database import Database
from storage.turn import Turn
from tests.actions.stage import Stage
from tests.conftest import TownClock
from tests.handlers.test_review_desk import run

GROUP = -1001


@pytest.fixture
def stage(sqlite: Database, clock: TownClock) -> Stage:
    """The demo's town."""
    return Stage(sqlite, clock)


def toast(turn: Turn) -> str:
    """The key of what was shown over the chat."""
    assert turn.toast is not None and isinstance(turn.toast.text, dict)
    return str(turn.toast.text["key"])


def writes(act: Act) -> None:
    """What a tap opens, in the private chat of whoever tapped."""
    act.turn.owe(act.actor.telegram_id, parcel.message("hello"))


def test_who_taps_as_the_group_is_asked_to_be_themselves(stage: Stage) -> None:
    done: list[int] = []
    turn = run(stage, 0, lambda act: done.append(1), chat=GROUP)
    assert toast(turn) == desks.AS_YOURSELF and done == []


@pytest.mark.parametrize(
    ("reachable", "told"), [(True, desks.IN_PRIVATE), (False, desks.CANNOT_REACH)]
)
def test_what_goes_on_in_private_is_said_so(stage: Stage, reachable: bool, told: str) -> None:
    ana = stage.person("Ana", reachable=reachable)
    assert toast(run(stage, ana, writes, chat=GROUP)) == told


def test_who_never_wrote_to_us_is_told_how_to_begin(stage: Stage) -> None:
    def refuse(act: Act) -> None:
        raise Refused(say("x"), needs_consent=True)

    turn = run(stage, 4711, refuse, chat=GROUP)
    assert toast(turn) == desks.WRITE_FIRST
    assert stage.letters(4711) == []


def test_an_answer_of_its_own_is_left_alone_and_private_taps_need_none(stage: Stage) -> None:
    ana = stage.person("Ana")

    def answers(act: Act) -> None:
        writes(act)
        act.turn.answer(say("done"))

    assert toast(run(stage, ana, answers, chat=GROUP)) == "done"
    assert run(stage, ana, writes).toast is None
    assert run(stage, ana, lambda act: None, chat=GROUP).toast is None
