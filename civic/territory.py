"""Where something is: a point lies in exactly one territory, the deepest that contains it.

Points are latitude and longitude in degrees (WGS 84); outlines are GeoJSON geometries, which
write longitude first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import shapely
from rapidfuzz import fuzz, process
from shapely.geometry import shape

from civic.words import fold

EARTH = 6_371_008.8
"""The mean radius of the Earth in metres (IUGG)."""
ALIKE = 85.0
"""From which likeness (0 to 100) a mistyped name is taken for a known one."""
CLEARLY = 5.0
"""By how much it must beat the next name, or it could be either."""
SHORTEST = 4
"""A name shorter than this must be typed exactly: "Sol" is too near to "Sal"."""

_BETWEEN = re.compile(r"[,;.()\n]+")
_KINDS = ("barrio", "bairro", "comuna", "sector", "setor", "vereda", "colonia", "neighbourhood")
_ARTICLES = ("el", "la", "los", "las", "o", "a", "os", "as", "the")


def _bare(name: str) -> str:
    """A folded name without what people leave out: "barrio los guayacanes" is "guayacanes"."""
    words = name.split()
    for leading in (_KINDS, _ARTICLES):
        if len(words) > 1 and words[0] in leading:
            words = words[1:]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Place:
    """A territory in the tree: `outline` is a GeoJSON Polygon or MultiPolygon, or none."""

    id: int
    key: str
    name: str
    parent_id: int | None
    outline: Mapping[str, Any] | None = field(default=None, repr=False)


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Metres between two points over the sphere (haversine): within 0.5% of the ellipsoid."""
    a, b = math.radians(latitude), math.radians(to_latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, half)))


class Atlas:
    """Every territory of a town, indexed once; it never changes.

    A parent that is not among the places counts as none. Raises ValueError when two places share
    an id, when parents run in a circle, or when an outline is no polygon.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        self.places: tuple[Place, ...] = tuple(places)
        self._by_id = {place.id: place for place in self.places}
        if len(self._by_id) != len(self.places):
            raise ValueError("two territories have the same id")
        self._children: dict[int, list[int]] = {}
        for place in self.places:
            if place.parent_id in self._by_id and place.parent_id is not None:
                self._children.setdefault(place.parent_id, []).append(place.id)
        self._depth = {place.id: len(self.path(place.id)) for place in self.places}
        # Deepest first, then as listed: the first that contains a point is the answer.
        drawn = [place for place in self.places if place.outline is not None]
        drawn.sort(key=lambda place: -self._depth[place.id])
        self._drawn = drawn
        self._outlines = numpy.array([_polygon(place) for place in drawn], dtype=object)
        shapely.prepare(self._outlines)
        self._tree = shapely.STRtree(self._outlines)
        self._names: dict[str, list[Place]] = {}
        # What may stand anywhere in an address: never one common word, since "centro de salud"
        # is not in Centro.
        self._phrases: dict[str, list[Place]] = {}
        for place in self.places:
            name = fold(place.name)
            bare = _bare(name)
            if not bare:
                continue
            self._names.setdefault(bare, []).append(place)
            for phrase in (name, *(f"{kind} {bare}" for kind in _KINDS)):
                if " " in phrase:
                    self._phrases.setdefault(phrase, []).append(place)

    @property
    def has_outlines(self) -> bool:
        """Whether any place is drawn, so that a point can be located."""
        return bool(self._drawn)

    def get(self, place_id: int) -> Place | None:
        """A place by its id."""
        return self._by_id.get(place_id)

    def locate(self, latitude: float, longitude: float) -> Place | None:
        """The deepest place that contains a point; None outside all of them.

        On a border it is the deepest of those that touch, and the first listed among equals.
        """
        if not self._drawn or not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        near = self._tree.query(shapely.Point(longitude, latitude))
        if not len(near):
            return None
        near.sort()
        inside = shapely.intersects_xy(self._outlines[near], longitude, latitude)
        first = int(inside.argmax())
        return self._drawn[near[first]] if inside[first] else None

    def named(self, words: str) -> Place | None:
        """The place somebody means by a name or an address; None when it could be several.

        Looks for the name itself, with or without its article, then for a part of an address that
        is a name ("calle 5, barrio La Loma") or holds one, then for a misspelt name.
        """
        parts = [_bare(fold(part)) for part in _BETWEEN.split(words)]
        for part in (_bare(fold(words)), *reversed(parts)):
            if part in self._names:
                return self._deepest(self._names[part])
        typed = fold(words)
        inside = [name for name in self._phrases if f" {name} " in f" {typed} "]
        if inside:
            longest = max(map(len, inside))
            found = [p for name in inside if len(name) == longest for p in self._phrases[name]]
            return self._deepest(found)
        return self._misspelt(_bare(typed))

    def _misspelt(self, typed: str) -> Place | None:
        if len(typed) < SHORTEST:
            return None
        alike = process.extract(
            typed,
            [name for name in self._names if len(name) >= SHORTEST],
            scorer=fuzz.ratio,
            score_cutoff=ALIKE - CLEARLY,
            limit=2,
        )
        if not alike or alike[0][1] < ALIKE:
            return None
        if len(alike) > 1 and alike[0][1] - alike[1][1] < CLEARLY:
            return None
        return self._deepest(self._names[alike[0][0]])

    def children(self, place_id: int | None) -> tuple[Place, ...]:
        """The places right below one, as listed; those at the top for None."""
        if place_id is None:
            return tuple(place for place in self.places if self._depth[place.id] == 1)
        return tuple(self._by_id[child] for child in self._children.get(place_id, ()))

    def below(self, place_id: int) -> frozenset[int]:
        """The ids of a place and of everything under it; just the id of one we do not know."""
        found = [place_id]
        for parent in found:
            found.extend(self._children.get(parent, ()))
        return frozenset(found)

    def leaves(self, place_id: int | None) -> tuple[Place, ...]:
        """The places under one, or of the whole tree for None, that have nothing under them."""
        among = None if place_id is None else self.below(place_id) - {place_id}
        return tuple(
            place
            for place in self.places
            if place.id not in self._children and (among is None or place.id in among)
        )

    def path(self, place_id: int) -> tuple[Place, ...]:
        """From the top of the tree down to a place; empty for one we do not know."""
        found: list[Place] = []
        place = self._by_id.get(place_id)
        while place is not None:
            if len(found) > len(self.places):
                raise ValueError("territories must not be inside one another in a circle")
            found.append(place)
            place = self._by_id.get(place.parent_id) if place.parent_id is not None else None
        return tuple(reversed(found))

    def _deepest(self, places: Sequence[Place]) -> Place | None:
        """The one place all the others of the same name are around, if there is one."""
        deepest = max(places, key=lambda place: self._depth[place.id])
        around = {place.id for place in self.path(deepest.id)}
        return deepest if all(place.id in around for place in places) else None


def _polygon(place: Place) -> Any:
    outline = place.outline
    if outline is None or outline.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"the outline of {place.key} is no polygon")
    return shape(outline)
