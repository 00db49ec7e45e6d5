"""A digest brings every report that came since it was planned, and nothing from before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import select

import jobs
from actions import digests, reports
from actions.act import Act, actor_of, system_act
from actions.town import set_up
from actions.world import World
from bot import townfile
from storage.card import CARDS
from storage.due import Due
from storage.person import GESTOR, Person, Role
from storage.turn import Turn

WORLD = World()
GESTORA, VECINA = 503, 1000
Take = Callable[[Callable[[Turn], Any]], Any]


def somebody(turn: Turn, number: int) -> None:
    turn.session.add(
        Person(
            telegram_id=number,
            name="P",
            language="es",
            privacy_version=1,
            created_at=turn.now,
            digest="now",
        )
    )
    turn.session.flush()


def people(turn: Turn) -> None:
    set_up(turn, townfile.plan_of(townfile.read(townfile.DEMO)))
    somebody(turn, GESTORA)


def file(turn: Turn, first: int, number: int) -> None:
    """So many neighbours tell of a street light each: nobody of them too often."""
    for one in range(first, first + number):
        somebody(turn, VECINA + one)
        reports.file(
            Act(turn, actor_of(turn.session, VECINA + one, "P", "es"), WORLD),
            category="alumbrado",
            said="Un poste apagado",
            voice=None,
            latitude=None,
            longitude=None,
            address="Calle 5",
            photos=[],
        )


def becomes_gestora(turn: Turn) -> None:
    person = turn.session.exec(select(Person).where(Person.telegram_id == GESTORA)).one()
    person.digest = "hourly"
    turn.session.add(Role(person_id=person.id or 0, role=GESTOR, given_at=turn.now))
    turn.session.flush()


def cards(turn: Turn) -> list[str]:
    rows = turn.session.connection().execute(
        CARDS.select().where(CARDS.c.chat_id == GESTORA).order_by(CARDS.c.id)
    )
    return [row.subject for row in rows]


def test_more_than_one_piece_and_nothing_older(take_turn: Take, clock: Any) -> None:
    take_turn(people)
    take_turn(lambda turn: file(turn, 1, 30))
    take_turn(becomes_gestora)
    fresh = digests.PIECE + 7
    take_turn(lambda turn: file(turn, 31, fresh))
    assert take_turn(cards) == []
    clock.forward(hours=1)
    for _ in range(3):
        take_turn(lambda turn: jobs.scan(system_act(turn, WORLD), lambda row: False))
    assert take_turn(cards) == [f"report:{number}" for number in range(31, 31 + fresh)]
    (due,) = take_turn(
        lambda turn: turn.session.exec(select(Due).where(Due.kind == "digest")).all()
    )
    assert due.done_at is not None
