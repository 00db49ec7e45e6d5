"""The town as its file describes it: the same key is the same thing, and nothing is deleted.

What left the file stays in the database, no longer offered, so that old reports keep their words
and a draft begun yesterday can still be sent. The same plan twice changes nothing. A vote is
opened once and never altered: people have agreed to vote on what it said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from actions.townplan import CategoryPlan, GroupPlan, TerritoryPlan, TownPlan, VotePlan
from civic.audience import GROUP, TERRITORY
from civic.words import fold
from storage.audit import Audit
from storage.group import WorkingGroup
from storage.town import Category, Territory, Town, territories, the_town
from storage.turn import Turn
from storage.vote import Vote, VoteOption, plan_closing


class TownRefused(ValueError):
    """The plan cannot be applied to this database; the message is for whoever runs the bot."""


@dataclass(slots=True)
class Tally:
    """What became of the things of one kind; `retired` ones are no longer offered."""

    created: int = 0
    updated: int = 0
    retired: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.retired)


@dataclass(slots=True)
class Counts:
    """What setting up has changed; `version` is the town's afterwards."""

    version: int = 0
    town: Tally = field(default_factory=Tally)
    territories: Tally = field(default_factory=Tally)
    categories: Tally = field(default_factory=Tally)
    groups: Tally = field(default_factory=Tally)
    votes: Tally = field(default_factory=Tally)

    def by_kind(self) -> dict[str, Tally]:
        """Each tally by the name of what it counts."""
        return {
            "town": self.town,
            "territories": self.territories,
            "categories": self.categories,
            "groups": self.groups,
            "votes": self.votes,
        }

    @property
    def changed(self) -> bool:
        """Whether anything in the database is different now."""
        return any(self.by_kind().values())


def set_up(turn: Turn, plan: TownPlan) -> Counts:
    """Make the town what its plan says. For the console: nobody in chat may call it.

    Raises TownRefused when the privacy text's version goes back, or when something is for a place
    or a group that is not there.
    """
    session = turn.session
    counts = Counts()
    town = the_town(session)
    if town is not None and plan.privacy_version < town.privacy_version:
        raise TownRefused(
            f"privacy.version must not go back: people have agreed to {town.privacy_version}, "
            f"the file says {plan.privacy_version}"
        )
    if plan.territories is None:
        places = _known_places(session)
    else:
        places = _territories(session, plan.territories, counts.territories)
    _categories(session, plan.categories, counts.categories)
    groups = _groups(turn, plan.groups, places, counts.groups)
    _votes(turn, plan.votes, places, groups, counts.votes)
    counts.version = _town(session, plan, town, counts)
    if counts.changed:
        facts = {
            kind: [tally.created, tally.updated, tally.retired]
            for kind, tally in counts.by_kind().items()
            if tally
        }
        session.add(Audit(at=turn.now, action="set_up_town", subject="town:1", facts=facts))
    session.flush()
    return counts


def _town(session: Session, plan: TownPlan, town: Town | None, counts: Counts) -> int:
    values: dict[str, Any] = {
        "name": plan.name,
        "timezone": plan.timezone,
        "language": plan.language,
        "emergency": plan.emergency,
        "contacts": [dict(contact) for contact in plan.contacts],
        "privacy_version": plan.privacy_version,
        "privacy": dict(plan.privacy),
        "welcome": dict(plan.welcome),
        "nudge_minutes": plan.nudge_minutes,
        "expire_hours": plan.expire_hours,
        "follow_up_days": plan.follow_up_days,
        "weekend": sorted(plan.weekend),
        "holidays": [day.isoformat() for day in sorted(plan.holidays)],
        "templates": [dict(template) for template in plan.templates],
        "dormant_months": plan.dormant_months,
    }
    if town is None:
        session.add(Town(id=1, version=1, **values))
        counts.town.created += 1
        return 1
    if _assign(town, values):
        counts.town.updated += 1
    if counts.changed:
        # Whoever holds the town in memory reads it again when this number changes.
        town.version += 1
    return town.version


