"""Whom a vote or a call is for: chosen from one list, and read from the database in this turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlmodel import col

from actions.act import Act, Refused
from civic.audience import (
    ALL,
    GROUP,
    MUTED,
    NOT_AGREED,
    TERRITORY,
    UNREACHABLE,
    Audience,
    Listener,
    parse,
    skip_reason,
)
from flows.context import Option
from flows.phrase import N_, Phrase, row, say
from storage.group import Membership, WorkingGroup
from storage.person import TABLE as PEOPLE
from storage.town import Territory

EVERYBODY = N_("Everybody")
GROUP_NAMED = N_("👥 {group}")
NO_SUCH_AUDIENCE = N_("That audience is no longer there. Please begin again.")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in an audience, with what decides whether they are written to."""

    person_id: int
    telegram_id: int
    privacy_version: int | None
    reachable: bool
    calls: bool

    def skip(self) -> str | None:
        """Why they are not written to, None when they are."""
        return skip_reason(Listener(self.privacy_version, self.reachable, self.calls))


def options(act: Act) -> list[Option]:
    """Everybody, the tree of territories, and the groups that have not ended."""
    found = [Option("all", say(EVERYBODY))]
    atlas = act.town.atlas

    def below(parent: int | None, depth: int) -> None:
        for place in atlas.children(parent):
            label: Phrase = row(["·" * depth, place.name]) if depth else place.name
            found.append(Option(f"t-{place.id}", label))
            below(place.id, depth + 1)

    below(None, 0)
    groups = act.session.scalars(
        select(WorkingGroup)
        .where(col(WorkingGroup.ended_at).is_(None))
        .order_by(col(WorkingGroup.name), col(WorkingGroup.id))
    )
    found += [Option(f"g-{group.id}", say(GROUP_NAMED, group=group.name)) for group in groups]
    return found


def chosen(act: Act, value: str) -> Audience:
    """The audience of an option's value. Raises Refused for one that is not there (any more)."""
    kind, _, number = value.partition("-")
    if value == "all":
        return Audience("all")
    if number.isdecimal() and len(number) < 10:
        if kind == "t" and act.town.offers(int(number)):
            return Audience("territory", int(number))
        if kind == "g":
            group = act.session.get(WorkingGroup, int(number))
            if group is not None and group.ended_at is None:
                return Audience("group", int(number))
    raise Refused(say(NO_SUCH_AUDIENCE))


def value_of(audience: dict[str, Any]) -> str:
    """The option's value of a stored audience."""
    kept = parse(audience)
    return "all" if kept.kind == ALL else f"{kept.kind[0]}-{kept.id}"


def describe(act: Act, audience: dict[str, Any]) -> Phrase:
    """An audience as people read it, also when its place or group is no longer offered."""
    kept = parse(audience)
    if kept.kind == TERRITORY:
        place = act.town.territory(kept.id) or act.session.get(Territory, kept.id)
        return place.name if place else "?"
    if kept.kind == GROUP:
        group = act.session.get(WorkingGroup, kept.id)
        return say(GROUP_NAMED, group=group.name if group else "?")
    return say(EVERYBODY)


def includes_me(act: Act, audience: dict[str, Any]) -> bool:
    """Whether whoever acts is in an audience now."""
    kept = parse(audience)
    if kept.kind == ALL:
        return True
    if act.actor.person_id is None:
        return False
    if kept.kind == TERRITORY:
        mine = act.me.territory_id
        return mine is not None and kept.id is not None and mine in act.town.atlas.below(kept.id)
    found = act.session.scalar(
        select(col(Membership.id)).where(
            col(Membership.group_id) == kept.id, col(Membership.person_id) == act.my_id
        )
    )
    return found is not None


def members(act: Act, audience: dict[str, Any], after: int, most: int) -> Sequence[Member]:
    """The next people of an audience in order of their numbers, from above `after`."""
    rows = act.session.connection().execute(
        select(
            PEOPLE.c.id,
            PEOPLE.c.telegram_id,
            PEOPLE.c.privacy_version,
            PEOPLE.c.reachable,
            PEOPLE.c.calls,
        )
        .where(_within(act, audience), PEOPLE.c.id > after)
        .order_by(PEOPLE.c.id)
        .limit(most)
    )
    return [Member(*found) for found in rows]


def tally(act: Act, audience: dict[str, Any]) -> tuple[int, dict[str, int]]:
    """How many would be written to now, and how many not, by reason."""
    agreed = PEOPLE.c.privacy_version.is_not(None)
    rows = act.session.connection().execute(
        select(agreed, PEOPLE.c.calls, PEOPLE.c.reachable, func.count())
        .where(_within(act, audience))
        .group_by(agreed, PEOPLE.c.calls, PEOPLE.c.reachable)
    )
    willing, reasons = 0, dict.fromkeys((MUTED, UNREACHABLE, NOT_AGREED), 0)
    for has_agreed, calls, reachable, number in rows:
        reason = skip_reason(Listener(1 if has_agreed else None, reachable, calls))
        if reason is None:
            willing += number
        else:
            reasons[reason] += number
    return willing, {reason: number for reason, number in reasons.items() if number}


def eligible(act: Act, audience: dict[str, Any]) -> int:
    """How many people of an audience have agreed to the privacy text: a vote's roll."""
    found: int | None = act.session.connection().scalar(
        select(func.count())
        .select_from(PEOPLE)
        .where(_within(act, audience), PEOPLE.c.privacy_version.is_not(None))
    )
    return found or 0


def _within(act: Act, audience: dict[str, Any]) -> ColumnElement[bool]:
    kept = parse(audience)
    if kept.kind == TERRITORY:
        assert kept.id is not None
        lives: ColumnElement[bool] = PEOPLE.c.territory_id.in_(
            sorted(act.town.atlas.below(kept.id))
        )
        return lives
    if kept.kind == GROUP:
        belongs: ColumnElement[bool] = PEOPLE.c.id.in_(
            select(col(Membership.person_id)).where(col(Membership.group_id) == kept.id)
        )
        return belongs
    return true()


__all__ = [
    "Member",
    "chosen",
    "describe",
    "eligible",
    "includes_me",
    "members",
    "options",
    "tally",
    "value_of",
]
