"""Quiet hours are somebody's own: what can wait is told when they end."""

from __future__ import annotations

from actions.act import CITIZEN, Act, Refused, action
from actions.bundles import plan
from civic import quiet_hours
from flows.phrase import N_, say
from storage import follow

USUAL = quiet_hours.USUAL
NO_HOURS = N_("Those are no hours of a day. Please choose two different ones.")


@action(CITIZEN)
def set_hours(act: Act, start: int | None, end: int | None) -> None:
    """Be left alone between two hours (0 to 23) of the town's clock; both None for never."""
    me = act.me
    if (start is None) != (end is None):
        raise Refused(say(NO_HOURS))
    if start is not None and end is not None and not quiet_hours.valid(start, end):
        raise Refused(say(NO_HOURS))
    me.quiet_from, me.quiet_until = start, end
    act.session.flush()
    act.audit("set_quiet_hours", f"person:{act.my_id}", start=start, end=end)
    if follow.waits(act.session, act.my_id):
        # What waited for the hours that held until now.
        zone = act.town.zone
        at = quiet_hours.ends(act.now, zone, start, end) or quiet_hours.full_hour(act.now, zone)
        plan(act, [(act.my_id, at)])
