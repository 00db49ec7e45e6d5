"""Whose role has ended leaves open reports behind: they are everybody's again, piece by piece."""

from __future__ import annotations

from actions import casework
from actions.act import Act
from jobs.registry import Result, job
from storage.due import Due

PIECE = 50
"""The most reports, each with its cards, that one transaction writes."""


@job("release")
def release(act: Act, row: Due) -> Result:
    """What somebody looked after who is of the team no more."""
    freed = casework.release(act, row.subject, PIECE)
    return Result(go_on=row.progress + freed if freed == PIECE else None, wrote=freed)
