"""Figures that one turn could not count are counted on, a page a turn."""

from __future__ import annotations

from actions import figures
from actions.act import Act
from jobs.registry import PIECE, Result, job
from storage.due import Due


@job(figures.KIND)
def count_on(act: Act, row: Due) -> Result:
    """The next page of what somebody asked to see counted."""
    more = figures.go_on(act, row)
    # A page is a piece's whole work: others' turns go in between.
    return Result(go_on=row.progress + 1 if more else None, wrote=PIECE)
