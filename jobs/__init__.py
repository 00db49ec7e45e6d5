"""What the heartbeat runs; importing this registers every job."""

from jobs import (
    calls,
    casework,
    deadlines,
    dormant,
    erasing,
    exports,
    figures,
    groups,
    meetings,
    news,
    outdated,
    quiet,
    reports,
    staff,
    votes,
)
from jobs.registry import EVERY_BEAT, HOURLY, JOBS, PIECE, scan

__all__ = ["EVERY_BEAT", "HOURLY", "JOBS", "PIECE", "scan"]
_ = (
    calls,
    casework,
    deadlines,
    dormant,
    erasing,
    exports,
    figures,
    groups,
    meetings,
    news,
    outdated,
    quiet,
    reports,
    staff,
    votes,
)
