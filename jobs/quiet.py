"""What waited for the end of somebody's quiet hours comes when they are over."""

from __future__ import annotations

from actions import drafts, quiet
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due


@job(quiet.HELD)
def release(act: Act, row: Due) -> Result:
    """One letter; whoever has chosen other hours meanwhile waits for the end of those."""
    outcome = quiet.release(act, row)
    return Result("told", row.progress + 1) if outcome is None else Result(outcome, wrote=1)


@job(quiet.DRAFT_LATER)
def remind(act: Act, row: Due) -> Result:
    """A draft that they have not come back to is looked at again, with all the others."""
    drafts.look_again(act, row.subject)
    return Result("looked")
