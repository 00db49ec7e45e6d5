"""Counting reports: how many were told, how long repairs took, what the neighbours confirm.

Of the reports told in a time it is counted what became of them; of the repairs done in it, whenever
they were told, how long they took. (Of what was told lately only the quick repairs are done.)
What took long counts as much as what was quick: times are the middle one and the one that nine in
ten do not exceed, never an average. A tally can be put away as plain data and gone on with.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from civic.lifecycle import CLOSED, DUPLICATE, FIXED, HIDDEN

ELSEWHERE: Final = 0
"""The number under which reports without a territory are counted."""
AN_HOUR: Final = 3600


@dataclass(slots=True)
class Tally:
    """Counts of some reports, and of some repairs.

    `fixed` and `closed` are of those told. `hours` says how many repairs took how many hours, each
    begun one as a whole; neighbours were `asked` about some of them, and `confirmed` some of those.
    """

    told: int = 0
    fixed: int = 0
    closed: int = 0
    asked: int = 0
    confirmed: int = 0
    hours: Counter[int] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        """Of those told, neither fixed nor closed."""
        return self.told - self.fixed - self.closed

    @property
    def repairs(self) -> int:
        """How many repairs were counted."""
        return self.hours.total()

    def add_told(self, state: str) -> None:
        """Count one report that was told."""
        self.told += 1
        self.fixed += state == FIXED
        self.closed += state == CLOSED

    def add_repair(
        self, told_at: datetime, fixed_at: datetime, *, asked: bool, confirmed: bool
    ) -> None:
        """Count one repair; nobody can have confirmed it who was not asked."""
        # A clock that was set back must not make a repair quicker than at once.
        took = max(0.0, (fixed_at - told_at).total_seconds())
        self.hours[math.ceil(took / AN_HOUR)] += 1
        self.asked += asked
        self.confirmed += asked and confirmed

    def within(self, share: float) -> int | None:
        """The hours within which that share of the repairs was done; None without repairs."""
        wanted = math.ceil(share * self.repairs)
        seen = 0
        for hours in sorted(self.hours):
            seen += self.hours[hours]
            if seen >= wanted:
                return hours
        return None

    def plain(self) -> list[Any]:
        """As plain data."""
        counts = [self.told, self.fixed, self.closed, self.asked, self.confirmed]
        return [*counts, sorted(self.hours.items())]

    @classmethod
    def of(cls, plain: list[Any]) -> Tally:
        """What `plain` put away."""
        told, fixed, closed, asked, confirmed, hours = plain
        return cls(told, fixed, closed, asked, confirmed, Counter(dict(hours)))


@dataclass(slots=True)
class Figures:
    """The tally of everything, and one for each category and territory (by their numbers)."""

    whole: Tally = field(default_factory=Tally)
    categories: dict[int, Tally] = field(default_factory=dict)
    territories: dict[int, Tally] = field(default_factory=dict)

    def add_told(
        self, category: int, territory: int | None, state: str, closed_as: str | None
    ) -> None:
        """Count one report that was told.

        What was hidden is nobody's problem, and what tells the same as another is counted there.
        """
        if state == HIDDEN or (state == CLOSED and closed_as == DUPLICATE):
            return
        for tally in self._of(category, territory):
            tally.add_told(state)

    def add_repair(
        self,
        category: int,
        territory: int | None,
        told_at: datetime,
        fixed_at: datetime,
        *,
        asked: bool,
        confirmed: bool,
    ) -> None:
        """Count one repair that stands."""
        for tally in self._of(category, territory):
            tally.add_repair(told_at, fixed_at, asked=asked, confirmed=confirmed)

    def _of(self, category: int, territory: int | None) -> tuple[Tally, Tally, Tally]:
        return (
            self.whole,
            self.categories.setdefault(category, Tally()),
            self.territories.setdefault(territory or ELSEWHERE, Tally()),
        )

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "whole": self.whole.plain(),
            "categories": [[n, tally.plain()] for n, tally in self.categories.items()],
            "territories": [[n, tally.plain()] for n, tally in self.territories.items()],
        }

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Figures:
        """What `plain` put away."""
        return cls(
            Tally.of(plain["whole"]),
            {n: Tally.of(tally) for n, tally in plain["categories"]},
            {n: Tally.of(tally) for n, tally in plain["territories"]},
        )


def ranked(tallies: dict[int, Tally]) -> list[tuple[int, Tally]]:
    """The most reports first, then the most repairs; where there are as many, the lower number."""
    return sorted(tallies.items(), key=lambda each: (-each[1].told, -each[1].repairs, each[0]))


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for tally in tallies:
        whole.told += tally.told
        whole.fixed += tally.fixed
        whole.closed += tally.closed
        whole.asked += tally.asked
        whole.confirmed += tally.confirmed
        whole.hours += tally.hours
    return whole
