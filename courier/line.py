"""The line to Telegram: when nobody's letter would arrive, nobody's is tried.

After a failure one letter tries alone, after a pause of machine time that grows with each one.
"""

from __future__ import annotations

import logging
import time

from courier import outcome
from courier.verdict import Fate, Verdict

log = logging.getLogger("cabildo.courier")

# Lost answers in a row after which it is the line, not a letter.
LOST = 3


class Line:
    """How often the line failed in a row, and until when (monotonic seconds) nobody tries."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = 0.0
        self._lost = 0

    @property
    def down(self) -> bool:
        """Whether only one letter at a time may try it."""
        return self.failures > 0

    def heard(self, verdict: Verdict) -> None:
        """A letter was tried, and this is what came of it."""
        unsure = verdict.fate is Fate.UNSURE
        self._lost = self._lost + 1 if unsure else 0
        if verdict.line or self._lost >= LOST:
            self._fail(verdict.name)
        elif not unsure:
            if self.failures:
                log.warning("Telegram answers again")
            self.failures = 0
            self.until = 0.0

    def _fail(self, name: str) -> None:
        now = time.monotonic()
        # What was under way together fails together: that is one failure.
        if now < self.until:
            return
        if not self.failures:
            log.error("no line to Telegram (%s)", name)
        self.failures += 1
        self.until = now + outcome.pause(self.failures)
