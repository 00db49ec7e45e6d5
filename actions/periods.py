"""Which stretch of the town's days figures and exports are about, chosen by one button.

Days are the town's: the last 30 days begin at midnight on its clock, and today is one of them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from actions.act import Act
from civic import moments
from flows.phrase import N_, Phrase, day, say

MONTH, QUARTER, YEAR, ALL = "30", "90", "year", "all"
PERIODS = {
    MONTH: N_("Last 30 days"),
    QUARTER: N_("Last 90 days"),
    YEAR: N_("This year"),
    ALL: N_("From the beginning"),
}
FROM_TO = N_("From {first} to {last}")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def period_of(word: str) -> str:
    """The period a button or a link names; the last 30 days for any other word."""
    return word if word in PERIODS else MONTH


def since(act: Act, period: str) -> datetime:
    """The moment at which a period begins."""
    today = act.now.astimezone(act.town.zone).date()
    if period == ALL:
        return BEGINNING
    first = today.replace(month=1, day=1)
    if period != YEAR:
        first = today - timedelta(days=int(period) - 1)
    return moments.to_utc(f"{first.isoformat()}T00:00", act.town.zone)


def spoken(act: Act, period: str, until: datetime) -> Phrase:
    """A period as people read it, with its first and its last day."""
    if period == ALL:
        return say(PERIODS[ALL])
    zone = act.town.zone
    first, last = since(act, period).astimezone(zone).date(), until.astimezone(zone).date()
    return say(FROM_TO, first=day(first), last=day(last))
