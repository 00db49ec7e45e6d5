"""Trouble on demand: each fault says what happens, to which calls, how often; chance is seeded."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

CALL_FAULTS = frozenset(
    {"drop_before", "drop_after", "error_500", "bad_gateway", "delay", "too_many"}
)
UPDATE_FAULTS = frozenset({"duplicate", "duplicate_tap"})


@dataclass(slots=True)
class Fault:
    """One rule; `count` is how often it still strikes (None: without end)."""

    kind: str
    method: frozenset[str] = frozenset()
    chat: int | None = None
    count: int | None = None
    probability: float = 1.0
    ms: float = 0.0
    retry_after: int = 1
    pauses: bool = True
    late: bool = False
    struck: int = field(default=0)

    def describe(self) -> Json:
        """As the control API shows it."""
        return {
            "kind": self.kind,
            "method": sorted(self.method),
            "chat": self.chat,
            "count": self.count,
            "probability": self.probability,
            "ms": self.ms,
            "retry_after": self.retry_after,
            "pauses": self.pauses,
            "late": self.late,
            "struck": self.struck,
        }


def read_fault(given: Any) -> Fault:
    """A fault from JSON; ValueError with a sentence when it is none."""
    if not isinstance(given, dict):
        raise ValueError('A fault is an object such as {"kind": "delay", "ms": 200}.')
    known = {
        "kind",
        "method",
        "chat",
        "count",
        "probability",
        "ms",
        "retry_after",
        "pauses",
        "late",
    }
    if unknown := sorted(set(given) - known):
        raise ValueError(f"A fault has no field {unknown[0]!r}.")
    kind = given.get("kind")
    if kind not in CALL_FAULTS | UPDATE_FAULTS:
        raise ValueError(f"A fault's kind is one of {sorted(CALL_FAULTS | UPDATE_FAULTS)}.")
    method = given.get("method") or []
    names = [method] if isinstance(method, str) else list(method)
    probability = float(given.get("probability", 1.0))
    if not 0 <= probability <= 1:
        raise ValueError("A probability is between 0 and 1.")
    chat = given.get("chat")
    count = given.get("count")
    return Fault(
        kind=kind,
        method=frozenset(str(name).lower() for name in names),
        chat=None if chat is None else int(chat),
        count=None if count is None else int(count),
        probability=probability,
        ms=float(given.get("ms", 0)),
        retry_after=int(given.get("retry_after", 1)),
        pauses=bool(given.get("pauses", True)),
        late=bool(given.get("late", False)),
    )


class Faults:
    """The rules in force; several may strike one call (a delay and then a drop)."""

    def __init__(self, seed: int = 0) -> None:
        self._rules: list[Fault] = []
        self._chance = random.Random(seed)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def set(self, given: list[Any], seed: int | None = None) -> None:
        """Replace all rules; an empty list clears them. A seed makes chance repeat itself."""
        self._rules = [read_fault(fault) for fault in given]
        if seed is not None:
            self._chance = random.Random(seed)

    def add(self, **fault: Any) -> None:
        """Add one rule, fields as in `read_fault`."""
        self._rules.append(read_fault(fault))

    def clear(self) -> None:
        """No more trouble."""
        self._rules = []

    def describe(self) -> list[Json]:
        """The rules and how often each has struck."""
        return [fault.describe() for fault in self._rules]

    def strike(self, kinds: frozenset[str], method: str, chat: int | None) -> list[Fault]:
        """The rules that strike this call (or update, `method` being its type) now."""
        struck: list[Fault] = []
        for fault in self._rules:
            if (
                fault.kind in kinds
                and (not fault.method or method in fault.method)
                and (fault.chat is None or fault.chat == chat)
                and fault.count != 0
                and (fault.probability >= 1 or self._chance.random() < fault.probability)
            ):
                fault.struck += 1
                if fault.count is not None:
                    fault.count -= 1
                struck.append(fault)
        return struck
