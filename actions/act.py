"""Every verb once: it declares the role it needs, refuses before it writes, and is audited.

An action is a function of an Act and plain values. The role is read from the database inside the
turn; a refusal is a sentence for the person, raised before anything was written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from actions.world import TownView, World
from civic.permission import allows
from flows.phrase import N_, Phrase, say
from storage import person as people
from storage.audit import Audit
from storage.person import ADMIN as ADMIN
from storage.person import GESTOR as GESTOR
from storage.person import LEADER as LEADER
from storage.person import Person
from storage.turn import Turn

P = ParamSpec("P")
R = TypeVar("R")

ANYONE, CITIZEN, SYSTEM = "anyone", "citizen", "system"
"""Anyone may look round; a citizen has agreed to the privacy text; the system is a job."""


class Refused(Exception):
    """An action says no; `reason` is what the person reads. Nothing was written.

    `for_now`: it will say yes later, so that what they have filled in is worth keeping.
    """

    def __init__(
        self, reason: Phrase, *, needs_consent: bool = False, for_now: bool = False
    ) -> None:
        super().__init__("refused")
        self.reason = reason
        self.needs_consent = needs_consent
        self.for_now = for_now


@dataclass(slots=True)
class Actor:
    """Who speaks: a Telegram number and name, and the person behind it where we know them.

    Most turns need no more of a person than these few values: the row itself is read as an object
    when somebody asks for it.
    """

    telegram_id: int
    name: str
    language: str
    person_id: int | None = None
    privacy_version: int | None = None
    system: bool = False
    # Whether Telegram reached them the last time; who writes to us can be written to again.
    reachable: bool = True
    # The town's day on which they were last seen.
    seen_on: date | None = None
    _session: Session | None = field(default=None, repr=False)
    _roles: list[tuple[str, int | None]] | None = field(default=None, repr=False)

    @property
    def person(self) -> Person | None:
        """The person, to read more of them or to change them; None for who is not known."""
        if self.person_id is None or self._session is None:
            return None
        return self._session.get(Person, self.person_id)

    def became(self, person: Person) -> None:
        """Whoever speaks is somebody we know from now on."""
        self.person_id, self.privacy_version = person.id, person.privacy_version
        self._roles = None


class Act:
    """What an action works with: the turn, who acts, and the world they act in.

    `received` is the town time at which what is acted on reached us: before `now` when it had to
    wait.
    """

    __slots__ = ("actor", "now", "received", "session", "turn", "world")

    def __init__(
        self, turn: Turn, actor: Actor, world: World, received: datetime | None = None
    ) -> None:
        self.turn = turn
        self.session: Session = turn.session
        self.now: datetime = turn.now
        self.received: datetime = turn.now if received is None else min(received, turn.now)
        self.actor = actor
        self.world = world

    @property
    def town(self) -> TownView:
        """The town now."""
        return self.world.town(self.session)

    @property
    def me(self) -> Person:
        """The person who acts. Raises Refused for somebody who has not agreed yet."""
        person = self.actor.person
        if person is None:
            raise Refused(say(CONSENT_FIRST), needs_consent=True)
        return person

    @property
    def my_id(self) -> int:
        """The number of the person who acts."""
        if self.actor.person_id is None:
            raise Refused(say(CONSENT_FIRST), needs_consent=True)
        return self.actor.person_id

    def roles(self) -> list[tuple[str, int | None]]:
        """The roles of whoever acts, with the group of a leader's, read in this turn."""
        actor = self.actor
        if actor._roles is None:
            actor._roles = []
            if actor.telegram_id in self.world.admins and not actor.system:
                actor._roles.append((ADMIN, None))
            if actor.person_id is not None:
                actor._roles += [
                    (r.role, r.group_id)
                    for r in people.roles_of(self.session, actor.person_id)
                    if r.role != ADMIN
                ]
        return actor._roles

    def is_gestor(self) -> bool:
        """Gestores, and admins, who may do all that they may."""
        return allows(GESTOR, self.roles())

    def is_admin(self) -> bool:
        """Admins come from the settings alone."""
        return allows(ADMIN, self.roles())

    def leads(self, group_id: int) -> bool:
        """Leaders of this group; gestores may do what a leader may."""
        return allows(LEADER, self.roles(), group_id)

    def led_groups(self) -> list[int]:
        """The groups this person was made leader of."""
        return [group for role, group in self.roles() if role == LEADER and group is not None]

    def agreed(self) -> bool:
        """Whether they agreed to the privacy text as it stands."""
        actor = self.actor
        return actor.person_id is not None and actor.privacy_version == self.town.privacy_version

    def saw_them(self) -> None:
        """Keep the town's day on which whoever acts was last seen: one write a day."""
        actor = self.actor
        if actor.person_id is None:
            return
        day = self.now.astimezone(self.town.zone).date()
        if actor.seen_on != day:
            self.turn.share(people.SEEN, {"row": actor.person_id, "day": day})
            actor.seen_on = day

    def audit(self, action: str, subject: str, **facts: Any) -> None:
        """Write down a change: numbers and states, never words and never a ballot."""
        self.session.add(
            Audit(
                at=self.now,
                person_id=self.actor.person_id,
                action=action,
                subject=subject,
                facts=facts,
            )
        )


CONSENT_FIRST = N_("First we need your permission to keep what you tell us.")
NOT_YOURS = N_(
    "This is for the people in charge of it. If you should be one of them, ask the team."
)

ACTIONS: dict[str, str] = {}
"""Every action's name and the role it needs."""


def action(
    needs: str,
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Act, P], R]]:
    """Declare a verb and the role it needs: ANYONE, CITIZEN, LEADER, GESTOR, ADMIN or SYSTEM.

    LEADER admits whoever leads any group: the action asks `act.leads(group)` for the one at hand.
    """

    def declare(
        verb: Callable[Concatenate[Act, P], R],
    ) -> Callable[Concatenate[Act, P], R]:
        ACTIONS[f"{verb.__module__}.{verb.__name__}"] = needs

        @wraps(verb)
        def checked(act: Act, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(act, needs)
            return verb(act, *args, **kwargs)

        return checked

    return declare


def require(act: Act, needs: str) -> None:
    """Raise Refused unless whoever acts has this role now."""
    if act.actor.system:
        return
    if needs == ANYONE:
        return
    if needs == SYSTEM:
        raise Refused(say(NOT_YOURS))
    if not act.agreed():
        raise Refused(say(CONSENT_FIRST), needs_consent=True)
    # A citizen is anybody who agreed: no role needs to be read for it.
    if needs == CITIZEN or allows(needs, act.roles()):
        return
    raise Refused(say(NOT_YOURS))


def actor_of(session: Session, telegram_id: int, name: str, language: str) -> Actor:
    """Who speaks, as the database knows them; their own language choice wins."""
    known = people.brief(session, telegram_id)
    if known is None:
        return Actor(telegram_id, name, language, _session=session)
    person_id, name, language, privacy_version, reachable, seen_on = known
    return Actor(
        telegram_id,
        name,
        language,
        person_id,
        privacy_version,
        reachable=reachable,
        seen_on=seen_on,
        _session=session,
    )


def system_act(turn: Turn, world: World) -> Act:
    """An act of the house itself: a job, a link that came back."""
    return Act(turn, Actor(0, "", "", system=True), world)
