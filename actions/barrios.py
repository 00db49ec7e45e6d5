"""In which barrio an address lies: the one it names, else the one that its teller says.

A point needs no saying: the outlines know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.act import Act
from civic.territory import Place
from flows.context import Option
from flows.phrase import N_, Phrase, say

IN = N_("{place} ({around})")


def lister(act: Act) -> Callable[[Mapping[str, Any]], Sequence[Option]]:
    """Makes the list of where an address may lie, from the answers of a report so far."""
    return lambda answers: options(act, answers)


def options(act: Act, answers: Mapping[str, Any]) -> list[Option]:
    """The barrios an address may lie in, by their keys; none for a point, nor for an address that
    names its barrio. Of one that names a comuna, those in it."""
    place = answers.get("place")
    if not isinstance(place, Mapping) or "words" not in place:
        return []
    atlas = act.town.atlas
    named = atlas.named(place["words"])
    maybe = atlas.leaves(named.id if named is not None else None)
    if len(maybe) < 2:
        return []
    alike = Counter(barrio.name for barrio in maybe)
    return [Option(one.key, _label(act, one, alone=alike[one.name] == 1)) for one in maybe]


def of_address(act: Act, address: str, said: str | None) -> Place | None:
    """The territory an address lies in: the one whose key was said, else the one it names."""
    atlas = act.town.atlas
    known = next((place for place in atlas.places if place.key == said), None)
    return known if known is not None else atlas.named(address)


def _label(act: Act, barrio: Place, *, alone: bool) -> Phrase:
    around = act.town.atlas.get(barrio.parent_id) if barrio.parent_id is not None else None
    if alone or around is None:
        return barrio.name
    return say(IN, place=barrio.name, around=around.name)
