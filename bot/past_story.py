"""What happened in an invented town: the same story for the same seed, town and present.

Everything is drawn from one seeded source in a fixed order, and nothing happens after the present.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shapely.geometry import shape
from sqlmodel import Session

from bot.past_life import Happening, Hours, Life, merged, state_at
from bot.past_words import (
    GIVEN_NAMES,
    KINDS,
    NO_REPORTS,
    PLEAS,
    PSEUDONYMS,
    SINCES,
    SPOTS,
    TEXTS,
)
from civic.lifecycle import BODY, FIXED, OPEN
from civic.moments import days_later, to_utc
from civic.territory import Atlas, Place, distance
from storage.person import GESTOR as GESTORA
from storage.person import LEADER, holders
from storage.report_event import MERGED, STATE, SUPPORTED
from storage.town import Category, Territory, categories, territories, the_town

# How a town wakes and sleeps: the weight of each hour of the day in which people write.
HOURS = (0, 0, 0, 0, 0, 1, 4, 8, 9, 7, 6, 6, 7, 5, 4, 4, 5, 7, 9, 9, 6, 4, 2, 1)
ECHO_DAYS = 9
"""For so long somebody else may tell the same thing again."""
FOLLOWED = 3
"""So many repairs that are soon asked about were joined by whoever of the demo leads a group."""


class NoPast(ValueError):
    """The town has no category or no outline that the story could be about."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody of the past: their name, the barrio they live in, how others see them."""

    name: str
    home: int
    pseudonym: str | None = None


@dataclass(slots=True)
class Tale:
    """One past report; `person` is a neighbour's place in the list, None for one who was erased."""

    person: int | None
    category_id: int
    territory_id: int
    latitude: float
    longitude: float
    words: str
    attributes: dict[str, Any] = field(default_factory=dict)
    private: bool = False
    happenings: list[Happening] = field(default_factory=list)
    # The whole of it, also what lies beyond the present.
    problem: str = ""
    repeats: int | None = None

    @property
    def told_at(self) -> datetime:
        """When it was told."""
        return self.happenings[0].at


