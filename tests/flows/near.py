"""A flow that asks whether it is one of those there are already: its list is made from answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.context import Context, Option
from flows.declare import flow, flow_of
from flows.questions import ask_text, choose
from tests.flows.english import spell
from tests.flows.person import NOW, context, locate

NEAR = {
    "pothole": [
        Option("1", "Hole in Calle 5"),
        Option("2", "Hole in Calle 6"),
        Option("-", "None"),
    ],
    "light": [Option("3", "Lamp in Calle 5"), Option("-", "None")],
}


@flow("near", title="Near", review="Send it?")
class Near:
    """Something that may be known already."""

    category: str = choose("What?", options="categories")
    details: str = ask_text("Tell us.")
    same: str | None = choose(
        "Is it one of these?",
        options="near",
        skip_empty=True,
        ends=lambda value: value != "-",
    )
    more: str | None = ask_text("Anything else?", optional=True)


NEAR_FLOW = flow_of[Near]


class Neighbourhood:
    """Counts how often it is looked round."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, answers: Mapping[str, Any]) -> Sequence[Option]:
        self.asked.append(dict(answers))
        return NEAR.get(answers.get("category", ""), [])

    def context(self) -> Context:
        """A town in which this is looked up."""
        around = context()
        return Context(NOW, {**around.lists, "near": self}, spell, locate)
