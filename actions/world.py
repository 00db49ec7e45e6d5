"""What is the same for every turn: the town as its file has it, who its admins are, the secret.

The town is read again when its version changes, and asked for at most once a second, so that a
turn costs no query for it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from civic.territory import Atlas, Place
from flows.context import Option
from flows.phrase import N_, Phrase, names, say
from storage import town as towns
from storage.town import Category, Territory


class NoTown(RuntimeError):
    """The database has no town yet."""


@dataclass(frozen=True)
class TownView:
    """The town at one version; territories and categories in the order of its file.

    Only what is offered is listed; what the file no longer has is still found by its number, so
    that old reports keep their words.
    """

    version: int
    name: str
    timezone: str
    zone: ZoneInfo
    language: str
    emergency: str
    contacts: Sequence[dict[str, Any]]
    privacy_version: int
    privacy: dict[str, str]
    welcome: dict[str, str]
    nudge_minutes: int
    expire_hours: int
    follow_up_days: int
    weekend: frozenset[int]
    holidays: frozenset[date]
    templates: Sequence[dict[str, Any]]
    dormant_months: int | None
    categories: Sequence[Category]
    territories: Sequence[Territory]
    retired_categories: Sequence[Category]
    retired_territories: Sequence[Territory]
    atlas: Atlas

    @cached_property
    def category_options(self) -> list[Option]:
        """The categories as a flow hands them out; the same list for everybody."""
        return [Option(c.key, category_name(c), remark=warning(c)) for c in self.categories]

    def category(self, category_id: int) -> Category | None:
        """A category by its number, also one that is no longer offered (`active` says so)."""
        return self._categories.get(category_id)

    def category_by_key(self, key: str) -> Category | None:
        """A category by its key, also one that is no longer offered."""
        return next((c for c in self._categories.values() if c.key == key), None)

    def territory(self, territory_id: int | None) -> Territory | None:
        """A territory by its number, also one that is no longer offered (`active` says so)."""
        return None if territory_id is None else self._territories.get(territory_id)

    def days_until_asked(self, category_id: int) -> int:
        """How many days after a repair in a category people are asked whether it was fixed."""
        category = self.category(category_id)
        return (category and category.follow_up_days) or self.follow_up_days

    def offers(self, territory_id: int) -> bool:
        """Whether a territory is one that people can choose now."""
        place = self._territories.get(territory_id)
        return place is not None and place.active

    @cached_property
    def _categories(self) -> dict[int, Category]:
        return {c.id: c for c in (*self.categories, *self.retired_categories) if c.id is not None}

    @cached_property
    def _territories(self) -> dict[int, Territory]:
        return {t.id: t for t in (*self.territories, *self.retired_territories) if t.id is not None}


BEWARE = N_("⚠️ {safety}")


def warning(category: Category) -> Phrase | None:
    """What the town warns of in a category, to be said at once when it is chosen."""
    return say(BEWARE, safety=names(category.safety)) if category.safety else None


def category_name(category: Category) -> Phrase:
    """A category as people see it, its emoji before its name."""
    emoji = f"{category.emoji} " if category.emoji else ""
    return names({language: emoji + name for language, name in category.names.items()})


@dataclass
class World:
    """`admins` are Telegram numbers; `secret` keys ballots; `username` is the bot's."""

    admins: frozenset[int] = frozenset()
    secret: bytes | None = None
    username: str = ""
    timezone: str | None = None
    language: str | None = None
    _view: TownView | None = field(default=None, repr=False)
    _asked: float = 0.0

    def town(self, session: Session) -> TownView:
        """The town now. Raises NoTown when no town file was read yet."""
        now = time.monotonic()
        if self._view is not None and now - self._asked < 1.0:
            return self._view
        version = towns.version_of(session)
        if version is None:
            raise NoTown
        if self._view is None or self._view.version != version:
            self._view = self._read(session)
        self._asked = now
        return self._view

    def known_town(self) -> TownView | None:
        """The town as it was last read, for those who have no session."""
        return self._view

    def _read(self, session: Session) -> TownView:
        town = towns.the_town(session)
        if town is None:
            raise NoTown
        places = towns.territories(session)
        timezone = self.timezone or town.timezone
        return TownView(
            version=town.version,
            name=town.name,
            timezone=timezone,
            zone=ZoneInfo(timezone),
            language=self.language or town.language,
            emergency=town.emergency,
            contacts=town.contacts,
            privacy_version=town.privacy_version,
            privacy=town.privacy,
            welcome=town.welcome,
            nudge_minutes=town.nudge_minutes,
            expire_hours=town.expire_hours,
            follow_up_days=town.follow_up_days,
            weekend=frozenset(town.weekend),
            holidays=frozenset(map(date.fromisoformat, town.holidays)),
            templates=town.templates,
            dormant_months=town.dormant_months,
            categories=towns.categories(session),
            territories=places,
            retired_categories=towns.categories(session, active=False),
            retired_territories=towns.territories(session, active=False),
            atlas=Atlas([Place(t.id or 0, t.key, t.name, t.parent_id, t.outline) for t in places]),
        )
