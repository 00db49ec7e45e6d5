"""A vote closes at its moment, once every ballot received before it is in; then it is told."""

from __future__ import annotations

from actions import votes
from actions.act import Act
from jobs.registry import PIECE, Result, hourly, job
from storage import vote as stored
from storage.due import Due


@job(stored.CLOSING)
def close(act: Act, row: Due) -> Result:
    """Count it, keep the result, and have it told."""
    return Result("closed" if votes.close(act, row.subject) else "closed before", wrote=1)


@job(votes.TELLING)
def tell(act: Act, row: Due) -> Result:
    """The result to everybody it was for, a piece a commit."""
    go_on, wrote = votes.tell(act, row.subject, row.progress, PIECE)
    return Result(go_on=go_on, wrote=wrote)


@hourly
def mix(act: Act) -> int:
    """Ballots keep no trace of the transaction they came in with."""
    return stored.mix_open(act.session)
