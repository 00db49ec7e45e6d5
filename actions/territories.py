"""Places from an official file join the tree: they keep their numbers, and none is taken away.

What the file does not hold stays as it is. A parent that is not in the file is found by its name,
or made around its children; an outline that was made so follows them, one that was drawn stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from civic.outlines import same, union
from civic.words import fold, slug
from storage.audit import Audit
from storage.town import Territory, the_town
from storage.turn import Turn

_KEY = re.compile(r"\w[\w-]{0,63}")


class PlacesRefused(ValueError):
    """The places cannot join the tree; the message is for whoever runs the bot."""


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A place of a file. `called` names it in errors; `parent` is the name of the place around.

    Without a `key` its name is what it is known by.
    """

    called: str
    name: str
    key: str | None
    parent: str | None
    outline: Mapping[str, Any] = field(repr=False)


@dataclass(slots=True)
class Joined:
    """How many places were made, changed, or were so already."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.created + self.updated + self.unchanged

    @property
    def changed(self) -> bool:
        """Whether anything in the database is different now."""
        return bool(self.created or self.updated)


def import_places(
    turn: Turn, places: Sequence[DrawnPlace], *, kind: str, parent_kind: str, parents: bool
) -> tuple[Joined, Joined]:
    """Make these places part of the tree; the counts are the places' and their parents'.

    `parents` says that the file tells who is inside whom: then a place without a parent stands at
    the top; else everybody stays where they are. For the console: nobody in chat may call it.
    Raises PlacesRefused.
    """
    tree = _Tree(turn.session, kind, parent_kind)
    found = tree.match(places)
    if parents:
        tree.find_parents(places, found)
        tree.refuse_circles()
    counts = tree.write(places, found, parents=parents)
    if any(count.changed for count in counts):
        town = the_town(turn.session)
        if town is not None:
            # Whoever holds the town in memory reads it again when this number changes.
            town.version += 1
        facts = {
            what: [count.created, count.updated]
            for what, count in zip(("territories", "parents"), counts, strict=True)
        }
        turn.session.add(
            Audit(at=turn.now, action="import_territories", subject="town:1", facts=facts)
        )
    turn.session.flush()
    return counts


class _Tree:
    """The places there are by key, and above whom each of them stands."""

    def __init__(self, session: Session, kind: str, parent_kind: str) -> None:
        self.session, self.kind, self.parent_kind = session, kind, parent_kind
        self.rows = {row.key: row for row in session.exec(select(Territory))}
        keys = {row.id: row.key for row in self.rows.values()}
        self.above = {key: keys.get(row.parent_id) for key, row in self.rows.items()}
        self.was_above = dict(self.above)
        self.made: dict[str, str] = {}
        """Names of the parents that are not there yet, by key."""

    def match(self, places: Sequence[DrawnPlace]) -> list[str]:
        """The key of each place: its own, that of the one with its name, or one of its name."""
        named: dict[str, list[str]] = {}
        for key, row in self.rows.items():
            if row.kind == self.kind:
                named.setdefault(fold(row.name), []).append(key)
        found: list[str] = []
        for place in places:
            alike = named.get(fold(place.name), [])
            key = place.key or (alike[0] if len(alike) == 1 else slug(place.name))
            if not _KEY.fullmatch(key):
                raise PlacesRefused(
                    f"{place.called}: {key or 'its name'} cannot be its key (letters, digits, - "
                    "and _): name a property that can with --key"
                )
            if key in found:
                raise PlacesRefused(
                    f"{place.called}: {places[found.index(key)].called} has the key {key} too: "
                    "name a property that tells them apart with --key"
                )
            there = self.rows.get(key)
            if there is not None and there.kind != self.kind:
                raise PlacesRefused(
                    f"{place.called}: the {there.kind} {there.name} has the key {key}: name "
                    f'another property with --key, or say --kind "{there.kind}" if it is the same'
                )
            found.append(key)
            self.above.setdefault(key, None)
        return found

    def find_parents(self, places: Sequence[DrawnPlace], found: Sequence[str]) -> None:
        """Say who is above each place, and which parents must be made."""
        inside: dict[str, list[str]] = {}
        for place, key in zip(places, found, strict=True):
            # A barrio inside something of its own name: that name means the comuna around it.
            if place.parent is None or fold(place.parent) != fold(place.name):
                inside.setdefault(fold(place.name), []).append(key)
        # These come first, so that the comuna they need is what their neighbours' parent means too.
        pairs = list(zip(places, found, strict=True))
        pairs.sort(key=lambda pair: fold(pair[0].parent or "") != fold(pair[0].name))
        for place, key in pairs:
            if place.parent is None:
                self.above[key] = None
                continue
            own = self._one(place, inside.get(fold(place.parent), ()))
            self.above[key] = own or self._known(place, key)

    def _known(self, place: DrawnPlace, key: str) -> str:
        """The key of a parent outside the file, also of one that is made for it."""
        assert place.parent is not None
        name = fold(place.parent)
        alike = [k for k, row in self.rows.items() if fold(row.name) == name and k != key]
        alike += [k for k, made in self.made.items() if fold(made) == name]
        known = self._one(place, [k for k in alike if self._kind(k) == self.parent_kind])
        known = known or self._one(place, alike)
        if known is not None:
            return known
        wanted = slug(place.parent)
        row = self.rows.get(wanted)
        if row is not None and row.kind == self.parent_kind and wanted != key:
            return wanted
        if wanted in self.above:
            wanted = f"{slug(self.parent_kind)}-{wanted}"
        if not _KEY.fullmatch(wanted) or wanted in self.above:
            raise PlacesRefused(f"{place.called}: no key can be made of its parent {place.parent}")
        self.made[wanted] = place.parent
        self.above[wanted] = None
        return wanted

    def _kind(self, key: str) -> str:
        return self.rows[key].kind if key in self.rows else self.parent_kind

    def _one(self, place: DrawnPlace, keys: Sequence[str]) -> str | None:
        if len(keys) > 1:
            raise PlacesRefused(
                f"{place.called}: several places are called {place.parent}: {', '.join(keys)}"
            )
        return keys[0] if keys else None

    def refuse_circles(self) -> None:
        """Raises PlacesRefused when a place is inside itself."""
        for key in self.above:
            above, steps = self.above[key], 0
            while above is not None and steps <= len(self.above):
                above, steps = self.above.get(above), steps + 1
            if above is not None:
                raise PlacesRefused(f"{key} would be inside itself")

    def write(
        self, places: Sequence[DrawnPlace], found: Sequence[str], *, parents: bool
    ) -> tuple[Joined, Joined]:
        """Bring the rows up to date; how many became what, the places' and their parents'."""
        own = set(found)
        around = {self.above[key] for key in found} | {self.was_above.get(key) for key in found}
        # What a parent made around its children looked like before they change.
        before = {
            key: self._joined(key, self.was_above)
            for key in around
            if key is not None and key not in own
        }
        drawn_before = {key: self.rows[key].outline for key in before if key in self.rows}
        created = self._create(places, found)
        ids = {key: row.id for key, row in self.rows.items()}
        mine = Joined(created=len(own & created))
        for place, key in zip(places, found, strict=True):
            row = self.rows[key]
            values: dict[str, Any] = {"name": place.name, "active": True}
            if row.outline is None or not same(row.outline, place.outline):
                values["outline"] = dict(place.outline)
            if parents:
                above = self.above[key]
                values["parent_id"] = ids[above] if above is not None else None
            if key not in created:
                self._count(mine, _assign(row, values))
            else:
                _assign(row, values)
        theirs = Joined(created=len(created - own))
        for key in sorted(before):
            drawn = drawn_before.get(key)
            values = {"outline": self._redrawn(key, drawn, before[key])}
            if key in self.above.values():
                values["active"] = True
            changed = _assign(self.rows[key], values)
            if key not in created:
                self._count(theirs, changed)
        return mine, theirs

    def _create(self, places: Sequence[DrawnPlace], found: Sequence[str]) -> set[str]:
        """Make the rows that are not there, listed by name after those that are."""
        new = {
            key: Territory(key=key, name=place.name, kind=self.kind)
            for place, key in zip(places, found, strict=True)
            if key not in self.rows
        }
        for key, name in self.made.items():
            new[key] = Territory(key=key, name=name, kind=self.parent_kind)
        last = max((row.position for row in self.rows.values()), default=-1)
        listed = sorted(new.values(), key=lambda row: (row.key not in self.made, _by_name(row)))
        for position, row in enumerate(listed, start=last + 1):
            row.position = position
            self.session.add(row)
        self.session.flush()
        self.rows |= new
        return set(new)

    def _redrawn(
        self, key: str, drawn: Mapping[str, Any] | None, was: Mapping[str, Any] | None
    ) -> Mapping[str, Any] | None:
        """A parent's outline now: one made around its children follows them, others stay."""
        if drawn is not None and (was is None or not same(drawn, was)):
            return drawn
        whole = self._joined(key, self.above)
        if drawn is not None and whole is not None and same(drawn, whole):
            return drawn
        return whole

    def _joined(self, key: str, above: Mapping[str, str | None]) -> dict[str, Any] | None:
        """The outline around those that are below a place, None if none of them is drawn."""
        parts = [
            row.outline
            for child, row in sorted(self.rows.items())
            if above.get(child) == key and row.active and row.outline is not None
        ]
        return union(parts) if parts else None

    def _count(self, counts: Joined, changed: bool) -> None:
        if changed:
            counts.updated += 1
        else:
            counts.unchanged += 1


def _by_name(row: Territory) -> list[tuple[int, int, str]]:
    """Comuna 2 before Comuna 10."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part) for part in fold(row.name).split()
    ]


def _assign(row: Territory, values: Mapping[str, Any]) -> bool:
    """Give a row these values; whether any was different."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