def _assign(row: Any, values: Mapping[str, Any]) -> bool:
    """Give a row these values; whether any was different."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _territories(session: Session, plans: Sequence[TerritoryPlan], tally: Tally) -> dict[str, int]:
    rows = {row.key: row for row in session.exec(select(Territory))}
    new = set()
    for plan in plans:
        if plan.key not in rows:
            rows[plan.key] = Territory(key=plan.key, name=plan.name, kind=plan.kind)
            session.add(rows[plan.key])
            new.add(plan.key)
    # Numbers are needed before a child can point at its parent, whichever is listed first.
    session.flush()
    ids = {key: row.id for key, row in rows.items() if row.id is not None}
    planned = {plan.key for plan in plans}
    for position, plan in enumerate(plans):
        if plan.parent is not None and plan.parent not in planned:
            raise TownRefused(f"territory {plan.key} is in {plan.parent}, which is not in the plan")
        changed = _assign(
            rows[plan.key],
            {
                "name": plan.name,
                "kind": plan.kind,
                "parent_id": ids[plan.parent] if plan.parent is not None else None,
                "outline": dict(plan.outline) if plan.outline is not None else None,
                "active": True,
                "position": position,
            },
        )
        if plan.key in new:
            tally.created += 1
        elif changed:
            tally.updated += 1
    for key, row in rows.items():
        if key not in planned and row.active:
            row.active = False
            tally.retired += 1
    return {key: ids[key] for key in planned}


def _known_places(session: Session) -> dict[str, int]:
    """The numbers of the places there are, by key and by the names that only one has."""
    places = territories(session)
    names = Counter(fold(place.name) for place in places)
    known = {place.name: place.id for place in places if names[fold(place.name)] == 1}
    known |= {place.key: place.id for place in places}
    return {called: number for called, number in known.items() if number is not None}


def _categories(session: Session, plans: Sequence[CategoryPlan], tally: Tally) -> None:
    rows = {row.key: row for row in session.exec(select(Category))}
    for position, plan in enumerate(plans):
        values: dict[str, Any] = {
            "names": dict(plan.names),
            "emoji": plan.emoji,
            "follow_up_days": plan.follow_up_days,
            "responsible": dict(plan.responsible),
            "days_to_resolve": plan.days_to_resolve,
            "radius_m": plan.radius_m,
            "safety": dict(plan.safety),
            "keywords": list(plan.keywords),
            "questions": [dict(question) for question in plan.questions],
            "active": True,
            "position": position,
        }
        row = rows.pop(plan.key, None)
        if row is None:
            session.add(Category(key=plan.key, **values))
            tally.created += 1
        elif _assign(row, values):
            tally.updated += 1
    for row in rows.values():
        if row.active:
            row.active = False
            tally.retired += 1


def _groups(
    turn: Turn, plans: Sequence[GroupPlan], places: Mapping[str, int], tally: Tally
) -> dict[str, int]:
    session = turn.session
    # Groups without a key were made in chat: the file has no say in them.
    known = session.exec(select(WorkingGroup).where(col(WorkingGroup.key).is_not(None)))
    rows = {row.key: row for row in known}
    kept: dict[str, WorkingGroup] = {}
    for plan in plans:
        values: dict[str, Any] = {
            "name": plan.name,
            "theme": plan.theme,
            "purpose": plan.purpose,
            "territory_id": _id(places, plan.territory, f"group {plan.key}"),
            "ended_at": None,
        }
        row = rows.pop(plan.key, None)
        if row is None:
            row = WorkingGroup(key=plan.key, created_at=turn.now, **values)
            session.add(row)
            tally.created += 1
        elif _assign(row, values):
            tally.updated += 1
        kept[plan.key] = row
    for row in rows.values():
        if row.ended_at is None:
            row.ended_at = turn.now
            tally.retired += 1
    session.flush()
    return {key: row.id for key, row in kept.items() if row.id is not None}


def _votes(
    turn: Turn,
    plans: Sequence[VotePlan],
    places: Mapping[str, int],
    groups: Mapping[str, int],
    tally: Tally,
) -> None:
    session = turn.session
    for plan in plans:
        if session.exec(select(Vote.id).where(Vote.key == plan.key)).first() is not None:
            continue
        kind, key = plan.audience
        audience: dict[str, Any] = {"kind": kind}
        if kind == TERRITORY:
            audience["id"] = _id(places, key, f"vote {plan.key}")
        elif kind == GROUP:
            audience["id"] = _id(groups, key, f"vote {plan.key}")
        vote = Vote(
            key=plan.key,
            question=plan.question,
            at_most=plan.at_most,
            audience=audience,
            opens_at=turn.now,
            closes_at=turn.now + timedelta(days=plan.closes_in_days),
        )
        session.add(vote)
        session.flush()
        assert vote.id is not None
        for position, label in enumerate(plan.options):
            session.add(VoteOption(vote_id=vote.id, position=position, label=label))
        plan_closing(session, vote)
        tally.created += 1


def _id(ids: Mapping[str, int], key: str | None, whose: str) -> int | None:
    if key is None:
        return None
    if key in ids:
        return ids[key]
    alike = {number for called, number in ids.items() if fold(called) == fold(key)}
    if len(alike) != 1:
        raise TownRefused(f"{whose} is for {key}, and nothing here is called that")
    return alike.pop()
