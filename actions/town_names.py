"""The names that are the town's own: its places, its subjects, its groups, who does its work.

Nobody bears them before others, and in a text they name nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import select

from actions.act import Act
from civic.words import fold
from storage.group import WorkingGroup


def is_the_towns(act: Act, name: str) -> bool:
    """Whether a name is one of the town's own, however it is written."""
    return fold(name) in set(map(fold, _all(act)))


def _all(act: Act) -> Iterator[str]:
    town = act.town
    yield town.name
    for place in (*town.territories, *town.retired_territories):
        yield place.name
    for category in (*town.categories, *town.retired_categories):
        yield from category.names.values()
        yield from category.responsible.values()
    yield from act.session.exec(select(WorkingGroup.name))
