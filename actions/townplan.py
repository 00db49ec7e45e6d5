"""What a town should be, as plain data: keys where rows have numbers, and no file's format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civic.audience import ALL


@dataclass(frozen=True, slots=True)
class TerritoryPlan:
    """`parent` is another territory's key; `outline` a GeoJSON geometry."""

    key: str
    name: str
    kind: str = "barrio"
    parent: str | None = None
    outline: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """`names` by language."""

    key: str
    names: Mapping[str, str]
    emoji: str = ""
    follow_up_days: int | None = None


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """`territory` is a territory's key."""

    key: str
    name: str
    theme: str
    purpose: str
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class VotePlan:
    """`audience` is (kind, key): ("all", None), ("territory", key) or ("group", key)."""

    key: str
    question: str
    options: Sequence[str]
    at_most: int
    closes_in_days: int
    audience: tuple[str, str | None] = (ALL, None)


@dataclass(frozen=True, slots=True)
class TownPlan:
    """Everything a town's file says; texts by language, order as people see it."""

    name: str
    timezone: str
    language: str
    emergency: str
    privacy_version: int
    privacy: Mapping[str, str]
    welcome: Mapping[str, str] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, Any]] = ()
    nudge_minutes: int = 60
    expire_hours: int = 72
    follow_up_days: int = 28
    territories: Sequence[TerritoryPlan] = ()
    categories: Sequence[CategoryPlan] = ()
    groups: Sequence[GroupPlan] = ()
    votes: Sequence[VotePlan] = ()
