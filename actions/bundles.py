"""A bundle is one letter of everything that happened meanwhile: nothing of it older than a week,
nothing that may no longer be told, and a report once however often it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from actions import report_words as words
from actions.act import SYSTEM, Act, action
from actions.buttons import Menu
from civic import lifecycle, quiet_hours
from civic.territory import distance
from flows.characters import one_line
from flows.phrase import N_, Phrase, count, day, say
from storage import due, follow, parcel, support
from storage.due import Planned
from storage.follow import CATEGORY, PLACE, TERRITORY, Follow
from storage.letter import Lane
from storage.parcel import Buttons, Parcel
from storage.person import Person
from storage.report import AFTER, Report
from storage.report_event import (
    ADDITION,
    ANSWER,
    CATEGORIZED,
    EXPECTED,
    KEPT,
    MERGED,
    PRIVACY,
    QUESTION,
    STATE,
    ReportEvent,
)

NEWS = "news"
"""The due row of somebody's bundle; its subject is the person."""
OLDEST = timedelta(days=7)
MOST_REPORTS, MOST_LINES = 8, 3
"""How many reports a bundle tells of, and how many lines of each: a telephone's few screens."""
MOST_NAMED = 30
"""How many more reports are named by their codes."""
LONGEST = 120
"""Of somebody's words in a line, in UTF-16 units."""

MEANWHILE = N_("🔔 <b>What has happened</b>")
YOURS, FOLLOWED = N_("<b>Reports you told or joined</b>"), N_("<b>What you follow</b>")
NEW = N_("🆕 New report")
SAID = N_("{what} “{words}”")
ANSWERED, ASKED = N_("💬 The team answers"), N_("❓ The team asks")
ADDED = N_("➕ A neighbour has added something")
NOW_UNDER = N_("🏷 The team put it under {category}")
SURELY = N_("✅ Fixed, confirmed by neighbours")
EXPECTED_ON = N_("📅 Expected on {day}")
JOINED = N_("🔗 Another report of the same was joined to it")
PRIVATE, PUBLIC = N_("🔒 Only you and the team can see it."), N_("👁 Your neighbours can see it.")
LOOK = N_("See the report")
ANSWER_BUTTON = N_("Reply about {code}")
NOTICES, MENU = N_("🔔 Notices"), N_("⬅️ Menu")


def look(report: Report) -> Buttons:
    """The way to a report, as whoever presses it may see it."""
    return [[parcel.button(say(LOOK), _door(report))]]


def public(report: Report) -> bool:
    """Whether anybody may hear of a report."""
    return not report.private and report.state != lifecycle.HIDDEN


def for_joined(report: Report, event: ReportEvent) -> bool:
    """Whether whoever joined a report may hear of this: of one that is now the team's, only that
    it was hidden."""
    hiding = event.kind == STATE and event.after == lifecycle.HIDDEN
    return public(report) or (hiding and not report.private)


def _door(report: Report) -> str:
    return Menu(what="r", about=report.code[2:]).pack()


def gather(act: Act, event: ReportEvent, people: Sequence[tuple[Person, datetime]]) -> None:
    """Keep what happened for each person's bundle, to be told at a moment of their own."""
    if not people or event.id is None:
        return
    rows = [(person.id, at) for person, at in people if person.id is not None]
    follow.keep(act.session, event.id, [number for number, _ in rows], act.now)
    plan(act, rows)


def plan(act: Act, rows: Iterable[tuple[int, datetime]]) -> None:
    """Have bundles made at their moments, one a person and moment."""
    due.plan_all(
        act.session,
        [
            Planned(
                key=f"{NEWS}:{number}:{at.isoformat()}",
                kind=NEWS,
                subject=number,
                at=at,
                facts={},
            )
            for number, at in rows
        ],
    )


@action(SYSTEM)
def deliver(act: Act, rows: Mapping[int, str]) -> dict[int, bool]:
    """Owe each of these people their bundle, under its key; whether there was anything to tell.

    Who has chosen other quiet hours meanwhile gets it when those are over.
    """
    people = {p.id: p for p in act.session.exec(select(Person).where(col(Person.id).in_(rows)))}
    zone = act.town.zone
    awake: list[int] = []
    later: list[tuple[int, datetime]] = []
    for number, person in people.items():
        if number is None:
            continue
        at = quiet_hours.ends(act.now, zone, person.quiet_from, person.quiet_until)
        if at is None:
            awake.append(number)
        else:
            later.append((number, at))
    plan(act, later)
    told: dict[int, bool] = dict.fromkeys(rows, False)
    waiting = follow.waiting(act.session, awake, act.now - OLDEST)
    if waiting:
        desk = _Desk(act, waiting)
        for number, events in waiting.items():
            body = desk.bundle(people[number], events)
            if body is not None:
                act.turn.owe(
                    people[number].telegram_id, body, lane=Lane.REMINDER, dedupe=rows[number]
                )
                told[number] = True
    if awake:
        follow.forget(act.session, awake)
    return told


