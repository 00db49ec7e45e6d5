"""What people do with what they tell: told, added to, found again by their code.

The team's side is casework.py; what is written down of it, report_events.py.
"""

from __future__ import annotations

from typing import Any

from actions.act import CITIZEN, Act, Refused, action
from actions.report_cards import hand_out, refresh
from actions.report_events import record
from civic.lifecycle import RECEIVED
from flows.phrase import N_, say
from storage.report import ADDITION, STATE, VOICE, Report, ReportPhoto

NO_SUCH_CATEGORY = N_("That category is no longer on the list. Please begin again with /reportar.")
NO_SUCH_REPORT = N_("There is no such report.")


def code_of(number: int) -> str:
    """The code people quote: short enough to be dictated over the telephone."""
    return f"R-{1000 + number}"


@action(CITIZEN)
def file(
    act: Act,
    *,
    category: str,
    said: str | None,
    voice: dict[str, Any] | None,
    latitude: float | None,
    longitude: float | None,
    address: str | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Keep a report; its barrio follows from the point. Gestores get their cards."""
    kind = next((c for c in act.town.categories if c.key == category), None)
    if kind is None or kind.id is None:
        raise Refused(say(NO_SUCH_CATEGORY))
    place = None
    if latitude is not None and longitude is not None:
        place = act.town.atlas.locate(latitude, longitude)
    elif address:
        place = act.town.atlas.named(address)
    report = Report(
        code="",
        person_id=act.my_id,
        category_id=kind.id,
        territory_id=place.id if place else None,
        words=said,
        voice=voice,
        latitude=latitude,
        longitude=longitude,
        address=address,
        state=RECEIVED,
        created_at=act.now,
        changed_at=act.now,
    )
    # The code comes from the number, which the database gives.
    report.code = f"+{act.my_id}-{act.turn.machine}"
    act.session.add(report)
    act.session.flush()
    assert report.id is not None
    report.code = code_of(report.id)
    for photo in photos:
        act.session.add(
            ReportPhoto(report_id=report.id, person_id=act.my_id, created_at=act.now, **photo)
        )
    record(act, report, STATE, after=RECEIVED)
    act.session.flush()
    act.audit("file", f"report:{report.id}", category=category)
    hand_out(act, report)
    return report


@action(CITIZEN)
def add(
    act: Act,
    report_id: int,
    *,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Add words or photos to one's own report."""
    report = mine(act, report_id)
    assert report.id is not None
    record(act, report, ADDITION, said=said)
    for photo in photos:
        act.session.add(
            ReportPhoto(report_id=report.id, person_id=act.my_id, created_at=act.now, **photo)
        )
    if voice is not None:
        # Beside what was told first, never in its place.
        act.session.add(
            ReportPhoto(
                report_id=report.id,
                person_id=act.my_id,
                created_at=act.now,
                file_id=voice["file_id"],
                unique_id=voice["file_id"],
                kind=VOICE,
            )
        )
    act.session.flush()
    act.audit("add", f"report:{report_id}", photos=len(photos))
    refresh(act, report, anew=True)
    return report


def get(act: Act, report_id: int) -> Report:
    """A report by its number. Raises Refused when there is none."""
    report = act.session.get(Report, report_id)
    if report is None:
        raise Refused(say(NO_SUCH_REPORT))
    return report


def mine(act: Act, report_id: int) -> Report:
    """A report that this person told. Raises Refused for anybody else's."""
    report = act.session.get(Report, report_id)
    if report is None or report.person_id != act.my_id:
        raise Refused(say(NO_SUCH_REPORT))
    return report
