"""What the house knows of a flow beside its questions: who may, what it is handed, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from actions.act import CITIZEN, Act
from actions.world import TownView
from flows.context import HandedList
from flows.declare import Flow, flow_of
from flows.phrase import Phrase
from storage.parcel import Buttons

About: TypeAlias = dict[str, Any]
"""What a conversation is about beyond its answers: {"vote": 3}. Plain JSON, small."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a flow is handed: lists of options (or the way to make one from the answers so far,
    which is done only when its question needs it) and other values, read in this turn."""

    lists: Mapping[str, HandedList] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a finished flow is answered: values of its `done` sentence, or another text."""

    values: Mapping[str, Phrase] = field(default_factory=dict)
    text: Phrase | None = None
    buttons: Buttons | None = None
    # The action owed its own answer (a card): nothing more is said.
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """One flow of the house. `finish(act, about, record)` is where its action is called.

    `grow` gives the flow the questions that the town adds to it; asked for in every turn, it
    keeps what it made (`grown_once`).
    """

    flow: Flow
    finish: Callable[[Act, About, Any], Ending]
    hand: Callable[[Act, About], Handed] = lambda act, about: Handed()
    needs: str = CITIZEN
    grow: Callable[[Act, Flow], Flow] | None = None

    def flow_for(self, act: Act) -> Flow:
        """The flow as this town asks it today."""
        return self.flow if self.grow is None else self.grow(act, self.flow)


FLOWS: dict[str, Registration] = {}


def register(
    declared: type,
    finish: Callable[[Act, About, Any], Ending],
    hand: Callable[[Act, About], Handed] | None = None,
    needs: str = CITIZEN,
    grow: Callable[[Act, Flow], Flow] | None = None,
) -> None:
    """One line a flow: its class, the action it ends in, what it is handed, the role it needs,
    and what the town adds to it."""
    flow = flow_of[declared]
    if flow.name in FLOWS:
        raise ValueError(f"the flow {flow.name} is registered twice")
    handed = hand or (lambda act, about: Handed())
    FLOWS[flow.name] = Registration(flow, finish, handed, needs, grow)


def grown_once(make: Callable[[TownView, Flow], Flow]) -> Callable[[Act, Flow], Flow]:
    """A `grow` that makes the flow once for each reading of the town's file."""
    kept: tuple[TownView, Flow] | None = None

    def grow(act: Act, flow: Flow) -> Flow:
        nonlocal kept
        town = act.town
        # The very object: two towns of one process may both be at version 1.
        if kept is None or kept[0] is not town:
            kept = (town, make(town, flow))
        return kept[1]

    return grow
