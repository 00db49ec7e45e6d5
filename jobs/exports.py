"""A file that somebody asked for is gathered piece by piece, and sent with the last one."""

from __future__ import annotations

from datetime import timedelta

from actions import exports
from actions.act import Act
from jobs.registry import PIECE, Result, hourly, job
from storage import extract
from storage.due import Due


@job(exports.KIND)
def gather_on(act: Act, row: Due) -> Result:
    """The next piece of a file."""
    more = exports.go_on(act, row)
    # It is a piece's whole work: others' turns go in between.
    return Result(go_on=row.progress + 1 if more else None, wrote=PIECE)


@hourly
def forget_pieces(act: Act) -> int:
    """What was gathered for somebody who was erased meanwhile is kept for nobody."""
    return extract.forget(act.session, act.now - timedelta(hours=1))