class _Desk:
    """What a piece of bundles is made of, read once for all of them."""

    def __init__(self, act: Act, waiting: Mapping[int, list[ReportEvent]]) -> None:
        self.act = act
        numbers = {event.report_id for events in waiting.values() for event in events}
        reports = act.session.exec(select(Report).where(col(Report.id).in_(numbers)))
        self.reports = {report.id: report for report in reports}
        self.joined = support.joined(act.session, list(numbers), list(waiting))
        self.follows = follow.of_all(act.session, list(waiting))
        self._lines: dict[int, Phrase] = {}

    def bundle(self, person: Person, events: Sequence[ReportEvent]) -> Parcel | None:
        """One letter, or None when nothing of it may be told any more."""
        own: dict[int, list[ReportEvent]] = {}
        others: dict[int, list[ReportEvent]] = {}
        for event in events:
            report = self.reports.get(event.report_id)
            if report is None or event.person_id == person.id:
                continue
            theirs = report.person_id == person.id
            if theirs or (person.id, report.id) in self.joined:
                if not theirs and not for_joined(report, event):
                    continue
                if person.news or event.kind in (QUESTION, PRIVACY):
                    own.setdefault(event.report_id, []).append(event)
            elif self._follows(person, report):
                others.setdefault(event.report_id, []).append(event)
        if not own and not others:
            return None
        shown_own = dict(list(own.items())[-MOST_REPORTS:])
        room = MOST_REPORTS - len(shown_own)
        shown_others = dict(list(others.items())[-room:]) if room else {}
        text: list[Phrase] = [say(MEANWHILE)]
        for title, shown in ((YOURS, shown_own), (FOLLOWED, shown_others)):
            if shown:
                text += ["", say(title)]
            for number, happened in shown.items():
                text += ["", *self._paragraph(self.reports[number], happened, title == FOLLOWED)]
        left = [n for n in (*own, *others) if n not in shown_own and n not in shown_others]
        if left:
            text += ["", self._left(left)]
        return parcel.message({"lines": text}, self._buttons(person, shown_own | shown_others))

    def _follows(self, person: Person, report: Report) -> bool:
        if not public(report):
            return False
        return any(self._is_in(report, one) for one in self.follows.get(person.id or 0, ()))

    def _is_in(self, report: Report, one: Follow) -> bool:
        if one.kind == CATEGORY:
            return one.category_id == report.category_id
        if one.kind == TERRITORY:
            path = self.act.town.atlas.path(report.territory_id or 0)
            return any(place.id == one.territory_id for place in path)
        return (
            one.kind == PLACE
            and report.latitude is not None
            and report.longitude is not None
            and distance(one.latitude or 0, one.longitude or 0, report.latitude, report.longitude)
            <= (one.radius_m or 0)
        )

    def _paragraph(
        self, report: Report, events: Sequence[ReportEvent], with_place: bool
    ) -> list[Phrase]:
        told: list[Phrase] = [say(words.HEADING, **words.head(self.act, report))]
        if with_place:
            told.append(words.where(self.act, report, typed=False))
        earlier = len(events) - MOST_LINES
        if earlier > 0:
            told.append(
                count(
                    "… {count} thing happened before that: tap {code} below.",
                    "… {count} things happened before that: tap {code} below.",
                    earlier,
                    code=report.code,
                )
            )
        return told + [self._line(report, event) for event in events[-MOST_LINES:]]

    def _line(self, report: Report, event: ReportEvent) -> Phrase:
        assert event.id is not None
        if event.id not in self._lines:
            self._lines[event.id] = line(self.act, report, event)
        return self._lines[event.id]

    def _left(self, numbers: Sequence[int]) -> Phrase:
        codes = [self.reports[number].code for number in numbers[:MOST_NAMED]]
        if len(numbers) > MOST_NAMED:
            codes.append("…")
        return count(
            "… and {count} report more: {codes}. Write /reporte and its code to read it.",
            "… and {count} reports more: {codes}. Write /reporte and a code to read one.",
            len(numbers),
            codes=", ".join(codes),
        )

    def _buttons(self, person: Person, shown: Mapping[int, Sequence[ReportEvent]]) -> Buttons:
        open_to_them = [
            report
            for report in (self.reports[number] for number in shown)
            if public(report) or report.person_id == person.id
        ]
        looks = [parcel.button(report.code, _door(report)) for report in open_to_them]
        rows: Buttons = [looks[i : i + 3] for i in range(0, len(looks), 3)]
        for number, events in shown.items():
            if any(event.kind == QUESTION for event in events):
                label = say(ANSWER_BUTTON, code=self.reports[number].code)
                to_answer = Menu(what="more", about=str(number)).pack()
                rows.append([parcel.button(label, to_answer)])
        rows.append(
            [
                parcel.button(say(NOTICES), Menu(what="notices").pack()),
                parcel.button(say(MENU), Menu(what="menu").pack()),
            ]
        )
        return rows


def line(act: Act, report: Report, event: ReportEvent) -> Phrase:
    """What happened, in one line, with the words that came with it."""
    what = _what(act, report, event)
    said = one_line(event.words, LONGEST) if event.words else ""
    return say(SAID, what=what, words=said) if said else what


def _what(act: Act, report: Report, event: ReportEvent) -> Phrase:
    if event.kind == STATE:
        return say(NEW) if event.before is None else words.became(act, event)
    if event.kind == ANSWER and event.after == AFTER:
        return say(words.WORK_PHOTO)
    if event.kind == EXPECTED and event.after:
        return say(EXPECTED_ON, day=day(date.fromisoformat(event.after), "medium"))
    if event.kind == CATEGORIZED:
        return say(NOW_UNDER, category=words.category_named(act, event.after or ""))
    if event.kind == PRIVACY:
        return say(PRIVATE if event.after == "private" else PUBLIC)
    return say(_WHAT[event.kind])


_WHAT: dict[str, Any] = {
    ANSWER: ANSWERED,
    QUESTION: ASKED,
    ADDITION: ADDED,
    KEPT: SURELY,
    MERGED: JOINED,
    EXPECTED: N_("📅 Another date"),
}
