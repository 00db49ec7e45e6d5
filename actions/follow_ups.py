"""Was it fixed? Those whom it concerns are asked some weeks after, once each and repair.

A private report concerns whoever told it alone. Whoever is banned then is not asked: they could not
answer; nor are they when the ban ends, which may be a year later, when others have answered or
nobody remembers. What follows from the answers is in verdicts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, select

from actions import bans, quiet
from actions import report_words as words
from actions.act import SYSTEM, Act, action
from actions.buttons import Menu, VerdictTap
from actions.reports import LOOK
from civic import quiet_hours
from civic.lifecycle import FIXED
from flows.characters import trim
from flows.phrase import N_, Phrase, lines, say
from storage import due, letter, parcel, support
from storage.among import among
from storage.due import Planned
from storage.letter import Lane
from storage.parcel import Parcel
from storage.person import Person
from storage.report import Report
from storage.support import NO, UNSURE, YES, Asked

QUESTION = N_(
    "Some time ago report <b>{code}</b> ({category}) was marked as fixed. <b>Was it fixed?</b>"
)
IT_WAS, IT_WAS_NOT = N_("✅ Yes, it was fixed"), N_("❌ No, it was not")
NOT_SURE = N_("🤷 I am not sure")

LATER = quiet.ASKED_LATER
LONGEST_WORDS = 160
"""Of what was told, in UTF-16 units, to remember by what it was about."""
_TAP = VerdictTap.__prefix__


class Doubtful(NamedTuple):
    """What the question says of a report: thousands may be due at once, and a whole row of the
    table costs several times as much."""

    id: int
    code: str
    person_id: int | None
    private: bool
    category_id: int
    territory_id: int | None
    address: str | None
    outside: bool
    words: str | None
    reopened: int


_COLUMNS: Any = [getattr(Report, name) for name in Doubtful._fields]


@action(SYSTEM)
def ask(act: Act, asked: Mapping[int, int], most: int) -> dict[int, tuple[int | None, int]]:
    """Ask whoever told or joined these reports whether they were fixed, about `most` people.

    asked: how far each report's people were asked before (0: nobody yet). Returns for each report
    that was reached where to go on (None: everybody was asked) and how many were written to.
    """
    found = _fixed(act, asked)
    fresh = sorted(number for number in found if not asked[number])
    done: dict[int, tuple[int | None, int]] = {n: (None, 0) for n in asked if n not in found}
    for number in sorted(found.keys() - set(fresh)):
        if most > 0:
            people = support.to_ask(act.session, [number], asked[number], most + 1, act.now)
            done |= _some(act, found, [number], people, most)
            most -= done[number][1]
    if fresh and most > 0:
        people = support.to_ask(act.session, fresh, None, most + 1, act.now)
        done |= _some(act, found, fresh, people, most)
    return done


def _some(
    act: Act, found: dict[int, Doubtful], numbers: list[int], people: list[Asked], most: int
) -> dict[int, tuple[int | None, int]]:
    cut = people[most].report_id if len(people) > most else None
    people = people[:most]
    _question(act, found, people)
    wrote: dict[int, int] = {}
    last: dict[int, int] = {}
    for one in people:
        wrote[one.report_id] = wrote.get(one.report_id, 0) + 1
        last[one.report_id] = one.place
    done: dict[int, tuple[int | None, int]] = {}
    for number in numbers:
        if cut is None or number < cut:
            done[number] = (None, wrote.get(number, 0))
        elif number == cut and last.get(number):
            # Beyond whoever told it, whose place is 0: somebody has joined it.
            done[number] = (last[number], wrote[number])
    return done


def _question(act: Act, found: Mapping[int, Doubtful], people: Sequence[Asked]) -> None:
    """Owe the question to each, or plan it for the end of their quiet hours."""
    zone = act.town.zone
    told: list[tuple[int, str, Parcel]] = []
    later: list[Planned] = []
    # At most two a report: whoever told it reads their own words, who joined reads nobody's.
    letters: dict[tuple[int, bool], Parcel] = {}
    for one in people:
        report = found[one.report_id]
        key = f"follow_up:{report.id}:{report.reopened}:{one.person_id}"
        at = quiet_hours.ends(act.now, zone, one.quiet_from, one.quiet_until)
        if at is not None:
            later.append(_later(key, one.person_id, report, at))
            continue
        kind = (report.id, report.person_id == one.person_id)
        if kind not in letters:
            letters[kind] = question(act, report, own=kind[1])
        told.append((one.telegram_id, key, letters[kind]))
    due.plan_all(act.session, later)
    _owe(act, told)


def _later(key: str, person_id: int, report: Doubtful, at: datetime) -> Planned:
    facts = {"report": report.id, "asking": report.reopened}
    return Planned(key=key, kind=LATER, subject=person_id, at=at, facts=facts)


def _owe(act: Act, told: Sequence[tuple[int, str, Parcel]]) -> None:
    act.turn.flush()
    known = letter.known_dedupes(act.session, [key for _, key, _ in told]) if told else set()
    for chat_id, key, body in told:
        if key not in known:
            act.turn.owe(chat_id, body, lane=Lane.REMINDER, dedupe=key)


def _fixed(act: Act, numbers: Iterable[int]) -> dict[int, Doubtful]:
    found = act.session.exec(
        select(*_COLUMNS).where(among(col(Report.id), numbers), Report.state == FIXED)
    )
    return {row.id: Doubtful._make(row) for row in found}


@action(SYSTEM)
def ask_late(act: Act, rows: Sequence[tuple[int, int, int]]) -> int:
    """Ask those who were quiet: (person, report, asking) each. How many were written to.

    Whoever has left the report meanwhile or is banned now is not asked, and whoever is quiet now
    later.
    """
    found = _fixed(act, {report for _, report, _ in rows})
    wanted = [row for row in rows if row[1] in found and _still(found[row[1]], row[0], row[2])]
    query = select(Person).where(
        col(Person.id).in_({person for person, _, _ in wanted}),
        col(Person.follow_ups),
        col(Person.reachable),
    )
    known = {person.id: person for person in act.session.exec(query)}
    concerned = support.concerned(act.session, {(person, report) for person, report, _ in wanted})
    told: list[tuple[int, str, Parcel]] = []
    later: list[Planned] = []
    for number, about, asking in wanted:
        person = known.get(number)
        if person is None or bans.is_banned(act, person) or (number, about) not in concerned:
            continue
        key = f"follow_up:{about}:{asking}:{number}"
        at = quiet_hours.ends(act.now, act.town.zone, person.quiet_from, person.quiet_until)
        if at is not None:
            later.append(_later(f"{key}:{at.isoformat()}", number, found[about], at))
        else:
            body = question(act, found[about], own=found[about].person_id == number)
            told.append((person.telegram_id, key, body))
    due.plan_all(act.session, later)
    _owe(act, told)
    return len(told)


def _still(report: Doubtful, person_id: int, asking: int) -> bool:
    """Whether it is the same repair, and theirs to see."""
    return report.reopened == asking and (not report.private or report.person_id == person_id)


def question(act: Act, report: Doubtful, *, own: bool) -> Parcel:
    """The question itself, with enough of the report to remember it by.

    What somebody wrote, their address too, is theirs to erase, and this message cannot be taken
    back: only whoever told it has it here. The others can look at the report, where it is erased.
    """
    text: list[Phrase] = [
        say(QUESTION, **words.head(act, report)),
        words.where(act, report, typed=own),
    ]
    if own and report.words:
        text.append(say(words.QUOTE, words=trim(report.words, LONGEST_WORDS)))

    def tap(label: str, answer: str) -> dict[str, Any]:
        # Written by hand, since thousands may be due at once: what VerdictTap(...).pack() writes.
        return parcel.button(say(label), f"{_TAP}:{answer}:{report.id}:{report.reopened}")

    buttons = [[tap(IT_WAS, YES), tap(IT_WAS_NOT, NO)], [tap(NOT_SURE, UNSURE)]]
    if not own:
        look = Menu(what="r", about=report.code[2:]).pack()
        buttons.append([parcel.button(say(LOOK), look)])
    return parcel.message(lines(text), buttons)
