"""What a town should be, as plain data: keys where rows have numbers, and no file's format."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
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
    """Texts by language, `days_to_resolve` in working days, `radius_m` in metres.

    `questions` are as the table keeps them: {"key", "text", "kind", "required", "choices"}.
    """

    key: str
    names: Mapping[str, str]
    emoji: str = ""
    follow_up_days: int | None = None
    responsible: Mapping[str, str] = field(default_factory=dict)
    days_to_resolve: int | None = None
    radius_m: int = 250
    safety: Mapping[str, str] = field(default_factory=dict)
    keywords: Sequence[str] = ()
    questions: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """`territory` is a territory's key (or its name, in a plan without territories)."""

    key: str
    name: str
    theme: str
    purpose: str
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class VotePlan:
    """`audience` is (kind, key): ("all", None), ("territory", key) or ("group", key).

    In a plan without territories a territory may be called by its name.
    """

    key: str
    question: str
    options: Sequence[str]
    at_most: int
    closes_in_days: int
    audience: tuple[str, str | None] = (ALL, None)


@dataclass(frozen=True, slots=True)
class TownPlan:
    """Everything a town's file says; texts by language, order as people see it.

    `weekend` holds days of the week (0 is Monday); `templates` are as the table keeps them;
    `territories` None leaves the places as they are.
    """

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
    weekend: Collection[int] = (5, 6)
    holidays: Collection[date] = ()
    templates: Sequence[Mapping[str, Any]] = ()
    dormant_months: int | None = None
    territories: Sequence[TerritoryPlan] | None = ()
    categories: Sequence[CategoryPlan] = ()
    groups: Sequence[GroupPlan] = ()
    votes: Sequence[VotePlan] = ()
