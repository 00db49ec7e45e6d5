"""Was it fixed? Those whom it concerns are asked some weeks after, once each and repair.

The first No reopens a report; after that the gestora decides. Three people's Yes confirm a repair.
A private report concerns whoever told it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import col, select

from actions import deadlines, quiet, terms
from actions import report_words as words
from actions.act import CITIZEN, SYSTEM, Act, Refused, action
from actions.additions import not_too_often
from actions.buttons import VerdictTap
from actions.report_cards import hand_out, refresh, subject
from actions.report_events import move, record
from actions.report_news import tell
from actions.reports import NO_SUCH_REPORT, not_banned
from civic import lifecycle, quiet_hours
from civic.lifecycle import FIXED, HIDDEN
from flows.characters import trim
from flows.phrase import N_, Phrase, lines, say
from storage import card as cards
from storage import due, letter, parcel, support
from storage.due import Planned
from storage.letter import Lane
from storage.parcel import Parcel
from storage.person import Person
from storage.report import EVIDENCE, KEPT, VOICE, Report, ReportPhoto
from storage.report import UNSURE as DOUBTED
from storage.report import VERDICT as DENIED
from storage.support import NO, UNSURE, YES, Asked, Verdict

JUDGED = N_("Thank you: we had your answer already.")
OPEN_AGAIN = N_("Thank you. This report is open again already: the team is looking after it.")
OVER = N_("Thank you. That question is over: see /misreportes for how the report is now.")
ENOUGH = N_("Thank you: there are photos enough of this report.")
QUESTION = N_(
    "Some time ago report <b>{code}</b> ({category}) was marked as fixed. <b>Was it fixed?</b>"
)
IT_WAS, IT_WAS_NOT = N_("✅ Yes, it was fixed"), N_("❌ No, it was not")
NOT_SURE = N_("🤷 I am not sure")
SURELY = N_("✅ Neighbours confirm it: report <b>{code}</b> ({category}) is fixed.")
NOT_FIXED = N_("A neighbour says that it is not fixed.")

LATER = quiet.ASKED_LATER
LONGEST_WORDS = 160
"""Of what was told, in UTF-16 units, to remember by what it was about."""
_TAP = VerdictTap.__prefix__
MOST_EVIDENCE = 6
"""Of one person about one report."""


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
            people = support.to_ask(act.session, [number], asked[number], most + 1)
            done |= _some(act, found, [number], people, most)
            most -= done[number][1]
    if fresh and most > 0:
        people = support.to_ask(act.session, fresh, None, most + 1)
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
    letters: dict[int, Parcel] = {}
    for one in people:
        report = found[one.report_id]
        key = f"follow_up:{report.id}:{report.reopened}:{one.person_id}"
        at = quiet_hours.ends(act.now, zone, one.quiet_from, one.quiet_until)
        if at is not None:
            later.append(_later(key, one.person_id, report, at))
            continue
        if one.report_id not in letters:
            letters[one.report_id] = question(act, report)
        told.append((one.telegram_id, key, letters[one.report_id]))
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
        select(*_COLUMNS).where(col(Report.id).in_(list(numbers)), Report.state == FIXED)
    )
    return {row.id: Doubtful._make(row) for row in found}


@action(SYSTEM)
def ask_late(act: Act, rows: Sequence[tuple[int, int, int]]) -> int:
    """Ask those who were quiet: (person, report, asking) each. How many were written to.

    Whoever has left the report meanwhile is not asked, and whoever is quiet now later.
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
        if person is None or (number, about) not in concerned:
            continue
        key = f"follow_up:{about}:{asking}:{number}"
        at = quiet_hours.ends(act.now, act.town.zone, person.quiet_from, person.quiet_until)
        if at is not None:
            later.append(_later(f"{key}:{at.isoformat()}", number, found[about], at))
        else:
            told.append((person.telegram_id, key, question(act, found[about])))
    due.plan_all(act.session, later)
    _owe(act, told)
    return len(told)


def _still(report: Doubtful, person_id: int, asking: int) -> bool:
    """Whether it is the same repair, and theirs to see."""
    return report.reopened == asking and (not report.private or report.person_id == person_id)


def question(act: Act, report: Doubtful) -> Parcel:
    """The question itself, with enough of the report to remember it by."""
    text: list[Phrase] = [say(QUESTION, **words.head(act, report)), words.where(act, report)]
    if report.words:
        text.append(say(words.QUOTE, words=trim(report.words, LONGEST_WORDS)))

    def tap(label: str, answer: str) -> dict[str, Any]:
        # Written by hand, since thousands may be due at once: what VerdictTap(...).pack() writes.
        return parcel.button(say(label), f"{_TAP}:{answer}:{report.id}:{report.reopened}")

    buttons = [[tap(IT_WAS, YES), tap(IT_WAS_NOT, NO)], [tap(NOT_SURE, UNSURE)]]
    return parcel.message(lines(text), buttons)


