"""What happened in an invented town: the same story for the same seed, town and present.

Everything is drawn from one seeded source in a fixed order, and nothing happens after the present.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shapely.geometry import shape
from sqlmodel import Session

from bot.past_words import ANSWERS, CLOSINGS, GIVEN_NAMES, KINDS, PLEAS, SINCES, SPOTS
from civic.lifecycle import CLOSED, CONFIRMED, FIXED, IN_PROGRESS, RECEIVED, REOPENED
from civic.moments import days_later, to_utc
from civic.territory import Atlas, Place
from storage.town import Category, Territory, categories, territories, the_town

# How a town wakes and sleeps: the weight of each hour of the day in which people write.
HOURS = (0, 0, 0, 0, 0, 1, 4, 8, 9, 7, 6, 6, 7, 5, 4, 4, 5, 7, 9, 9, 6, 4, 2, 1)


class NoPast(ValueError):
    """The town has no category or no outline that the story could be about."""


@dataclass(slots=True)
class Happening:
    """An event of a report: at a moment, its kind, the states around it, words."""

    at: datetime
    kind: str
    before: str | None = None
    after: str | None = None
    words: str | None = None


@dataclass(slots=True)
class Tale:
    """One past report; `person` is a neighbour's place in the list, None for one who was erased."""

    person: int | None
    category_id: int
    territory_id: int
    latitude: float
    longitude: float
    words: str
    happenings: list[Happening] = field(default_factory=list)


