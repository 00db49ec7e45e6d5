"""The names that are the town's own: its places, its subjects, its groups, who does its work.

Nobody bears them before others, and in a text they name nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import select

from actions.act import Act
from civic import naming
from civic.words import fold
from storage.group import WorkingGroup


def is_the_towns(act: Act, name: str) -> bool:
    """Whether a name is one of the town's own, however it is written."""
    return fold(name) in set(map(fold, _all(act)))


def speaks_for_the_town(act: Act, name: str, team: Iterable[str]) -> bool:
    """Whether neighbours could take whoever bears a name for the town, for a body that does its
    work, or for somebody of its team (`team`: their names)."""
    said = f" {fold(name)} "
    if said.strip() == fold(act.town.name) or naming.OFFICIAL & set(said.split()):
        return True
    bodies = (body for category in act.town.categories for body in category.responsible.values())
    for theirs in map(fold, (*bodies, *team)):
        # A single word is many people's name: it is somebody of the team's only by itself.
        if theirs and (said.strip() == theirs or (" " in theirs and f" {theirs} " in said)):
            return True
    return False


def _all(act: Act) -> Iterator[str]:
    town = act.town
    yield town.name
    for place in (*town.territories, *town.retired_territories):
        yield place.name
    for category in (*town.categories, *town.retired_categories):
        yield from category.names.values()
        yield from category.responsible.values()
    yield from act.session.exec(select(WorkingGroup.name))
