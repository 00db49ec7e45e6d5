"""What people add to a report they told or joined: words, a voice note, photos.

Everybody who waits for the report hears of it, so nobody adds without end (civic/flood.py).
"""

from __future__ import annotations

from typing import Any

from actions import replies
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, action
from actions.report_cards import refresh
from actions.report_events import record
from actions.report_news import tell
from actions.reports import (
    followed,
    keep_photos,
    keep_what_is_new,
    look_button,
    not_banned,
    room_for_photos,
)
from civic import flood
from flows.phrase import N_, Phrase, moment, say
from storage import report_event
from storage.report import VOICE, Report
from storage.report_event import ADDITION

ADDED = N_("A neighbour has added something to report <b>{code}</b> ({category}):")
WITHOUT_WORDS = N_("📎 photos or a voice note")
TOO_MANY = N_(
    "You have added a lot in a short time, thank you. So that everybody has a turn, you can add "
    "more from {when} on. What you have written stays here until then."
)
ENOUGH = N_("Thank you: there are photos enough of yours with this report. Words are welcome.")


def not_too_often(act: Act) -> None:
    """Raise Refused, with until when, for somebody who has just added much."""
    added = report_event.added_at(act.session, act.my_id, flood.MOST)
    free_at = flood.free_at(added, act.now, flood.ADDITIONS)
    if free_at is not None:
        raise Refused(say(TOO_MANY, when=moment(free_at)), for_now=True)


@action(CITIZEN)
def add(
    act: Act,
    report_id: int,
    *,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, Any]],
    rest: bool = False,
) -> Report:
    """Add words, a voice note or photos to a report one told or joined; of photos as many as there
    is room for.

    rest: the next photos of an album, whose first was told of: kept, and not told once more.
    """
    report = followed(act, report_id)
    not_banned(act)
    if rest:
        keep_what_is_new(act, report, photos)
        return report
    not_too_often(act)
    if not said and not room_for_photos(act, report):
        raise Refused(say(ENOUGH))
    event = record(act, report, ADDITION, said=said)
    kept = list(photos)
    if voice is not None:
        # Beside what was told first, never in its place; what was said goes before what is shown.
        file_id = voice["file_id"]
        kept.insert(0, {"file_id": file_id, "unique_id": file_id, "kind": VOICE})
    keep_photos(act, report, kept)
    act.session.flush()
    act.audit("add", f"report:{report_id}", photos=len(photos))
    told: Phrase = say(words.QUOTE, words=said) if said else say(WITHOUT_WORDS)
    heading = say(ADDED, **words.head(act, report))
    tell(act, report, event, {"lines": [heading, told]}, look_button(report))
    refresh(act, report, anew=True)
    replies.heard(act, report)
    return report
