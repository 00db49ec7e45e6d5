"""Reports have two moments: asking whether it was fixed, and a gestor's digest."""

from __future__ import annotations

from actions import digests, follow_ups
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due


@job("follow_up")
def follow_up(act: Act, row: Due) -> Result:
    """28 days after it was fixed (the town's or the category's own number): was it?"""
    return Result("asked" if follow_ups.follow_up(act, row.subject) else "nobody to ask", wrote=1)


@job("digest")
def digest(act: Act, row: Due) -> Result:
    """The cards that gathered for a gestor since the last hour or morning."""
    wrote = digests.digest(act, row.subject, int(row.facts.get("first", 1)))
    return Result(go_on=row.progress + wrote if wrote == digests.PIECE else None, wrote=wrote)