@action(CITIZEN)
def judge(act: Act, report_id: int, asking: int, answer: str) -> str:
    """Answer "was it fixed?" with yes, no or unsure; what follows from it.

    "thanks", "unsure", "reopen", or "ask_gestor" (a second No) for the gestora to decide. Who was
    not sure may say yes or no later.
    """
    report = concerned(act, report_id)
    not_banned(act)
    if answer not in (YES, NO, UNSURE) or asking > report.reopened:
        raise Refused(say(OVER))
    given = support.verdict_of(act.session, report_id, asking, act.my_id)
    if given is not None and (given.answer != UNSURE or answer == UNSURE):
        raise Refused(say(JUDGED))
    if asking < report.reopened and report.state in lifecycle.OPEN:
        raise Refused(say(OPEN_AGAIN))
    if asking != report.reopened or report.state != FIXED:
        raise Refused(say(OVER))
    if given is None:
        given = Verdict(
            report_id=report_id,
            person_id=act.my_id,
            asking=asking,
            answer=answer,
            created_at=act.now,
        )
        act.session.add(given)
    given.answer, given.created_at = answer, act.now
    act.session.flush()
    act.audit("judge", f"report:{report_id}", answer=answer, asking=asking)
    if answer == YES:
        return _yes(act, report)
    if answer == NO:
        return _no(act, report, given)
    record(act, report, DOUBTED)
    refresh(act, report)
    return "unsure"


def _yes(act: Act, report: Report) -> str:
    event = record(act, report, KEPT)
    yes = support.said(act.session, event.report_id, report.reopened, YES)
    if report.neighbours_at is None and lifecycle.confirmed_by_neighbours(yes):
        report.neighbours_at = act.now
        act.session.flush()
        tell(act, report, event, say(SURELY, **words.head(act, report)))
    refresh(act, report)
    return "thanks"


def _no(act: Act, report: Report, given: Verdict) -> str:
    waited = terms.undecided(act, report) is not None
    record(act, report, DENIED)
    outcome = lifecycle.after_no(support.denied(act.session, given.report_id, given.id))
    others = support.said(act.session, given.report_id, given.asking, NO) - 1
    if outcome == "reopen":
        event = move(act, report, lifecycle.REOPENED)
        act.audit("reopen", f"report:{report.id}", before=event.before, after=event.after)
        told = [say(words.CHANGED[event.after or ""], **words.head(act, report)), say(NOT_FIXED)]
        tell(act, report, event, lines(told))
    elif not waited:
        # It goes up like what is overdue until somebody decides.
        deadlines.watch(act, report)
    if not cards.chats_of(act.session, subject(report)):
        hand_out(act, report)
    # Whoever says so after the first one brings the card up to date, and nobody's telephone rings.
    refresh(act, report, anew=not others)
    return outcome


@action(CITIZEN)
def add_why(
    act: Act,
    report_id: int,
    asking: int,
    *,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, Any]],
) -> Report:
    """Say why it is not fixed, in words or by voice, and show it."""
    report = concerned(act, report_id)
    not_banned(act)
    given = support.verdict_of(act.session, report_id, asking, act.my_id)
    if given is None or given.answer != NO:
        raise Refused(say(OVER))
    if said:
        given.why = said
        event = support.denial_of(act.session, report_id, act.my_id)
        if event is not None:
            event.words = said
    kept = list(photos)
    if voice is not None:
        kept.append({"file_id": voice["file_id"], "unique_id": voice["file_id"], "kind": VOICE})
    _keep(act, report, kept)
    act.audit("add_why", f"report:{report_id}", photos=len(photos))
    refresh(act, report)
    return report


@action(CITIZEN)
def add_evidence(act: Act, report_id: int, asking: int, photos: list[dict[str, Any]]) -> Report:
    """Show how it is now, with an answer to "was it fixed?"."""
    report = may_show(act, report_id, asking)
    not_too_often(act)
    _keep(act, report, photos)
    act.audit("add_evidence", f"report:{report_id}", photos=len(photos))
    refresh(act, report)
    return report


@action(CITIZEN)
def may_show(act: Act, report_id: int, asking: int) -> Report:
    """A report that this person has answered about, and may show photos of. Raises Refused."""
    report = concerned(act, report_id)
    not_banned(act)
    if support.verdict_of(act.session, report_id, asking, act.my_id) is None:
        raise Refused(say(OVER))
    if support.evidence_of(act.session, report_id, act.my_id) >= MOST_EVIDENCE:
        raise Refused(say(ENOUGH))
    return report


def _keep(act: Act, report: Report, photos: list[dict[str, Any]]) -> None:
    for photo in photos:
        act.session.add(
            ReportPhoto(
                report_id=report.id or 0,
                person_id=act.my_id,
                moment=EVIDENCE,
                created_at=act.now,
                **photo,
            )
        )
    act.session.flush()


def concerned(act: Act, report_id: int) -> Report:
    """A report that this person told, or joined while others may see it. Raises Refused for
    anybody else's."""
    report = act.session.get(Report, report_id)
    if report is None or report.state == HIDDEN:
        raise Refused(say(NO_SUCH_REPORT))
    if report.person_id == act.my_id:
        return report
    if report.private or support.of(act.session, report_id, act.my_id) is None:
        raise Refused(say(NO_SUCH_REPORT))
    return report
