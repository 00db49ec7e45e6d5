"""What the heartbeat runs; importing this registers every job."""

from jobs import reports
from jobs.registry import JOBS, PIECE, scan

__all__ = ["JOBS", "PIECE", "scan"]
_ = (reports,)
