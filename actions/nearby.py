"""What somebody is telling may be known already: the nearest open reports of its category, and
where one of the two has no point those of the barrio that are told alike.

Shown with a photo, how far away and in which state; never in anybody's words, and of private or
hidden ones nothing, but to who told them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zlib import crc32

from actions import barrios, reports
from actions import report_words as words
from actions.act import Act
from civic import duplicates, nearness
from flows.context import Option
from flows.phrase import N_, Phrase, count, day, say
from flows.report import ANOTHER, is_another
from flows.tokens import base36
from storage import neighbours
from storage.neighbours import Told

CANDIDATES = 8
"""Of the nearest, so many are compared in words."""
NEWEST = 100
"""Of those without a point, or in a barrio, so many are compared in words."""

JOIN_ONE, JOIN = N_("🤝 It is the same: I join it"), N_("🤝 Same as {code}: I join it")
MINE = N_("➕ It is my {code}: add this to it")
IT_IS_ANOTHER = N_("No, it is another problem")
AWAY = N_("{metres} m away · {state} · told on {day}")
RIGHT_HERE = N_("right here · {state} · told on {day}")
SOMEWHERE = N_("{state} · told on {day}")
CODED, WITH_JOINED = N_("{code} · {rest}"), N_("{told} · {joined}")
WITH_PHOTO = N_("{told} · 📷 with a photo")
BLURRED = 15
"""Nearer than so many metres is here."""


def lister(act: Act) -> Callable[[Mapping[str, Any]], Sequence[Option]]:
    """Makes the list of what may be the same, from the answers of a report so far."""
    return lambda answers: options(act, answers)


def options(act: Act, answers: Mapping[str, Any]) -> list[Option]:
    """The reports that may be the same, and "another"; nothing while none is near."""
    found = near(act, answers)
    if not found:
        return []
    pictures = neighbours.first_photos(act.session, [report.id for report, _ in found])
    shown = [
        Option(
            str(report.id),
            _label(act, report, alone=len(found) == 1),
            _hint(
                act,
                report,
                metres,
                alone=len(found) == 1,
                # One that came as a file cannot be shown here: that there is one is said.
                filed=pictures.get(report.id, "") is None,
            ),
            photo=pictures.get(report.id),
        )
        for report, metres in found
    ]
    # Named after what it was chosen over: other neighbours make it another question.
    these = base36(crc32(",".join(sorted(o.value for o in shown)).encode()))
    return [*shown, Option(ANOTHER + these, say(IT_IS_ANOTHER))]


def near(act: Act, answers: Mapping[str, Any]) -> list[tuple[Told, float | None]]:
    """The open reports near the place given, with their distance in metres, the likeliest first;
    then, without a distance, those told alike whose place nobody can measure.
    """
    key, place = answers.get("category"), answers.get("place")
    category = next((c for c in act.town.categories if c.key == key), None)
    if category is None or category.id is None or not isinstance(place, Mapping):
        return []
    told = answers.get("details")
    details = told.get("words") if isinstance(told, Mapping) else told
    latitude, longitude = place.get("latitude"), place.get("longitude")
    found: list[tuple[Told, float | None]] = []
    if latitude is not None and longitude is not None:
        squares = nearness.cells(latitude, longitude, category.radius_m)
        around = neighbours.near(
            act.session, category.id, squares, act.my_id, latitude, longitude, CANDIDATES
        )
        found += duplicates.nearest(latitude, longitude, details, around, category.radius_m)
    elif "words" not in place:
        return []
    known = {one.id for one, _ in found}
    alike = _alike(act, category.id, place, answers.get("barrio"), details)
    found += [(one, None) for one in alike if one.id not in known]
    return found[: duplicates.MOST]


def _alike(
    act: Act, category_id: int, place: Mapping[str, Any], said: str | None, details: str | None
) -> list[Told]:
    """The reports told alike to an answer of where it is; `said` is the key of its barrio."""
    if "words" in place:
        barrio = barrios.of_address(act, place["words"], said)
    else:
        barrio = act.town.atlas.locate(place["latitude"], place["longitude"])
    return told_alike(
        act,
        category_id,
        barrio.id if barrio is not None else None,
        address=place.get("words") or place.get("label"),
        details=details,
        measured="words" not in place,
        viewer=act.my_id,
    )


def told_alike(
    act: Act,
    category_id: int,
    territory_id: int | None,
    *,
    address: str | None,
    details: str | None,
    measured: bool,
    viewer: int,
) -> list[Told]:
    """The reports told alike: to words in a barrio all of it is compared, to a point (`measured`)
    those in its barrio or in none that have no point, and to words in no barrio all without one.
    Private ones of `viewer`, a person's number, alone."""
    if not measured and territory_id is not None:
        told = neighbours.in_territory(act.session, category_id, territory_id, viewer, NEWEST)
    else:
        told = neighbours.without_point(act.session, category_id, viewer, NEWEST)
    if measured:
        told = [one for one in told if one.territory_id in (None, territory_id)]
    return duplicates.likest(address, details, told)


def chosen(value: str | None) -> int | None:
    """The number of the report that was said to be the same; None for another problem."""
    return None if value is None or is_another(value) else int(value)


def _label(act: Act, report: Told, *, alone: bool) -> Phrase:
    if reports.is_mine(act, report):
        return say(MINE, code=report.code)
    return say(JOIN_ONE) if alone else say(JOIN, code=report.code)


def _hint(act: Act, report: Told, metres: float | None, *, alone: bool, filed: bool) -> Phrase:
    values: dict[str, Phrase] = {
        "state": say(words.STATES[report.state]),
        "day": day(report.created_at.astimezone(act.town.zone).date(), "medium"),
    }
    if metres is None:
        told = say(SOMEWHERE, **values)
    elif metres < BLURRED:
        told = say(RIGHT_HERE, **values)
    else:
        told = say(AWAY, metres=int(round(metres, -1)), **values)
    # Only the label of what is alone, and of somebody else, does not name it.
    if alone and not reports.is_mine(act, report):
        told = say(CODED, code=report.code, rest=told)
    if filed:
        told = say(WITH_PHOTO, told=told)
    if not report.supports:
        return told
    joined = count("👥 {count} has joined", "👥 {count} have joined", report.supports)
    return say(WITH_JOINED, told=told, joined=joined)
