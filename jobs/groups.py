"""What a leader wrote goes to every member of the group, in pieces; then the words are let go."""

from __future__ import annotations

from actions import groups
from actions.act import Act
from jobs.registry import PIECE, Result, job
from storage.due import Due


@job("group_write")
def write(act: Act, row: Due) -> Result:
    """One piece of a group's members."""
    go_on, wrote = groups.deliver(
        act, row.subject, row.facts["words"], row.facts["leader"], row.key, row.progress, PIECE
    )
    if go_on is None:
        row.facts = {}
    return Result("told", go_on, wrote)
