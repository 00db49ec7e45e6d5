"""A town that asks more about some categories, and edits what it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.context import Context, Option
from flows.declare import Flow, flow, flow_of
from flows.grown import Chose, grown
from flows.questions import ask_photos, ask_text, choose
from flows.spec import questions_of
from flows.values import Picture
from tests.flows.english import spell
from tests.flows.person import NOW, locate

Specs = Mapping[str, Sequence[Mapping[str, Any]]]
KEYS = ("light", "pothole", "rubbish")
IDS = {key: number for number, key in enumerate(KEYS, 1)}


def said(text: str) -> dict[str, str]:
    """A text in both languages of a town."""
    return {"es": f"¿{text}", "en": text}


def spec(key: str, kind: str, *choices: str, required: bool = True, text: str = "") -> Any:
    """A question as the town's file has it."""
    return {
        "key": key,
        "text": said(text or f"{key} ({kind})?"),
        "kind": kind,
        "required": required,
        "choices": [{"key": one, "names": said(one.title())} for one in choices],
    }


SPECS: Specs = {
    "light": [
        spec("pole", "text"),
        spec("lamps", "number"),
        spec("danger", "yes_no"),
    ],
    "pothole": [
        spec("size", "choice", "small", "big"),
        spec("near", "choices", "school", "clinic", "market", required=False),
        spec("since", "date", required=False),
    ],
}


@flow("told", title="Tell us", review="Send it?")
class Told:
    """A problem, as every town asks it."""

    category: str = choose("What?", short="About", options="categories")
    details: str = ask_text("Tell us.", short="Details")
    photos: tuple[Picture, ...] = ask_photos("Photos?", short="Photos", optional=True)


TOLD = flow_of[Told]


def town_flow(specs: Specs = SPECS) -> Flow:
    """The flow as a town with these questions asks it."""
    more: dict[str, Any] = {}
    for key, asked in specs.items():
        more |= questions_of(IDS[key], asked, when=Chose("category", key))
    return grown(TOLD, after="category", questions=more)


def around(keys: Sequence[str] = KEYS) -> Context:
    """A town with these categories."""
    return Context(NOW, {"categories": [Option(key, key.title()) for key in keys]}, spell, locate)
