"""A report whose time has run out goes up while nobody touches it: to whoever looks after it, then
to all gestores, then to the admins; each step once, on a working morning.

A step is a due row; what the team did meanwhile sets the count back to the first. Everybody hears
of all that went up on a morning in one letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from actions import report_words as words
from actions.act import SYSTEM, Act, action
from actions.buttons import ReportTap, TrayTap
from civic import lifecycle, mornings
from flows.phrase import N_, Phrase, day, lines, say
from storage import due, late, parcel
from storage import person as people
from storage.due import Due
from storage.letter import Lane
from storage.parcel import Buttons
from storage.person import Person
from storage.report import Report

LATE = "late"
"""The due row of the next step; its subject is the report."""
ASSIGNEE, GESTORES, ADMINS = 1, 2, 3
BETWEEN = 2
"""Working days from one step to the next."""
SHOWN = 8
"""Reports named one by one in a letter; the rest is in the queue."""

YOURS = N_("⏰ The time for these reports of yours has run out:")
NOBODYS = N_("⏰ The time for these reports has run out, and nobody looks after them yet:")
UNTOUCHED = N_("⏰ The time for these reports has run out, and nobody has done anything since:")
FOR_ADMINS = N_("❗ The time for these reports has run out, and the team has left them untouched:")
ONE = N_("• <b>{code}</b> · {category} · until {day}")
AND_MORE = N_("… and {count} more.")
SEE, SEE_ALL = N_("See {code}"), N_("⏰ See all that are overdue")


def term(act: Act, report: Report) -> datetime | None:
    """When the team's time for a report is over: its term's end, or the later day it announced."""
    ends = [report.due_at] if report.due_at is not None else []
    if report.expected_on is not None:
        ends.append(mornings.end_of(report.expected_on, act.town.zone))
    return max(ends, default=None)


def watch(act: Act, report: Report) -> None:
    """Have a report go up once its time has run out; what was planned before is forgotten."""
    assert report.id is not None
    if late.last_step(act.session, LATE, report.id):
        due.cancel(act.session, LATE, report.id, act.now)
    ends = term(act, report)
    if ends is not None:
        town = act.town
        _plan(act, report, ASSIGNEE, mornings.next_morning(
            max(ends, act.now), town.zone, town.weekend, town.holidays))  # fmt: skip


def _plan(act: Act, report: Report, step: int, at: datetime) -> None:
    assert report.id is not None
    # Another key than that of any step before it, done or forgotten.
    key = f"{LATE}:{report.id}:{late.last_step(act.session, LATE, report.id)}"
    due.plan(act.session, key, LATE, report.id, at, step=step, since=act.now.isoformat())


def _later(act: Act, moment: datetime) -> datetime:
    town = act.town
    later = mornings.mornings_later(moment, BETWEEN, town.zone, town.weekend, town.holidays)
    if later > act.now:
        return later
    return mornings.next_morning(act.now, town.zone, town.weekend, town.holidays)


@dataclass(slots=True)
class _Told:
    """What a morning says to whom."""

    people: dict[int, Person] = field(default_factory=dict)
    about: dict[tuple[int, str], list[Report]] = field(default_factory=dict)

    def add(self, who: Sequence[Person], heading: str, report: Report) -> None:
        for person in who:
            assert person.id is not None
            self.people[person.id] = person
            self.about.setdefault((person.id, heading), []).append(report)


@action(SYSTEM)
def go_up(act: Act, rows: Sequence[Due]) -> dict[int, str]:
    """Take these steps, due now; what became of each, by the row's number."""
    gestores = people.holders(act.session, people.GESTOR)
    known = [people.by_telegram(act.session, number) for number in sorted(act.world.admins)]
    admins = [admin for admin in known if admin is not None]
    told, outcomes = _Told(), {}
    for row in rows:
        report = act.session.get(Report, row.subject)
        outcomes[row.id or 0] = (
            _step(act, report, row, gestores or admins, admins or gestores, told)
            if report is not None
            else "gone"
        )
    first = min((row.id or 0 for row in rows), default=0)
    for (person_id, heading), reports in told.about.items():
        act.turn.owe(
            told.people[person_id].telegram_id,
            parcel.message(*letter(act, heading, reports)),
            lane=Lane.REMINDER,
            dedupe=f"{LATE}:{first}:{person_id}:{_NAMES[heading]}",
        )
    act.session.flush()
    return outcomes


_NAMES = {YOURS: "yours", NOBODYS: "nobodys", UNTOUCHED: "untouched", FOR_ADMINS: "admins"}


def _step(
    act: Act,
    report: Report,
    row: Due,
    gestores: Sequence[Person],
    admins: Sequence[Person],
    told: _Told,
) -> str:
    if report.state not in lifecycle.OPEN:
        return "not open"
    ends = term(act, report)
    if ends is None:
        return "no term"
    if ends > act.now:
        watch(act, report)
        return "more time"
    step = int(row.facts["step"])
    last = late.touched(act.session, row.subject, report.person_id)
    if step > ASSIGNEE and last is not None and last > datetime.fromisoformat(row.facts["since"]):
        _plan(act, report, ASSIGNEE, _later(act, last))
        return "attended"
    if step == ASSIGNEE:
        mine = [person for person in gestores if person.id == report.assignee_id]
        told.add(mine or gestores, YOURS if mine else NOBODYS, report)
    elif step == GESTORES:
        told.add(gestores, UNTOUCHED, report)
    else:
        told.add(admins, FOR_ADMINS, report)
        return "told"
    _plan(act, report, step + 1, _later(act, act.now))
    return "told"


def letter(act: Act, heading: str, reports: Sequence[Report]) -> tuple[Phrase, Buttons]:
    """What went up, and the ways to it."""
    text: list[Phrase] = [say(heading)]
    rows: Buttons = []
    for report in reports[:SHOWN]:
        ends = term(act, report) or act.now
        on = day(ends.astimezone(act.town.zone).date(), "medium")
        text.append(say(ONE, day=on, **words.head(act, report)))
        tap = ReportTap(do="card", report=report.id or 0).pack()
        see = parcel.button(say(SEE, code=report.code), tap)
        if rows and len(rows[-1]) == 1:
            rows[-1].append(see)
        else:
            rows.append([see])
    if len(reports) > SHOWN:
        text.append(say(AND_MORE, count=len(reports) - SHOWN))
    rows.append([parcel.button(say(SEE_ALL), TrayTap(age="over").pack())])
    return lines(text), rows
