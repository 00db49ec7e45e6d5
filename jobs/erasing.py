"""Clearing up after somebody was erased: a piece at a time, and at the end nothing of the list."""

from __future__ import annotations

from datetime import timedelta

from actions import aftermath, kept_bans
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due
from storage.personal import AFTERMATH

SOON = timedelta(seconds=2)
"""Until it is looked again whether the last letter has left."""


@job(AFTERMATH)
def clear_up(act: Act, row: Due) -> Result:
    """One piece; while the last letter has not left, it waits."""
    row.facts, waits = aftermath.clear_up(act, row.facts, row.subject)
    if waits:
        row.at = act.now + SOON
    return Result("cleared", row.progress + 1 if row.facts else None, aftermath.CARDS_A_PIECE)


@job(kept_bans.KIND)
def end_ban(act: Act, row: Due) -> Result:
    """A ban that somebody left behind has ended: nothing of it is kept."""
    row.key = f"{kept_bans.KIND}:{row.id}"
    return Result("ended")
