"""Counting reports: how many were told and fixed, how long it took, what the neighbours confirm.

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

from civic.lifecycle import CLOSED, FIXED, HIDDEN

ELSEWHERE: Final = 0
"""The number under which reports without a territory are counted."""


@dataclass(slots=True)
class Tally:
    """Counts of some reports; `hours` says how many repairs took how many whole hours."""

    told: int = 0
    fixed: int = 0
    closed: int = 0
    confirmed: int = 0
    hours: Counter[int] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        """Neither fixed nor closed."""
        return self.told - self.fixed - self.closed

    def add(
        self, state: str, told_at: datetime, fixed_at: datetime | None, confirmed: bool
    ) -> None:
        """Count one report."""
        self.told += 1
        if state == CLOSED:
            self.closed += 1
        if state != FIXED or fixed_at is None:
            return
        self.fixed += 1
        self.confirmed += confirmed
        # A clock that was set back must not make a repair quicker than at once.
        self.hours[max(0, int((fixed_at - told_at).total_seconds() // 3600))] += 1

    def within(self, share: float) -> int | None:
        """The hours within which that share of the repairs was done; None without repairs."""
        wanted = math.ceil(share * self.fixed)
        seen = 0
        for hours in sorted(self.hours):
            seen += self.hours[hours]
            if seen >= wanted:
                return hours
        return None

    def plain(self) -> list[Any]:
        """As plain data."""
        counts = [self.told, self.fixed, self.closed, self.confirmed]
        return [*counts, sorted(self.hours.items())]

    @classmethod
    def of(cls, plain: list[Any]) -> Tally:
        """What `plain` put away."""
        told, fixed, closed, confirmed, hours = plain
        return cls(told, fixed, closed, confirmed, Counter(dict(hours)))


@dataclass(slots=True)
class Figures:
    """The tally of everything, and one for each category and territory (by their numbers)."""

    whole: Tally = field(default_factory=Tally)
    categories: dict[int, Tally] = field(default_factory=dict)
    territories: dict[int, Tally] = field(default_factory=dict)

    def add(
        self,
        *,
        category: int,
        territory: int | None,
        state: str,
        told_at: datetime,
        fixed_at: datetime | None,
        confirmed: bool,
    ) -> None:
        """Count one report; what was hidden is nobody's problem and does not count."""
        if state == HIDDEN:
            return
        for tally in (
            self.whole,
            self.categories.setdefault(category, Tally()),
            self.territories.setdefault(territory or ELSEWHERE, Tally()),
        ):
            tally.add(state, told_at, fixed_at, confirmed)

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
    """The most reports first; where there are as many, the lower number first."""
    return sorted(tallies.items(), key=lambda each: (-each[1].told, each[0]))


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    whole = Tally()
    for tally in tallies:
        whole.told += tally.told
        whole.fixed += tally.fixed
        whole.closed += tally.closed
        whole.confirmed += tally.confirmed
        whole.hours += tally.hours
    return whole
