"""Counting an approval vote: every ballot weighs the same, and a tie stays a tie.

The result depends on the ballots alone, not on their order: nobody is drawn by lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """`totals` are (option, ballots for it) in the vote's order; `winners` share the most.

    `void` ballots named nothing on the list or more than was allowed: they are in `ballots` but
    weigh nothing.
    """

    ballots: int
    void: int
    totals: tuple[tuple[int, int], ...]
    winners: tuple[int, ...]

    @property
    def tied(self) -> bool:
        """Whether more than one option got the most."""
        return len(self.winners) > 1


def count(options: Sequence[int], ballots: Iterable[Sequence[int]], at_most: int) -> Count:
    """Count ballots, each a list of approved options; an option twice on one counts once.

    Raises ValueError when `options` repeat or `at_most` is not positive. With no valid approval
    there is no winner.
    """
    totals = dict.fromkeys(options, 0)
    if len(totals) != len(options):
        raise ValueError("an option is listed twice")
    if at_most < 1:
        raise ValueError("a ballot must allow at least one option")
    cast = void = 0
    for ballot in ballots:
        cast += 1
        approved = set(ballot)
        if not approved or len(approved) > at_most or not approved <= totals.keys():
            void += 1
            continue
        for option in approved:
            totals[option] += 1
    most = max(totals.values(), default=0)
    winners = tuple(option for option, votes in totals.items() if votes == most) if most else ()
    return Count(cast, void, tuple(totals.items()), winners)
