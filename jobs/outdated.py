"""What holds no more says so on the next screens that show it."""

from __future__ import annotations

from actions import outdated
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due


@job(outdated.TURNING)
def turn_over(act: Act, row: Due) -> Result:
    """One piece of the screens on which a card stands."""
    after = row.progress or row.facts["after"]
    go_on, changed = outdated.turn_more(act, row.facts, after, outdated.A_PIECE)
    return Result("turned over", go_on, changed)