class Story:
    """Everything that happened, from a seed and the town; the same again for the same ones."""

    def __init__(
        self, session: Session, seed: int, now: datetime, months: int, reports: int
    ) -> None:
        town = the_town(session)
        places = territories(session)
        kinds = [c for c in categories(session) if c.key in KINDS]
        parents = {place.parent_id for place in places}
        homes = [p for p in places if p.id not in parents and p.outline is not None]
        if town is None or not kinds or not homes:
            raise NoPast("the town has no category or no barrio that a past could be told of")
        self.zone = ZoneInfo(town.timezone)
        self.language = town.language
        self.privacy_version = town.privacy_version
        self.follow_up_days = town.follow_up_days
        self.now = now.astimezone(UTC)
        self.begins = days_later(self.now, -30 * months, self.zone)
        self.chance = random.Random(seed)
        self._atlas = Atlas([Place(p.id or 0, p.key, p.name, None, p.outline) for p in homes])
        self._centres = {p.id or 0: list(self._hot_spots(p)) for p in homes}
        self._spread = {p.id or 0: math.sqrt(shape(p.outline).area) / 9 for p in homes}
        self.people = self._cast(homes, max(1, reports // 3))
        written = sorted(self._moment_of_writing(months) for _ in range(reports))
        self.tales = [self._tale(at, kinds, homes) for at in written]

    def _hot_spots(self, place: Territory) -> Iterator[tuple[float, float]]:
        """Three corners of a barrio where things break."""
        west, south, east, north = shape(place.outline).bounds
        found = 0
        while found < 3:
            x, y = self.chance.uniform(west, east), self.chance.uniform(south, north)
            if self._is_in(place.id or 0, y, x):
                found += 1
                yield y, x

    def _is_in(self, place_id: int, latitude: float, longitude: float) -> bool:
        found = self._atlas.locate(latitude, longitude)
        return found is not None and found.id == place_id

    def _cast(self, homes: Sequence[Territory], number: int) -> list[tuple[str, int]]:
        return [
            (
                f"{self.chance.choice(GIVEN_NAMES)} {self.chance.choice('ABCDGHLMOPRSTV')}.",
                self.chance.choice(homes).id or 0,
            )
            for _ in range(number)
        ]

    def _moment_of_writing(self, months: int) -> datetime:
        """More of them lately: a bot becomes known."""
        days = 30 * months * math.sqrt(self.chance.random())
        day = (self.begins + timedelta(days=days)).astimezone(self.zone)
        hour = self.chance.choices(range(24), HOURS)[0]
        wall = f"{day:%Y-%m-%d}T{hour:02}:{self.chance.randrange(60):02}"
        at = max(to_utc(wall, self.zone), self.begins)
        return at if at < self.now else at - timedelta(days=1)

    def _tale(self, at: datetime, kinds: Sequence[Category], homes: Sequence[Territory]) -> Tale:
        chance = self.chance
        kind = chance.choices(kinds, [KINDS[c.key].weight for c in kinds])[0]
        # Neighbours tell of their own barrio, mostly; one in seven was erased since.
        person: int | None = chance.randrange(len(self.people))
        home = self.people[person or 0][1]
        if chance.random() < 0.25:
            home = chance.choice(homes).id or 0
        if chance.random() < 1 / 7:
            person = None
        latitude, longitude = self._point(home)
        says = [
            chance.choice(KINDS[kind.key].problems).format(spot=chance.choice(SPOTS)),
            chance.choice(SINCES),
            chance.choice(PLEAS),
        ]
        tale = Tale(
            person, kind.id or 0, home, latitude, longitude, " ".join(part for part in says if part)
        )
        days = kind.follow_up_days or self.follow_up_days
        planned = self._life(at, KINDS[kind.key].days, days)
        tale.happenings = [h for i, h in enumerate(planned) if i == 0 or h.at <= self.now]
        return tale

    def _point(self, place_id: int) -> tuple[float, float]:
        centre = self.chance.choice(self._centres[place_id])
        for _ in range(200):
            spread = self._spread[place_id]
            y, x = self.chance.gauss(centre[0], spread), self.chance.gauss(centre[1], spread)
            if self._is_in(place_id, round(y, 6), round(x, 6)):
                return round(y, 6), round(x, 6)
        return centre

    def _life(self, at: datetime, days: float, follow_up: int) -> list[Happening]:
        """What happens to a report, whenever: the caller cuts it off at the present."""
        chance = self.chance
        life = [Happening(at, "state", None, RECEIVED)]

        def move(after: str, median: float, words: str | None = None) -> None:
            before = [h.after for h in life if h.kind == "state"][-1]
            later = life[-1].at + timedelta(days=median * math.exp(chance.gauss(0, 0.7)))
            life.append(Happening(self._at_work(later), "state", before, after, words))

        course = chance.random()
        if chance.random() < 0.75:
            move(CONFIRMED, 1.3)
        if course < 0.12:
            move(CLOSED, 3, chance.choice(CLOSINGS))
            return life
        move(IN_PROGRESS, days / 3)
        if chance.random() < 0.3:
            later = self._at_work(life[-1].at + timedelta(days=chance.uniform(0.2, 3)))
            life.append(Happening(later, "answer", words=chance.choice(ANSWERS)))
        if course < 0.2:
            # Some wait for a budget, and are still waiting.
            return life
        move(FIXED, days * 2 / 3)
        asked = days_later(life[-1].at, follow_up, self.zone)
        answered = asked + timedelta(minutes=chance.uniform(3, 2000))
        verdict = chance.random()
        if verdict < 0.55:
            life.append(Happening(answered, "kept"))
        elif verdict < 0.7:
            life.append(Happening(answered, "verdict"))
            life.append(Happening(answered, "state", FIXED, REOPENED))
            move(IN_PROGRESS, 1)
            move(FIXED, days / 2)
        return life

    def _at_work(self, moment: datetime) -> datetime:
        """The same, or the next moment at which somebody is at the town hall."""
        local = moment.astimezone(self.zone)
        minute = self.chance.randrange(60)
        while local.weekday() >= 5 or not 8 <= local.hour < 17:
            local = (local + timedelta(hours=1)).replace(minute=minute, second=0, microsecond=0)
        return local.astimezone(UTC)
