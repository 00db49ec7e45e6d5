"""The simulator's own account of what happened, in order, from which a bot is judged.

Every call and every step of an update (created, handed out, confirmed) is one entry; moments
are machine time (time.monotonic, which all processes of the machine share). What a correct bot
never causes is also kept as a violation, whatever the level of detail.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

Json = dict[str, Any]

LEVELS = ("full", "light", "off")


class Record:
    """`level`: full keeps parameters, light only who, what and when, off only the counts."""

    def __init__(self, level: str = "full") -> None:
        self.entries: list[Json] = []
        self.violations: list[Json] = []
        self.counts: Counter[str] = Counter()
        self._count = 0
        self.level = level

    @property
    def level(self) -> str:
        """How much is kept from now on."""
        return self._level

    @level.setter
    def level(self, value: str) -> None:
        if value not in LEVELS:
            raise ValueError(f"The record's level is one of {', '.join(LEVELS)}.")
        self._level = value
        self.on = value != "off"
        self.full = value == "full"

    def add(self, kind: str, **entry: Any) -> Json:
        """Append an entry; its number `n` and moment `t` are filled in."""
        self._count += 1
        entry["n"] = self._count
        entry["t"] = time.monotonic()
        entry["kind"] = kind
        self.entries.append(entry)
        return entry

    def violation(self, rule: str, **entry: Any) -> None:
        """Something that a correct bot never causes."""
        self.violations.append({"t": time.monotonic(), "rule": rule, **entry})

    def after(self, number: int, kind: str | None = None, limit: int = 100_000) -> list[Json]:
        """Entries with a greater number, of a kind if one is given."""
        first = self._count - len(self.entries)
        chosen = self.entries[max(0, number - first) :]
        if kind:
            chosen = [entry for entry in chosen if entry["kind"] == kind]
        return chosen[:limit]

    def calls(self, method: str | None = None) -> list[Json]:
        """The calls, of one method (as Telegram writes it) if named."""
        return [
            entry
            for entry in self.entries
            if entry["kind"] == "call" and (method is None or entry["method"] == method)
        ]

    def clear(self) -> None:
        """Forget entries, violations and counts; numbers go on."""
        self.entries.clear()
        self.violations.clear()
        self.counts.clear()
