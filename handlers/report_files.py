"""A report's photos and voice notes, sent to who asks: whoever calls has asked who may see them."""

from __future__ import annotations

from collections.abc import Sequence

from actions import report_words as words
from actions.act import Act
from flows.phrase import N_, Phrase, say
from storage import parcel
from storage import report as stored
from storage.report import AFTER, BEFORE, EVIDENCE, PHOTO, Report, ReportPhoto

MOST_IN_ALBUM = 10
OF_THE_WORK, OF_NEIGHBOURS = N_("after the work"), N_("from the neighbours")
BESIDE = N_("{heading} · {what}")


def send_files(act: Act, report: Report, chat_id: int) -> bool:
    """Owe everything that may be seen, photos together; False when there is nothing."""
    found = stored.photos(act.session, report.id or 0)
    heading = say(words.HEADING, **words.head(act, report))
    captions = {
        BEFORE: heading,
        AFTER: say(BESIDE, heading=heading, what=say(OF_THE_WORK)),
        EVIDENCE: say(BESIDE, heading=heading, what=say(OF_NEIGHBOURS)),
    }
    for moment, caption in captions.items():
        send(act, [photo for photo in found if photo.moment == moment], caption, chat_id)
    if report.voice:
        act.turn.owe(chat_id, parcel.message(heading, voice=report.voice["file_id"]))
    return bool(found or report.voice)


def send(act: Act, found: Sequence[ReportPhoto], caption: Phrase, chat_id: int) -> None:
    """Owe these photos, as many together as Telegram allows; files and voices one by one."""
    as_photos = [photo.file_id for photo in found if photo.kind == PHOTO]
    for first in range(0, len(as_photos), MOST_IN_ALBUM):
        some = as_photos[first : first + MOST_IN_ALBUM]
        if len(some) >= 2:
            act.turn.owe(chat_id, parcel.album(some, caption))
        else:
            act.turn.owe(chat_id, parcel.message(caption, photo=some[0]))
    for photo in found:
        if photo.kind == stored.VOICE:
            act.turn.owe(chat_id, parcel.message(caption, voice=photo.file_id))
        elif photo.kind != PHOTO:
            act.turn.owe(chat_id, parcel.message(caption, document=photo.file_id))
