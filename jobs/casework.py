"""Whose role has ended leaves open reports behind: they are everybody's again, piece by piece."""

from __future__ import annotations

from actions import casework
from actions.act import Act
from jobs.registry import Result, hourly, job
from storage.due import Due

PIECE = 50
"""The most reports, each with its cards, that one transaction writes."""


@job(casework.RELEASE)
def release(act: Act, row: Due) -> Result:
    """What somebody looked after who is of the team no more."""
    freed = casework.release(act, row.subject, PIECE)
    return Result(go_on=row.progress + freed if freed == PIECE else None, wrote=freed)


@hourly
def release_strangers(act: Act) -> int:
    """Admins come from the settings: whoever is not named there any more ends without a tap."""
    return casework.release_strangers(act)
