"""Who hears of what happens to a report: never whoever did it, nobody twice, nothing a week old.

Whoever told a report and whoever joined it hear of it at once, or in one bundle when their quiet
hours end; what neighbours add one after another comes in one bundle, too. Whoever follows its place
or its category hears of it in the bundle of the next hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from actions.act import SYSTEM, Act, action
from actions.bundles import MENU, NEWS, OLDEST, for_joined, gather, look, public
from actions.buttons import Menu
from civic import flood, quiet_hours
from flows.phrase import Phrase, say
from storage import delivery, due, follow, letter, parcel, report_event, support
from storage.among import among
from storage.parcel import Parcel
from storage.person import Person
from storage.report import Report
from storage.report_event import (
    ADDITION,
    ANSWER,
    EXPECTED,
    KEPT,
    PRIVACY,
    QUESTION,
    STATE,
    ReportEvent,
)

AT_ONCE = 50
"""More people than these are told by a job, in pieces: nobody's turn waits for them."""
TELLING = "news_telling"
"""The due row of an event that many are told; its subject is the event."""
SPREADING = "news_spreading"
"""The due row of an event for those who follow its place or category; its subject is the event."""
FOR_THEM = (QUESTION, PRIVACY)
"""What is said to whoever told it alone."""
FOLLOWED = (STATE, ANSWER, EXPECTED, KEPT)
"""What is of interest beyond those whom it concerns."""


def tell(
    act: Act,
    report: Report,
    event: ReportEvent,
    text: Phrase,
    buttons: parcel.Buttons | None = None,
    *,
    photo: str | None = None,
) -> None:
    """Tell everybody whom it concerns what has happened; `text` is a sentence about the report.

    photo: a Telegram file id. Those who follow its place or category are told as well.
    """
    body = parcel.message(text, buttons or look(report), photo=photo)
    if report.person_id is not None:
        _tell(act, event, [report.person_id], body)
    # Nobody has joined what was told just now.
    new = event.kind == STATE and event.before is None
    if new or not for_joined(report, event):
        people: list[int] = []
    else:
        people = support.supporters_after(act.session, event.report_id, 0, AT_ONCE + 1)
    if not public(report):
        # They joined it, and cannot open it any more.
        body = parcel.message(text, [[parcel.button(say(MENU), Menu(what="menu").pack())]])
    if len(people) <= AT_ONCE:
        _tell(act, event, people, body)
    else:
        due.plan(act.session, f"{TELLING}:{event.id}", TELLING, event.id or 0, act.now, body=body)
    spread(act, report, event)


def tell_reporter(
    act: Act,
    report: Report,
    text: Phrase,
    buttons: parcel.Buttons | None = None,
    *,
    photo: str | None = None,
) -> None:
    """Say to whoever told it, if they are still known, what is for them alone.

    A question or whether others may see it is said whatever they want to be told of, but it waits
    for the end of their quiet hours.
    """
    assert report.id is not None
    person = act.session.get(Person, report.person_id) if report.person_id is not None else None
    if person is None or person.id == act.actor.person_id:
        return
    zone = act.town.zone
    at = quiet_hours.ends(act.now, zone, person.quiet_from, person.quiet_until)
    events = report_event.last_events(act.session, report.id, FOR_THEM, 1) if at is not None else []
    if at is not None and events:
        gather(act, events[0], [(person, at)])
        return
    act.turn.owe(person.telegram_id, parcel.message(text, buttons, photo=photo))


def spread(act: Act, report: Report, event: ReportEvent) -> None:
    """Have it told to those who follow the report's place or category, if there is anybody."""
    if not public(report) or event.kind not in FOLLOWED:
        return
    if event.kind == KEPT and report.neighbours_at is None:
        return
    path = act.town.atlas.path(report.territory_id) if report.territory_id is not None else ()
    point = None
    if report.latitude is not None and report.longitude is not None:
        point = (report.latitude, report.longitude)
    places = [place.id for place in path]
    for kind in follow.followed(act.session, places, report.category_id, point):
        due.plan(
            act.session,
            f"{SPREADING}:{event.id}:{kind}",
            SPREADING,
            event.id or 0,
            act.now,
            way=kind,
        )


