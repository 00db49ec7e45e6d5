"""An invitation gives its role once, in time, and never again after the role was taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from actions import invite
from actions.act import Act, Refused, actor_of
from actions.town import set_up
from actions.townplan import TownPlan
from actions.world import World
from bot.townfile import DEMO, plan_of, read
from storage.database import Database
from storage.group import WorkingGroup
from storage.person import GESTOR, LEADER, Invite, Person, Role
from storage.town import the_town
from storage.turn import Turn
from tests.conftest import TownClock

TakeTurn = Callable[[Callable[[Turn], Any]], Any]
Acts = Callable[[int, Callable[[Act], Any]], Any]
ADMIN_ID, ROSA, LUIS = 900, 901, 902


@pytest.fixture(scope="module")
def plan() -> TownPlan:
    return plan_of(read(DEMO))


@pytest.fixture
def acts(database: Database, clock: TownClock, take_turn: TakeTurn, plan: TownPlan) -> Acts:
    """Act as somebody by Telegram number: everybody here agreed to the privacy text."""
    take_turn(lambda turn: set_up(turn, plan))

    def people(turn: Turn) -> None:
        town = the_town(turn.session)
        assert town
        for number in (ADMIN_ID, ROSA, LUIS):
            turn.session.add(
                Person(
                    telegram_id=number,
                    name=str(number),
                    language="es",
                    privacy_version=town.privacy_version,
                    agreed_at=turn.now,
                    created_at=turn.now,
                )
            )

    take_turn(people)
    world = World(admins=frozenset({ADMIN_ID}), secret=None)

    def act(number: int, work: Callable[[Act], Any]) -> Any:
        return take_turn(
            lambda turn: work(Act(turn, actor_of(turn.session, number, "X", "es"), world))
        )

    return act


def key(told: pytest.ExceptionInfo[Refused]) -> str:
    reason = told.value.reason
    assert isinstance(reason, dict)
    return str(reason["key"])


def secret_of(payload: str) -> str:
    assert len(payload) <= 64
    return payload.removeprefix(f"{invite.DOOR}-")


def test_an_admin_invites_a_gestor_who_invites_a_leader(acts: Acts, database: Database) -> None:
    secret = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    acts(ROSA, lambda act: invite.accept_invite(act, secret))
    with database.read() as session:
        group = session.exec(select(WorkingGroup.id)).first()
    assert group is not None
    secret = secret_of(acts(ROSA, lambda act: invite.invite_leader(act, group)))
    acts(LUIS, lambda act: invite.accept_invite(act, secret))
    with database.read() as session:
        held = session.exec(
            select(Person.telegram_id, Role.role, Role.group_id).where(Role.person_id == Person.id)
        ).all()
        assert set(held) == {(ROSA, GESTOR, None), (LUIS, LEADER, group)}
    for attempt in (invite.invite_gestor, lambda act: invite.invite_leader(act, group)):
        with pytest.raises(Refused):
            acts(LUIS, attempt)


def test_it_works_once(acts: Acts) -> None:
    secret = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    role = acts(ROSA, lambda act: invite.accept_invite(act, secret))
    # The same link again, from the one who has the role, is a double tap.
    assert acts(ROSA, lambda act: invite.accept_invite(act, secret).id) == role.id
    with pytest.raises(Refused) as told:
        acts(LUIS, lambda act: invite.accept_invite(act, secret))
    assert key(told) == invite.USED


def test_a_role_taken_away_stays_away(acts: Acts) -> None:
    secret = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    acts(ROSA, lambda act: invite.accept_invite(act, secret))
    acts(ADMIN_ID, lambda act: act.session.delete(act.session.exec(select(Role)).one()))
    with pytest.raises(Refused) as told:
        acts(ROSA, lambda act: invite.accept_invite(act, secret))
    assert key(told) == invite.USED


def test_it_expires_after_seven_days(acts: Acts, clock: TownClock) -> None:
    first = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    second = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    clock.forward(days=7, seconds=-1)
    acts(ROSA, lambda act: invite.accept_invite(act, first))
    clock.forward(seconds=1)
    with pytest.raises(Refused) as told:
        acts(LUIS, lambda act: invite.accept_invite(act, second))
    assert key(told) == invite.EXPIRED


def test_a_group_that_ended_takes_no_leader(acts: Acts) -> None:
    def end(act: Act) -> None:
        act.session.exec(select(WorkingGroup)).first().ended_at = act.now  # type: ignore[union-attr]

    group = acts(ADMIN_ID, lambda act: act.session.exec(select(WorkingGroup.id)).first())
    secret = secret_of(acts(ADMIN_ID, lambda act: invite.invite_leader(act, group)))
    acts(ADMIN_ID, end)
    for attempt in (
        lambda act: invite.accept_invite(act, secret),
        lambda act: invite.invite_leader(act, group),
        lambda act: invite.invite_leader(act, 10**6),
    ):
        with pytest.raises(Refused) as told:
            acts(ADMIN_ID, attempt)
        assert key(told) == invite.GROUP_ENDED


@pytest.mark.parametrize("forged", ["", "x", "0" * 32, "' OR 1=1 --", "é" * 40])
def test_a_forged_one_is_unknown(acts: Acts, forged: str) -> None:
    acts(ADMIN_ID, invite.invite_gestor)
    with pytest.raises(Refused) as told:
        acts(ROSA, lambda act: invite.accept_invite(act, forged))
    assert key(told) == invite.UNKNOWN


def test_only_a_hash_is_kept(acts: Acts, database: Database) -> None:
    secret = secret_of(acts(ADMIN_ID, invite.invite_gestor))
    with database.read() as session:
        row = session.exec(select(Invite)).one()
        assert secret not in repr(row.model_dump()) and len(row.hash) == 64


@pytest.mark.parametrize(("role", "group"), [("admin", None), (GESTOR, 1), (LEADER, None)])
def test_nothing_else_can_be_invited(acts: Acts, role: str, group: int | None) -> None:
    with pytest.raises(invite.NoInvite):
        acts(ADMIN_ID, lambda act: invite.make_invite(act.session, role, group, None, act.now))
