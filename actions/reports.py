"""What people do with what they tell: told, joined, found by its code.

What is added to it is additions.py, what whoever told it alone may do own_reports.py; the team's
side is casework.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions import barrios
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, action
from actions.buttons import Menu
from actions.report_cards import hand_out, refresh
from actions.report_events import due_at, record
from actions.report_news import tell
from civic import flood, nearness
from civic.duplicates import Telling, sent_twice
from civic.lifecycle import HIDDEN, OPEN, RECEIVED
from flows.phrase import N_, moment, say
from storage import neighbours, parcel, report_event
from storage import report as stored
from storage import support as supports
from storage.parcel import Buttons
from storage.report import Report, ReportPhoto
from storage.report_event import STATE, SUPPORTED
from storage.support import Support

NO_SUCH_CATEGORY = N_("That category is no longer on the list. Please begin again with /reportar.")
NO_SUCH_REPORT = N_("There is no such report.")
TOO_MANY = N_(
    "You have told us a lot in a short time, thank you. So that everybody has a turn, you can send "
    "the next report from {when} on. What you have filled in stays here until then."
)
TOO_MANY_JOINED = N_(
    "You have joined many reports in a short time, thank you. You can join more from {when} on."
)
BANNED = N_("Until {when} you cannot tell or add anything here.")
BANNED_BECAUSE = N_("Until {when} you cannot tell or add anything here. Reason: {words}")
YOUR_OWN = N_("You told this one yourself: you hear of it anyway.")
NOT_OPEN = N_("That report is no longer open. If it happens again, please tell us with /reportar.")
LOOK = N_("See the report")

_CODE = re.compile(r"(?:[rR][ -]?)?(\d{1,9})")


def code_of(number: int) -> str:
    """The code people quote: short enough to be dictated over the telephone."""
    return f"R-{1000 + number}"


def code_in(text: str) -> str | None:
    """The code that somebody wrote ("R-1001", "r 1001", "1001"), if it is nothing but one."""
    found = _CODE.fullmatch(text.strip())
    return f"R-{int(found[1])}" if found else None


def look_button(report: Report) -> Buttons:
    """The way to a report, as whoever presses it may see it."""
    return [[parcel.button(say(LOOK), Menu(what="r", about=report.code[2:]).pack())]]


def not_banned(act: Act) -> None:
    """Raise Refused, with until when and why, for somebody who may not tell anything now."""
    until, why = act.me.banned_until, act.me.ban_reason
    if until is None or until <= act.now:
        return
    if why:
        raise Refused(say(BANNED_BECAUSE, when=moment(until), words=why), for_now=True)
    raise Refused(say(BANNED, when=moment(until)), for_now=True)


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
    barrio: str | None = None,
    outside: bool = False,
    attributes: Mapping[str, Any] | None = None,
    another: bool = False,
) -> Report:
    """Keep a report; its barrio follows from the point, its deadline from the category. Gestores
    get their cards. The same one sent twice is the open one that is there already.

    barrio: the key of the one that an address without a point was said to lie in.
    another: whoever tells it was shown what is near, and said that it is another problem.
    """
    kind = next((c for c in act.town.categories if c.key == category), None)
    if kind is None or kind.id is None:
        raise Refused(say(NO_SUCH_CATEGORY))
    not_banned(act)
    point = None
    if latitude is not None and longitude is not None:
        point = (latitude, longitude)
    before = neighbours.newest_of(act.session, act.my_id, flood.MOST)
    telling = Telling(said, point, address, attributes or {}, act.now)
    for other in () if another else before:
        known = other.category_id == kind.id and other.state in OPEN
        if known and sent_twice(telling, _telling(other)):
            keep_what_is_new(act, other, photos)
            return other
    free_at = flood.free_at([other.created_at for other in before], act.now)
    if free_at is not None:
        raise Refused(say(TOO_MANY, when=moment(free_at)), for_now=True)
    place = None
    if point is not None:
        place = act.town.atlas.locate(*point)
    elif address:
        place = barrios.of_address(act, address, barrio)
    report = Report(
        code="",
        person_id=act.my_id,
        category_id=kind.id,
        territory_id=place.id if place else None,
        words=said,
        voice=voice,
        attributes=dict(attributes or {}),
        latitude=latitude,
        longitude=longitude,
        cell=nearness.cell(*point) if point else None,
        address=address,
        outside=outside,
        state=RECEIVED,
        created_at=act.now,
        changed_at=act.now,
    )
    report.due_at = due_at(act, report)
    # The code comes from the number, which the database gives.
    report.code = f"+{act.my_id}-{act.turn.machine}"
    act.session.add(report)
    act.session.flush()
    assert report.id is not None
    report.code = code_of(report.id)
    keep_photos(act, report, photos)
    event = record(act, report, STATE, after=RECEIVED)
    act.audit("file", f"report:{report.id}", category=category)
    hand_out(act, report)
    # Nobody has joined it yet; those who follow its place or category may want to know.
    tell(act, report, event, say(words.HEADING, **words.head(act, report)))
    return report


@action(CITIZEN)
def support(act: Act, report: int | str) -> Report:
    """Join an open report, by its number or its code: the same happens to me. Joining again
    changes nothing.
    """
    found = seen(act, report)
    assert found.id is not None
    not_banned(act)
    if found.person_id == act.my_id:
        raise Refused(say(YOUR_OWN))
    if supports.of(act.session, found.id, act.my_id) is not None:
        return found
    if found.state not in OPEN:
        raise Refused(say(NOT_OPEN))
    most = max(most for _, most in flood.JOININGS)
    lately = report_event.joined_at(act.session, act.my_id, most)
    free_at = flood.free_at(lately, act.now, flood.JOININGS)
    if free_at is not None:
        raise Refused(say(TOO_MANY_JOINED, when=moment(free_at)), for_now=True)
    act.session.add(Support(report_id=found.id, person_id=act.my_id, created_at=act.now))
    found.supports += 1
    record(act, found, SUPPORTED)
    act.audit("support", f"report:{found.id}")
    refresh(act, found)
    return found


@action(CITIZEN)
def unsupport(act: Act, report: int | str) -> Report:
    """Leave a report that one joined: they hear no more of it. Leaving twice changes nothing."""
    found = known(act, report)
    assert found.id is not None
    joined = supports.of(act.session, found.id, act.my_id)
    if joined is None:
        return found
    act.session.delete(joined)
    found.supports = max(0, found.supports - 1)
    act.session.flush()
    act.audit("unsupport", f"report:{found.id}")
    refresh(act, found)
    return found


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


def is_mine(act: Act, report: Report | neighbours.Told) -> bool:
    """Whether this person told it."""
    return report.person_id is not None and report.person_id == act.actor.person_id


def seen(act: Act, report: int | str) -> Report:
    """A report by number or code, as this person may see it: of a private or hidden one only who
    told it and the team know. Raises Refused for everybody else, as if there were none.
    """
    found = _found(act, report)
    if found is None or not may_see(act, found):
        raise Refused(say(NO_SUCH_REPORT))
    return found


def may_see(act: Act, report: Report) -> bool:
    """Whether a report is shown to this person."""
    if not report.private and report.state != HIDDEN:
        return True
    return is_mine(act, report) or act.is_gestor()


def known(act: Act, report: int | str) -> Report:
    """A report that this person may see, or that they joined before it was the team's alone: to
    leave it. Raises Refused for any other."""
    found = _found(act, report)
    if found is None or not (may_see(act, found) or joined(act, found)):
        raise Refused(say(NO_SUCH_REPORT))
    return found


def _found(act: Act, report: int | str) -> Report | None:
    if isinstance(report, int):
        return act.session.get(Report, report)
    return stored.by_code(act.session, report)


def joined(act: Act, report: Report) -> bool:
    """Whether this person joined it."""
    me = act.actor.person_id
    if me is None or report.id is None:
        return False
    return supports.of(act.session, report.id, me) is not None


def followed(act: Act, report_id: int) -> Report:
    """A report that this person told or joined. Raises Refused for any other."""
    report = seen(act, report_id)
    if not is_mine(act, report) and not joined(act, report):
        raise Refused(say(NO_SUCH_REPORT))
    return report


def _telling(report: Report) -> Telling:
    """A report as it was told."""
    point = None
    if report.latitude is not None and report.longitude is not None:
        point = (report.latitude, report.longitude)
    return Telling(report.words, point, report.address, report.attributes, report.created_at)


def keep_what_is_new(act: Act, report: Report, photos: list[dict[str, Any]]) -> None:
    """Of these photos, those that the report has not got yet."""
    kept = {photo.unique_id for photo in stored.photos(act.session, report.id or 0)}
    new = [photo for photo in photos if photo["unique_id"] not in kept]
    if new:
        keep_photos(act, report, new)
        act.session.flush()
        refresh(act, report)


def room_for_photos(act: Act, report: Report) -> int:
    """How many photos more this person may give to a report."""
    assert report.id is not None
    return max(0, flood.PHOTOS - stored.photos_by(act.session, report.id, act.my_id))


def keep_photos(act: Act, report: Report, photos: list[dict[str, Any]]) -> None:
    """Keep photos of this person with a report, as many as there is room for."""
    assert report.id is not None
    for photo in photos[: room_for_photos(act, report)]:
        act.session.add(
            ReportPhoto(report_id=report.id, person_id=act.my_id, created_at=act.now, **photo)
        )
