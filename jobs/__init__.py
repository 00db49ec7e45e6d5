"""What the heartbeat runs; importing this registers every job."""

from jobs import calls, exports, figures, groups, meetings, reports, votes
from jobs.registry import EVERY_BEAT, HOURLY, JOBS, PIECE, scan

__all__ = ["EVERY_BEAT", "HOURLY", "JOBS", "PIECE", "scan"]
_ = (calls, exports, figures, groups, meetings, reports, votes)
