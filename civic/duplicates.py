"""Whether a problem was told already: what is near decides, and what sounds alike comes first.

Nothing is decided for anybody: the nearest few are shown, and the person says which is the same.
Points are degrees (WGS 84), distances metres.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

from rapidfuzz import fuzz

from civic.territory import distance
from civic.words import fold

MOST: Final = 5
"""More than these nobody compares on a telephone."""
BLUR: Final = 25.0
"""Metres by which a telephone's own place is commonly wrong: nearer than this is no nearer."""
ALIKE: Final = 65.0
"""Less alike than this, out of 100, nobody takes two places or two tellings for the same."""
TWICE_WITHIN: Final = timedelta(minutes=10)
"""The same words again within this time are a message sent twice, not a second problem."""


class Told(Protocol):
    """A report as it is compared: its number, its place as a point, as an address, both or neither,
    and in which words it was told (none: by voice)."""

    @property
    def id(self) -> int:
        """Its number, which no other has."""

    @property
    def latitude(self) -> float | None:
        """In degrees, with the longitude."""

    @property
    def longitude(self) -> float | None:
        """In degrees, with the latitude."""

    @property
    def address(self) -> str | None:
        """The words its place was given in."""

    @property
    def words(self) -> str | None:
        """What was told."""


T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody told at a moment: their words (none: by voice), the place as a point, as words
    or both, and the answers to the category's own questions, by key."""

    words: str | None
    point: tuple[float, float] | None
    address: str | None
    answers: Mapping[str, Any]
    at: datetime


def likeness(one: str | None, other: str | None) -> float:
    """How alike two tellings are, 0 to 100, whatever their order, accents and capitals."""
    return _like(fold(one or ""), other)


def _like(folded: str, other: str | None) -> float:
    second = fold(other or "")
    if not folded or not second:
        return 0.0
    return fuzz.token_set_ratio(folded, second)


def nearest(
    latitude: float,
    longitude: float,
    words: str | None,
    told: Iterable[T],
    radius_m: float,
    most: int = MOST,
) -> list[tuple[T, float]]:
    """The reports within a radius and their distance in metres, at most `most`: nearest first, and
    of two that are about as near the one that sounds more alike (the same words count as half the
    way). What has no point is near nothing."""
    said = fold(words or "")
    near = [
        (distance(latitude, longitude, one.latitude, one.longitude), one.id, one)
        for one in told
        if one.latitude is not None and one.longitude is not None
    ]
    found: list[tuple[float, float, int, T]] = []
    for metres, number, one in sorted(near):
        way = max(BLUR, metres)
        # However alike the rest may sound, all of it is farther than those there are.
        if metres > radius_m or (len(found) >= most and way / 2 > found[most - 1][0]):
            break
        insort(found, (way * (1 - _like(said, one.words) / 200), metres, number, one))
    return [(one, metres) for _, metres, _, one in found[:most]]


def same_address(one: str | None, other: str | None) -> float:
    """How alike two addresses are, 0 to 100: other numbers are another corner or another house."""
    first, second = fold(one or ""), fold(other or "")
    fewer, more = sorted((_numbers(first), _numbers(second)), key=len)
    if not fewer <= more:
        return 0.0
    return fuzz.token_sort_ratio(first, second) / 2 + likeness(first, second) / 2


def _numbers(folded: str) -> set[str]:
    return {word for word in folded.split() if any(map(str.isdigit, word))}


def likest(address: str | None, words: str | None, told: Iterable[T], most: int = MOST) -> list[T]:
    """The reports that are alike, at most `most`, the likest first: where two have an address it
    counts twice as much as what was told, else what was told alone."""
    found: list[tuple[float, int, T]] = []
    for one in told:
        alike = likeness(words, one.words)
        if address and one.address:
            place = same_address(address, one.address)
            alike = (2 * place + alike) / 3 if words and one.words else place
        if alike >= ALIKE:
            found.append((-alike, one.id, one))
    return [one for _, _, one in sorted(found)[:most]]


def sent_twice(now: Telling, before: Telling) -> bool:
    """Whether somebody told the same thing of the same place again, a moment after.

    Two places that are not the same are two problems, however alike their words are; so are two
    with other answers to what their category asks.
    """
    if not timedelta() <= now.at - before.at <= TWICE_WITHIN:
        return False
    if (now.point is None) != (before.point is None):
        return False
    if now.point and before.point and distance(*now.point, *before.point) > BLUR:
        return False
    if fold(now.address or "") != fold(before.address or ""):
        return False
    said = fold(now.words or "")
    return bool(said) and said == fold(before.words or "") and now.answers == before.answers
