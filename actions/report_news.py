"""Who hears of what happens to a report: never whoever did it, and nobody twice.

Whoever told a report and whoever joined it hear of it at once.
"""

from __future__ import annotations

from actions.act import Act
from flows.phrase import Phrase
from storage import parcel, support
from storage.person import Person
from storage.report import Report, ReportEvent


def tell(
    act: Act,
    report: Report,
    event: ReportEvent,
    text: Phrase,
    buttons: parcel.Buttons | None = None,
) -> None:
    """Tell everybody whom it concerns what has happened; `text` is a sentence about the report."""
    assert report.id is not None
    for person_id in [report.person_id, *support.supporters(act.session, report.id)]:
        if person_id is not None and person_id != act.actor.person_id:
            _write(act, person_id, text, buttons)


def tell_reporter(
    act: Act, report: Report, text: Phrase, buttons: parcel.Buttons | None = None
) -> None:
    """Say to whoever told it, if they are still known, what only they can answer."""
    if report.person_id is not None:
        _write(act, report.person_id, text, buttons)


def _write(act: Act, person_id: int, text: Phrase, buttons: parcel.Buttons | None) -> None:
    person = act.session.get(Person, person_id)
    if person is not None:
        act.turn.owe(person.telegram_id, parcel.message(text, buttons))
