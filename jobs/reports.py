"""Reports have two moments: asking whether it was fixed, and a gestor's digest."""

from __future__ import annotations

from actions import digests
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due


@job("digest")
def digest(act: Act, row: Due) -> Result:
    """The cards that gathered for a gestor since the last hour or morning."""
    wrote = digests.digest(act, row.subject, int(row.facts.get("first", 1)))
    return Result(go_on=row.progress + wrote if wrote == digests.PIECE else None, wrote=wrote)
