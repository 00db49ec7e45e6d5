"""The demo's town without Telegram: people act one turn at a time, and the heartbeat is a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

import jobs
from actions import groups, meetings
from actions.act import Act, actor_of, system_act
from actions.town import set_up
from actions.townplan import TownPlan
from actions.world import World
from bot.townfile import DEMO, plan_of, read
from storage import due
from storage.audit import Audit
from storage.database import Database
from storage.due import Due
from storage.group import Meeting, WorkingGroup
from storage.letter import OWED, SENT, TABLE, Lane
from storage.person import LEADER, Person, Role
from storage.town import the_town
from storage.turn import Turn
from tests.actions.plans import watch
from tests.conftest import TownClock, in_turn

T = TypeVar("T")
ADMIN_ID = 900


@cache
def the_plan() -> TownPlan:
    """The demo's town file, read once."""
    return plan_of(read(DEMO))


class Stage:
    """Everybody made here agreed to the privacy text; `world` has one administrator."""

    def __init__(self, database: Database, clock: TownClock, timezone: str | None = None) -> None:
        self.database, self.clock = database, clock
        watch(database)
        self.world = World(
            admins=frozenset({ADMIN_ID}), username="villaceiba_bot", timezone=timezone
        )
        self.turn(lambda turn: set_up(turn, the_plan()))
        self._numbers = iter(range(ADMIN_ID, 10**6))
        self.admin = self.person("Admin")

    def turn(self, work: Callable[[Turn], T]) -> T:
        """Work in a turn of its own."""
        return in_turn(self.database, self.clock(), work)

    def act(self, who: int, work: Callable[[Act], T]) -> T:
        """Act as somebody, by Telegram number. Raises what the action raises; nothing is kept."""

        def as_them(turn: Turn) -> T:
            return work(Act(turn, actor_of(turn.session, who, "Somebody", "es"), self.world))

        return self.turn(as_them)

    def person(self, name: str, **values: Any) -> int:
        """Somebody new; their Telegram number."""
        number = next(self._numbers)

        def make(turn: Turn) -> None:
            town = the_town(turn.session)
            assert town
            told: dict[str, Any] = {
                "telegram_id": number,
                "name": name,
                "language": "es",
                "privacy_version": town.privacy_version,
                "agreed_at": turn.now,
                "created_at": turn.now,
            }
            turn.session.add(Person(**{**told, **values}))

        self.turn(make)
        return number

    def group(self, key: str = "rio-limpio") -> int:
        """The number of one of the town's groups."""
        found = self.read(
            lambda session: session.exec(
                select(WorkingGroup.id).where(WorkingGroup.key == key)
            ).one()
        )
        assert found is not None
        return found

    def id_of(self, telegram_id: int) -> int:
        """The number by which the database knows somebody."""
        found = self.read(
            lambda session: session.exec(
                select(Person.id).where(Person.telegram_id == telegram_id)
            ).one()
        )
        assert found is not None
        return found

    def member(self, name: str, group: int, **values: Any) -> int:
        """Somebody new who is in a group."""
        number = self.person(name, **values)
        self.act(number, lambda act: groups.join(act, group))
        return number

    def leader(self, name: str, group: int) -> int:
        """Somebody new who leads a group, and is in it."""
        number = self.member(name, group)
        role = Role(
            person_id=self.id_of(number), role=LEADER, group_id=group, given_at=self.clock()
        )
        self.turn(lambda turn: turn.session.add(role))
        return number

    def meeting(self, who: int, group: int, starts_local: str, **values: Any) -> int:
        """A meeting called at wall time; its number."""
        told: dict[str, Any] = {"title": "Limpieza", "place": "La ceiba", **values}
        made = self.act(
            who, lambda act: meetings.call(act, group, starts_local=starts_local, **told).id
        )
        assert made is not None
        return made

    def beat(self) -> None:
        """Do what is due at this moment."""
        for _ in range(1000):
            if not self.turn(lambda turn: jobs.scan(system_act(turn, self.world))):
                return
        raise AssertionError("what is due does not end")

    def walk(self, until: datetime) -> None:
        """Let town time walk on, stopping at each moment something is due."""
        self.beat()
        while True:
            soonest = self.read(lambda session: due.next_moment(session))
            if soonest is None or soonest > until:
                break
            self.clock.now = max(self.clock.now, soonest)
            self.beat()
        self.clock.now = until
        self.beat()

    def read(self, work: Callable[[Session], T]) -> T:
        """Look into the database."""
        with self.database.read() as session:
            return work(session)

    def letters(self, chat_id: int, lane: Lane | None = None) -> list[dict[str, Any]]:
        """The bodies of what is owed to a chat, oldest first."""
        query = select(TABLE.c.body).where(TABLE.c.chat_id == chat_id).order_by(TABLE.c.id)
        if lane is not None:
            query = query.where(TABLE.c.lane == lane)
        return self.read(lambda session: list(session.connection().scalars(query)))

    def all_leaves(self) -> None:
        """What is owed has left; what it said stays here, to be read."""
        sent = TABLE.update().where(TABLE.c.state == OWED).values(state=SENT)
        self.turn(lambda turn: turn.session.connection().execute(sent))

    def outcomes(self, kind: str) -> list[str | None]:
        """What became of the due rows of a kind, in order of their moment."""
        return self.read(
            lambda session: list(
                session.exec(
                    select(Due.outcome).where(Due.kind == kind).order_by(Due.at, Due.id)  # type: ignore[arg-type]
                )
            )
        )

    def audited(self, action: str) -> list[Audit]:
        """The audit's rows of an action."""
        return self.read(
            lambda session: list(session.exec(select(Audit).where(Audit.action == action)))
        )

    def the_meeting(self, meeting: int) -> Meeting:
        """A meeting as it is kept."""
        found = self.read(lambda session: session.get(Meeting, meeting))
        assert found is not None
        return found

    @property
    def zone(self) -> ZoneInfo:
        """The town's time zone."""
        return self.read(lambda session: self.world.town(session).zone)


def keys(phrase: Any) -> set[str]:
    """Every key a phrase says, at any depth."""
    if isinstance(phrase, dict):
        own = {phrase["key"]} if "key" in phrase else set()
        return own.union(*(keys(part) for part in phrase.values()))
    if isinstance(phrase, list):
        return set().union(*(keys(part) for part in phrase))
    return set()


def taps(parcel: dict[str, Any]) -> list[str]:
    """The data of a message's buttons."""
    return [b["data"] for row in parcel.get("buttons", []) for b in row if "data" in b]


def reason(refused: Any) -> str:
    """The key of what a refusal says (`pytest.raises` as told)."""
    phrase = refused.value.reason
    assert isinstance(phrase, dict)
    return str(phrase["key"])
