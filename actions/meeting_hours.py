"""A meeting stays at the hour that was agreed on, also when the rules of the town's clock change.

A country may decide to change its clocks, or no longer to, after a meeting was called; what the
machine knows of it changes with the machine's time zone data.
"""

from __future__ import annotations

from datetime import timedelta

from actions.act import SYSTEM, Act, action
from civic import moments
from storage import due
from storage import group as stored
from storage.group import Meeting

REMINDER = "meeting_reminder"
"""The kind of the due rows that remind of a meeting."""


def reminder_key(meeting: Meeting, name: str) -> str:
    """The due row of one reminder of this version of a meeting."""
    return f"{REMINDER}:{meeting.id}:{meeting.version}:{name}"


@action(SYSTEM)
def keep_hours(act: Act) -> int:
    """Bring meetings to come, and their reminders, back to their wall time; how many moved."""
    zone, moved = act.town.zone, 0
    for meeting in stored.to_come(act.session, act.now - timedelta(days=1)):
        starts_at = moments.to_utc(meeting.starts_local, zone)
        if starts_at == meeting.starts_at:
            continue
        meeting.starts_at = starts_at
        act.session.flush()
        long_before = starts_at - timedelta(days=7)
        for name, at in moments.reminders(meeting.starts_local, zone, long_before):
            due.move(act.session, reminder_key(meeting, name), at)
        act.audit("keep_hours", f"meeting:{meeting.id}", starts=meeting.starts_local)
        moved += 1
    return moved
