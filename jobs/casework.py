"""Whose role has ended leaves open reports behind: they are everybody's again, piece by piece. And
whose ban has ended is not shown as banned on the cards of what they told.
"""

from __future__ import annotations

from actions import bans, casework
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


@job(bans.ENDS)
def ban_ends(act: Act, row: Due) -> Result:
    """A ban has ended by itself, unless it was lifted before or is another one by now."""
    refreshed = bans.ended(act, row.subject, row.at)
    return Result("ended" if refreshed else "nothing to show", wrote=refreshed)


@hourly
def release_strangers(act: Act) -> int:
    """Admins come from the settings: whoever is not named there any more ends without a tap."""
    return casework.release_strangers(act)
