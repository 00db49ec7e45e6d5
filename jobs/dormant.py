"""Once a day of the town it looks for those who are long gone; thirty days after they were told,
each is forgotten."""

from __future__ import annotations

from actions import dormant
from actions.act import Act
from jobs.registry import PIECE, Result, hourly, job
from storage.due import Due
from storage.personal import DORMANT


@hourly
def begin_looking(act: Act) -> int:
    """Where the town lets people be forgotten, the next look is planned; each plans another."""
    if act.town.dormant_months is None:
        return 0
    dormant.plan_scan(act)
    return 1


@job(dormant.SCAN)
def look(act: Act, row: Due) -> Result:
    """One piece of those not seen for long; the next look is tomorrow."""
    go_on, told = dormant.warn(act, row.progress, PIECE)
    if go_on is None and act.town.dormant_months is not None:
        dormant.plan_scan(act)
    return Result("looked", go_on, max(1, told))


@job(DORMANT)
def forget(act: Act, row: Due) -> Result:
    """Thirty days after the letter: they are forgotten, unless they came back or are needed."""
    seen = str(row.facts.get("seen", ""))
    row.facts = {}
    act.session.flush()
    return Result(dormant.forget(act, row.subject, seen), wrote=50)