@action(SYSTEM)
def tell_more(
    act: Act, event_id: int, body: Parcel, after: int, most: int
) -> tuple[int | None, int]:
    """Tell a piece of those who joined a report; where to go on and how many that were."""
    event = act.session.get(ReportEvent, event_id)
    report = act.session.get(Report, event.report_id) if event is not None else None
    if event is None or report is None or not for_joined(report, event):
        return None, 0
    if event.created_at < act.now - OLDEST:
        return None, 0
    people = support.supporters_after(act.session, event.report_id, after, most)
    _tell(act, event, people, body)
    return (people[-1] if len(people) == most else None), len(people)


@action(SYSTEM)
def drop_old(act: Act) -> int:
    """News that could not leave for a week leave no more: the bot was down, or Telegram was out of
    reach. How many letters those were."""
    owed = letter.owed_named(act.session, f"{NEWS}:")
    if not owed:
        return 0
    since = act.now - OLDEST
    about = {key: key.split(":", 2)[1:] for key in owed}
    # A bundle's key ends in its moment, that of a letter about one event in who it is for.
    events = {key: int(first) for key, (first, last) in about.items() if last.isdecimal()}
    query = select(ReportEvent.id).where(
        among(col(ReportEvent.id), set(events.values())), ReportEvent.created_at < since
    )
    old_events = set(act.session.exec(query))
    old = [
        (number, letter.DROPPED, "too_old")
        for key, number in owed.items()
        if (
            events[key] in old_events
            if key in events
            else datetime.fromisoformat(about[key][1]) < since
        )
    ]
    if old:
        delivery.mark_settled(act.session, old, act.turn.machine)
    return len(old)


@action(SYSTEM)
def spread_more(
    act: Act, event_id: int, kind: str, after: int, most: int
) -> tuple[int | None, int]:
    """Put it into the bundles of a piece of those who follow; where to go on and how many."""
    event = act.session.get(ReportEvent, event_id)
    report = act.session.get(Report, event.report_id) if event is not None else None
    if event is None or report is None or not public(report):
        return None, 0
    path = act.town.atlas.path(report.territory_id) if report.territory_id is not None else ()
    found, last = follow.followers(
        act.session,
        kind,
        [place.id for place in path],
        report.category_id,
        (report.latitude or 0.0, report.longitude or 0.0),
        after,
        most,
    )
    # Those whom it concerns hear of it anyway, or do not want to.
    concerned = support.are_supporters(act.session, event.report_id, found)
    concerned |= {report.person_id or 0, event.person_id or 0}
    people = _people(act, [number for number in found if number not in concerned])
    zone = act.town.zone
    gather(
        act,
        event,
        [
            (p, quiet_hours.gathers_until(act.now, zone, p.quiet_from, p.quiet_until))
            for p in people
        ],
    )
    return last, len(found)


def _tell(act: Act, event: ReportEvent, person_ids: Sequence[int], body: Parcel) -> None:
    doer = event.person_id if event.person_id is not None else act.actor.person_id
    wanted = [number for number in person_ids if number != doer]
    people = [person for person in _people(act, wanted) if person.news]
    zone = act.town.zone
    adders = _adders(act, event)
    breath = flood.breathes_until(act.now)
    quiet: list[tuple[Person, datetime]] = []
    told: dict[str, int] = {}
    for person in people:
        at = quiet_hours.ends(act.now, zone, person.quiet_from, person.quiet_until)
        if at is None and adders - {person.id}:
            at = breath
        if at is not None:
            quiet.append((person, at))
        else:
            told[f"{NEWS}:{event.id}:{person.id}"] = person.telegram_id
    gather(act, event, quiet)
    if not told:
        return
    act.turn.flush()
    known = letter.known_dedupes(act.session, list(told))
    for key, chat_id in told.items():
        if key not in known:
            act.turn.owe(chat_id, body, dedupe=key)


def _adders(act: Act, event: ReportEvent) -> set[int | None]:
    """Who has added something just before this was: whoever heard of that hears of it later."""
    if event.kind != ADDITION:
        return set()
    return report_event.adders_since(act.session, event, event.created_at - flood.BREATH)


def _people(act: Act, numbers: Sequence[int]) -> list[Person]:
    if not numbers:
        return []
    query = select(Person).where(col(Person.id).in_(numbers)).order_by(col(Person.id))
    return list(act.session.exec(query))