class Story:
    """Everything that happened, from a seed and the town; the same again for the same ones.

    `people` are the neighbours of the past; after them come, by their place, those `leaders` who
    are there already. `gestoras` are the people's numbers of the team.
    """

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
        self.hours = Hours(
            self.zone,
            frozenset(town.weekend),
            frozenset(map(date.fromisoformat, town.holidays)),
        )
        self.language = town.language
        self.privacy_version = town.privacy_version
        self.follow_up_days = town.follow_up_days
        self.now = now.astimezone(UTC)
        self.begins = days_later(self.now, -30 * months, self.zone)
        self.chance = random.Random(seed)
        self.gestoras = [person.id or 0 for person in holders(session, GESTORA)]
        known = [p for p in holders(session, LEADER) if p.territory_id in {h.id for h in homes}]
        self.leaders = [person.id or 0 for person in known]
        self.kinds = {kind.id or 0: kind for kind in kinds}
        self._atlas = Atlas([Place(p.id or 0, p.key, p.name, None, p.outline) for p in homes])
        self._centres = {p.id or 0: list(self._hot_spots(p)) for p in homes}
        self._spread = {p.id or 0: math.sqrt(shape(p.outline).area) / 9 for p in homes}
        self.people = self._cast(homes, max(1, reports // 3))
        self._homes = [one.home for one in self.people]
        self._homes += [person.territory_id or 0 for person in known]
        self.tales: list[Tale] = []
        for at in sorted(self._moment_of_writing(months) for _ in range(reports)):
            self.tales.append(self._tale(at, kinds, homes))
        for number, tale in enumerate(self.tales):
            self._merge(number, tale)
        for place in range(len(self.people), len(self._homes)):
            self._follow(place)
        for tale in self.tales:
            tale.happenings = [h for i, h in enumerate(tale.happenings) if not i or h.at <= now]

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

    def _cast(self, homes: Sequence[Territory], number: int) -> list[Neighbour]:
        chance = self.chance
        names = chance.sample(PSEUDONYMS, len(PSEUDONYMS))
        return [
            Neighbour(
                f"{chance.choice(GIVEN_NAMES)} {chance.choice('ABCDGHLMOPRSTV')}.",
                chance.choice(homes).id or 0,
                names.pop() if chance.random() < 0.15 and names else None,
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
        person: int | None = chance.randrange(len(self._homes))
        home = self._homes[person or 0]
        if chance.random() < 0.25:
            home = chance.choice(homes).id or 0
        if chance.random() < 1 / 7 and (person or 0) < len(self.people):
            person = None
        echoed = self._echoed(at, person) if chance.random() < 0.2 else None
        if echoed is not None:
            return self._echo(at, person, echoed)
        problem = chance.choice(KINDS[kind.key].problems).format(spot=chance.choice(SPOTS))
        tale = Tale(person, kind.id or 0, home, *self._point(home), "", problem=problem)
        self._fill(tale, at)
        return tale

    def _echoed(self, at: datetime, person: int | None) -> int | None:
        """A tale of the last days that somebody else may tell again."""
        fresh = [
            number
            for number, tale in enumerate(self.tales)
            if tale.told_at > at - timedelta(days=ECHO_DAYS)
            and tale.repeats is None
            and not tale.private
            and tale.person != person
            and state_at(tale.happenings, at) in OPEN
        ]
        return self.chance.choice(fresh) if fresh else None

    def _echo(self, at: datetime, person: int | None, number: int) -> Tale:
        """The same told again from a few steps away: sometimes seen by the team, sometimes not."""
        first, chance = self.tales[number], self.chance
        point = (first.latitude, first.longitude)
        for _ in range(20):
            near = (
                round(first.latitude + chance.uniform(-0.0009, 0.0009), 6),
                round(first.longitude + chance.uniform(-0.0009, 0.0009), 6),
            )
            if self._is_in(first.territory_id, *near) and distance(*near, *point) < 130:
                point = near
                break
        tale = Tale(
            person, first.category_id, first.territory_id, *point, "", problem=first.problem
        )
        self._fill(tale, at, of=number if chance.random() < 0.5 else None)
        return tale

    def _fill(self, tale: Tale, at: datetime, of: int | None = None) -> None:
        """Its words, its answers and everything that became of it."""
        chance, kind = self.chance, self.kinds[tale.category_id]
        says = [
            tale.problem,
            chance.choice(SINCES),
            chance.choice(PLEAS),
        ]
        tale.words = " ".join(part for part in says if part)
        tale.attributes = self._attributes(kind.questions, at)
        days = KINDS[kind.key].days
        follow_up = kind.follow_up_days or self.follow_up_days
        life = Life(chance, self.hours, tale.person, at, len(self.gestoras))
        tale.happenings = life.happenings
        fate = chance.random()
        others = [place for place in range(len(self.people)) if place != tale.person]
        if of is not None:
            closed = life.repeat(of)
            before = state_at(self.tales[of].happenings, closed.at)
            if before in (*OPEN, FIXED):
                tale.repeats = of
                life.join(others, self.now)
                return
            # The other one was over by then: this one goes its own way.
            life = Life(chance, self.hours, tale.person, at, len(self.gestoras))
            tale.happenings = life.happenings
        elif fate < 0.03:
            tale.words = chance.choice(NO_REPORTS)
            tale.attributes = {}
            life.hide()
            return
        elif fate < 0.09:
            tale.private = True
            life.keep_private()
        life.run(days)
        if not tale.private:
            life.join(others, self.now)
        life.ask(follow_up, days)

    def _attributes(self, questions: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any]:
        """What was answered to the category's own questions; most are answered, not all."""
        chance, found = self.chance, {}
        for question in questions:
            if chance.random() < 0.25 and not question.get("required"):
                continue
            found[str(question["key"])] = self._answer(question, at)
        return found

    def _answer(self, question: Mapping[str, Any], at: datetime) -> Any:
        chance = self.chance
        choices = [choice["key"] for choice in question.get("choices") or ()]
        match question["kind"]:
            case "choice":
                return chance.choice(choices)
            case "choices":
                return chance.sample(choices, chance.randint(1, len(choices)))
            case "yes_no":
                return chance.random() < 0.6
            case "number":
                return chance.randint(1, 4)
            case "date":
                day = at.astimezone(self.zone).date() - timedelta(days=chance.randint(0, 12))
                return day.isoformat()
            case _:
                return chance.choice(TEXTS)

    def _merge(self, number: int, tale: Tale) -> None:
        """Whoever waits for a duplicate waits for what it repeats from then on."""
        if tale.repeats is None:
            return
        closed = next(h for h in tale.happenings if h.other is not None)
        original = self.tales[tale.repeats]
        waiting = [tale.person]
        waiting += [h.neighbour for h in tale.happenings if h.kind == SUPPORTED]
        there = {original.person}
        for happening in original.happenings:
            if happening.at <= closed.at:
                there |= {happening.neighbour} if happening.kind == SUPPORTED else set()
                there |= set(happening.joining)
        joining = [p for p in dict.fromkeys(waiting) if p is not None and p not in there]
        # Who has joined already does not join again.
        kept = [
            h
            for h in original.happenings
            if h.kind != SUPPORTED or h.at <= closed.at or h.neighbour not in joining
        ]
        for later in kept:
            if later.kind == MERGED and later.at > closed.at:
                later.joining = [p for p in later.joining if p not in joining]
        kept.append(merged(closed, number, joining))
        original.happenings = sorted(kept, key=lambda happening: happening.at)

    def _follow(self, place: int) -> None:
        """Somebody who is there already joined a few that are soon asked about."""
        soon = []
        for tale in self.tales:
            moves = [h for h in tale.happenings if h.kind == STATE and h.at <= self.now]
            last = moves[-1] if moves else tale.happenings[0]
            kind = self.kinds[tale.category_id]
            asked = days_later(last.at, kind.follow_up_days or self.follow_up_days, self.zone)
            there = {tale.person} | {h.neighbour for h in tale.happenings}
            there |= {one for h in tale.happenings for one in h.joining}
            if tale.private or place in there or last.fixed_by != BODY or asked <= self.now:
                continue
            soon.append((asked, tale))
        for _, tale in sorted(soon, key=lambda one: one[0])[:FOLLOWED]:
            opened = next(h for h in tale.happenings if h.kind == STATE and h.after not in OPEN)
            at = tale.told_at + (opened.at - tale.told_at) / 2
            tale.happenings.append(Happening(at, SUPPORTED, neighbour=place))
            tale.happenings.sort(key=lambda happening: happening.at)

    def _point(self, place_id: int) -> tuple[float, float]:
        centre = self.chance.choice(self._centres[place_id])
        for _ in range(200):
            spread = self._spread[place_id]
            y, x = self.chance.gauss(centre[0], spread), self.chance.gauss(centre[1], spread)
            if self._is_in(place_id, round(y, 6), round(x, 6)):
                return round(y, 6), round(x, 6)
        return centre
