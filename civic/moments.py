"""Town wall time: people agree on the hour the town's clock shows, and that is what is kept.

Where clocks go forward, an hour that does not exist means as much later (02:30 is 03:30); where
they go back, an hour that comes twice means its first time. `now` and results are aware; results
are UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY_BEFORE: Final = "24h"
HOUR_BEFORE: Final = "1h"
DIGESTS: Final = ("now", "hourly", "daily")
DIGEST_HOUR: Final = 8
"""The hour of the town's morning at which a daily digest goes out."""


def _wall(local: str) -> datetime:
    wall = datetime.fromisoformat(local)
    if wall.tzinfo is not None:
        raise ValueError("wall time has no offset")
    return wall


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    # fold=0 is both rules at once: the offset before the change, so a missing hour comes out
    # later and a doubled one the first time.
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def to_utc(local: str, zone: ZoneInfo) -> datetime:
    """The moment at which the town's clock shows `local` ("2026-05-01T18:30").

    Raises ValueError for what is no wall time.
    """
    return _utc(_wall(local), zone)


def to_local(moment: datetime, zone: ZoneInfo) -> str:
    """What the town's clock shows at a moment, to the minute: "2026-05-01T18:30"."""
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


def reminders(starts_local: str, zone: ZoneInfo, now: datetime) -> list[tuple[str, datetime]]:
    """(name, moment) of each reminder still to come, the earliest first.

    "24h" is the same hour of the town's clock on the day before; "1h" is one hour before, however
    long the clock makes that.
    """
    wall = _wall(starts_local)
    starts = _utc(wall, zone)
    planned = [
        (DAY_BEFORE, _utc(wall - timedelta(days=1), zone)),
        (HOUR_BEFORE, starts - timedelta(hours=1)),
    ]
    return [(name, at) for name, at in planned if at > now]


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same hour of the town's clock, that many days later (or earlier, if negative)."""
    wall = moment.astimezone(zone).replace(tzinfo=None)
    return _utc(wall + timedelta(days=days), zone)


def next_digest(how_often: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next digest leaves: at the full hour, or at eight in the morning, after `now`.

    None for "now": that is told at once. Raises ValueError for another word.
    """
    if how_often not in DIGESTS:
        raise ValueError(f"a digest is one of {', '.join(DIGESTS)}")
    if how_often == "now":
        return None
    local = now.astimezone(zone)
    if how_often == "hourly":
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return now.astimezone(UTC) - past + timedelta(hours=1)
    wall = local.replace(tzinfo=None, hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    for days in range(3):
        at = _utc(wall + timedelta(days=days), zone)
        if at > now:
            return at
    raise AssertionError("a day is never that long")
