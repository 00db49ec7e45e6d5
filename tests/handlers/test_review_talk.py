"""A conversation survives what happens beside it: another turn, a new text, a flow that is gone."""

from __future__ import annotations

from actions import drafts
from actions.act import Act, actor_of, system_act
from flows.given import Typed
from handlers.half_done import reminder
from handlers.talk import Talk
from storage.conversation import Conversation
from storage.database import Database
from storage.turn import Ledger, Turn
from tests.actions.stage import Stage
from tests.conftest import TownClock


def test_two_turns_of_one_batch_see_each_other(sqlite: Database, clock: TownClock) -> None:
    """One in a group's lane and one in the private chat's are not each other's order."""
    stage = Stage(sqlite, clock)
    ana = stage.person("Ana")
    stage.act(ana, lambda act: Talk(act, ana).begin("report"))
    with sqlite.begin() as session:
        ledger = Ledger(iter(range(100, 200)).__next__)

        def act() -> Act:
            turn = Turn(session, ledger, clock(), 1.0)
            return Act(turn, actor_of(session, ana, "Ana", "es"), stage.world)

        first = Talk(act(), ana)
        serial = first.active["talk"]["serial"] if first.active else ""
        first.discard(serial)
        assert Talk(act(), ana).active is None
        act().turn.flush()


def test_a_flow_that_is_there_no_more_is_let_go_of_quietly(
    sqlite: Database, clock: TownClock
) -> None:
    stage = Stage(sqlite, clock)
    ana = stage.person("Ana")
    gone = {"name": "gone", "about": {}, "talk": {"serial": "1"}, "letter": None}

    def left(turn: Turn) -> None:
        turn.session.add(
            Conversation(
                chat_id=ana, active=gone, parked=[gone], open=True, serial=1, touched=clock()
            )
        )

    stage.turn(left)
    clock.forward(hours=2)
    assert stage.turn(lambda turn: drafts.nudge(system_act(turn, stage.world), reminder)) == 1
    assert stage.letters(ana) == []
    assert not stage.act(ana, lambda act: Talk(act, ana).give(Typed("hello", 1)))
    stage.act(ana, lambda act: Talk(act, ana).begin("report"))
    stage.act(ana, lambda act: Talk(act, ana).go("cancel"))
    assert [body["kind"] for body in stage.letters(ana)] != []
