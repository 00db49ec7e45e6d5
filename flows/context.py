"""What a flow may know of the world in one turn: all of it handed in, nothing looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from flows.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `value` is what is kept; `hint` is a line shown above the buttons;
    `photo` (a Telegram file id) is sent before the question whenever that is asked; `remark` is
    said at once when it is chosen."""

    value: str
    label: Phrase
    hint: Phrase | None = None
    photo: str | None = None
    remark: Phrase | None = None


Lister: TypeAlias = Callable[[Mapping[str, Any]], Sequence[Option]]
"""Makes a list from the answers so far (JSON, by question): what lies near the place given."""

HandedList: TypeAlias = Sequence[Option] | Lister


def options(handed: HandedList, answers: Mapping[str, Any]) -> Sequence[Option]:
    """A list as it was handed in, or made from these answers."""
    return handed(answers) if callable(handed) else handed


@dataclass(frozen=True, slots=True)
class Context:
    """`now` is aware, in the town's zone; `spell` gives plain text in the person's language.

    `lists` holds the options a flow names, or the way to make them from the answers so far;
    `params` other values (a vote's `at_most`).
    `locate` names the territory of a point in degrees, or None for a point outside all;
    without `locate` every point of the Earth is accepted. `first_weekday`: 0 is Monday.
    """

    now: datetime
    lists: Mapping[str, HandedList]
    spell: Callable[[Phrase], str]
    locate: Callable[[float, float], Phrase | None] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    first_weekday: int = 0

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("a context's now needs the town's time zone")
