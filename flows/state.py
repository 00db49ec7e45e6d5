"""A conversation between two turns is plain JSON, so any process can go on with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flows.context import Context
from flows.declare import Flow
from flows.question import Part
from flows.tokens import check_serial

REVIEW = "!review"
CHANGE = "!change"


@dataclass(slots=True)
class State:
    """One conversation's state.

    at: the question asked, REVIEW or CHANGE. step: grows with every question asked.
    answers: JSON by question, None where skipped. sources: question -> number of the message
    that answered it. parts: what is half given. last: the last token that did something.
    refused: number of the last message refused; cut: it was as long as a message gets, so the
    next one may be its rest. keys: a reply keyboard is showing.
    leaving: "discard?" was asked. changing: one answer is being changed from the review.
    album: {"id", "name", "said"?} of the album last taken from.
    shots: a kept photo's unique id -> number of the message it came with.
    prefilled: questions answered before the conversation began, which nobody counts.
    passed: questions whose list was empty when they were reached; looked at again at the end.
    """

    serial: str
    at: str = ""
    step: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    last: str | None = None
    refused: int | None = None
    cut: bool = False
    keys: bool = False
    leaving: bool = False
    changing: bool = False
    album: dict[str, Any] | None = None
    shots: dict[str, int] = field(default_factory=dict)
    prefilled: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def dump(self, flow: Flow) -> dict[str, Any]:
        """The state as JSON; what is empty is left out."""
        raw: dict[str, Any] = {
            "flow": flow.name,
            "version": flow.version,
            "serial": self.serial,
            "at": self.at,
            "step": self.step,
            "answers": self.answers,
        }
        for name in _OPTIONAL:
            value = getattr(self, name)
            if value:
                raw[name] = value
        return raw


_OPTIONAL = (
    "sources",
    "parts",
    "last",
    "refused",
    "cut",
    "keys",
    "leaving",
    "changing",
    "album",
    "shots",
    "prefilled",
    "passed",
)


def loads(flow: Flow, raw: Any) -> bool:
    """Whether the state was written by this very version of the flow."""
    return (
        isinstance(raw, dict)
        and raw.get("flow") == flow.name
        and raw.get("version") == flow.version
    )


def load(flow: Flow, raw: Any) -> State:
    """The state as it was written; of something that is no state of this flow, only the serial."""
    if not isinstance(raw, dict) or raw.get("flow") != flow.name:
        return State(_serial(raw))
    try:
        return State(
            serial=check_serial(raw["serial"]),
            at=str(raw["at"]),
            step=int(raw["step"]),
            answers=dict(raw["answers"]),
            sources=dict(raw.get("sources", ())),
            shots=dict(raw.get("shots", ())),
            parts={name: dict(part) for name, part in raw.get("parts", {}).items()},
            last=raw.get("last"),
            refused=raw.get("refused"),
            cut=bool(raw.get("cut")),
            keys=bool(raw.get("keys")),
            leaving=bool(raw.get("leaving")),
            changing=bool(raw.get("changing")),
            album=dict(raw["album"]) if raw.get("album") else None,
            prefilled=list(raw.get("prefilled", ())),
            passed=list(raw.get("passed", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return State(_serial(raw))


def refit(flow: Flow, raw: Any, state: State, context: Context) -> bool:
    """Drop from a state what the flow, as it is asked now, has no use for any more.

    Whether an answer somebody gave was among it. What was half given to a question whose
    declaration has changed is not trusted.
    """
    version = raw.get("version") if isinstance(raw, dict) else None
    if version == flow.version:
        return False
    same_base = isinstance(version, str) and version.partition(".")[0] == flow.base
    if not same_base:
        state.parts = {}
        state.album = None
    lost = False
    for name, value in list(state.answers.items()):
        if same_base and name in flow.trunk and name != flow.fork:
            continue
        question = flow.questions.get(name)
        if question is not None:
            holds = question.optional if value is None else question.fits(value, context)
            if holds:
                continue
        del state.answers[name]
        state.sources.pop(name, None)
        if name in state.prefilled:
            state.prefilled.remove(name)
        lost = lost or value is not None
    return lost


def _serial(raw: Any) -> str:
    serial = raw.get("serial") if isinstance(raw, dict) else None
    try:
        return check_serial(serial) if isinstance(serial, str) else "0"
    except ValueError:
        return "0"
