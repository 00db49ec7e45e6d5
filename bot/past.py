"""Some months of an invented town's past, told the same way each time for the same seed.

What was begun is gone on with: the seed and the moment of the first piece are kept in the audit
row that counts the pieces, so that a demo killed while it fills tells one story, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from actions.reports import code_of
from bot.past_due import still_due
from bot.past_life import Happening
from bot.past_story import Story, Tale
from civic import nearness, working_days
from civic.lifecycle import (
    CLOSED,
    DUPLICATE,
    FIXED,
    OPEN,
    RECEIVED,
    confirmed_by_neighbours,
)
from storage import due
from storage.audit import Audit
from storage.due import Planned
from storage.person import Person
from storage.report import Report
from storage.report_event import (
    ASSIGNED,
    EXPECTED,
    KEPT,
    MERGED,
    STATE,
    SUPPORTED,
    UNSURE,
    VERDICT,
    ReportEvent,
)
from storage.support import NO, YES, Support, Verdict
from storage.support import UNSURE as NOT_SURE
from storage.turn import Turn
from storage.writer import Writer

FIRST_NUMBER = 4_400_000_000_000_000
"""Past neighbours' Telegram numbers begin here: far above any there is, below 2**52."""
MOST_ROWS = 500
ACTION = "fill_past"
ANSWERS = {KEPT: YES, VERDICT: NO, UNSURE: NOT_SURE}
"""What was answered, by the kind of the event that tells of it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many past reports are written with all that became of them, of how many."""

    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to write."""
        return self.done >= self.total


def fill(turn: Turn, seed: int, now: datetime, months: int = 4, reports: int = 180) -> Progress:
    """Write the next piece of the past, about MOST_ROWS rows; call it until it is finished.

    First come the neighbours, then what they told, then what became of it: a report may be closed
    as the same as another. The neighbours of the past are kept as people whom Telegram no longer
    reaches: nobody is written to but who is there already. Raises NoPast when the town has nothing
    to tell of.
    """
    session = turn.session
    record = session.exec(
        select(Audit).where(Audit.subject == "town:1", Audit.action == ACTION)
    ).first()
    if record is None:
        record = Audit(
            at=now,
            action=ACTION,
            subject="town:1",
            facts={"seed": seed, "months": months, "done": 0, "total": reports, "numbers": []},
        )
        session.add(record)
    facts = record.facts
    done, total, numbers = facts["done"], facts["total"], list(facts["numbers"])
    if done < total:
        story = Story(session, facts["seed"], record.at, facts["months"], total)
        people = _neighbours(session, story)
        if len(numbers) < total:
            room = MOST_ROWS - (0 if numbers else len(people))
            told = story.tales[len(numbers) : len(numbers) + room]
            numbers += _told(session, told, people)
        else:
            done += _piece(session, story, done, numbers, people)
        # A new dict: a change inside the old one would not be seen.
        record.facts = facts | {"done": done, "numbers": numbers}
    session.flush()
    return Progress(done, total)


async def write_all(writer: Writer, tell: Callable[[str], None], seed: int = 20) -> Progress:
    """Write the whole past up to the writer's present, telling how far it is; see fill()."""
    while True:
        progress = await writer.write(lambda turn: fill(turn, seed, turn.now))
        tell(f"  {progress.done} of {progress.total} reports")
        if progress.finished:
            return progress


def _neighbours(session: Session, story: Story) -> list[int]:
    """The numbers of the past's people in their order, made the first time; the leaders last."""
    query = select(Person.id).where(col(Person.telegram_id) >= FIRST_NUMBER)
    known = list(session.exec(query.order_by(col(Person.telegram_id))))
    if not known:
        seen = _last_seen(story)
        made = [
            Person(
                telegram_id=FIRST_NUMBER + number,
                name=one.name,
                language=story.language,
                privacy_version=story.privacy_version,
                agreed_at=story.begins,
                territory_id=one.home,
                pseudonym=one.pseudonym,
                seen_on=seen.get(number, story.begins.astimezone(story.zone).date()),
                reachable=False,
                created_at=story.begins,
            )
            for number, one in enumerate(story.people)
        ]
        session.add_all(made)
        session.flush()
        known = [person.id for person in made]
    return [number or 0 for number in known] + story.leaders


def _last_seen(story: Story) -> dict[int, date]:
    found: dict[int, date] = {}
    for tale in story.tales:
        for happening in tale.happenings:
            if happening.neighbour is not None:
                day = happening.at.astimezone(story.zone).date()
                found[happening.neighbour] = max(day, found.get(happening.neighbour, day))
    return found


def _told(session: Session, tales: Sequence[Tale], people: Sequence[int]) -> list[int]:
    """Keep these reports as they were told; their numbers."""
    rows = [
        Report(
            # The number, which gives the code, is the database's to give.
            code=f"+past-{number}",
            person_id=people[tale.person] if tale.person is not None else None,
            category_id=tale.category_id,
            territory_id=tale.territory_id,
            words=tale.words,
            attributes=tale.attributes,
            latitude=tale.latitude,
            longitude=tale.longitude,
            cell=nearness.cell(tale.latitude, tale.longitude),
            private=tale.private,
            state=RECEIVED,
            created_at=tale.told_at,
            changed_at=tale.told_at,
        )
        for number, tale in enumerate(tales)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        row.code = code_of(row.id or 0)
    session.flush()
    return [row.id or 0 for row in rows]


def _piece(
    session: Session, story: Story, done: int, numbers: Sequence[int], people: Sequence[int]
) -> int:
    """What became of the next reports; of how many."""
    written = finished = 0
    for tale in story.tales[done:]:
        # Each happening is an event and at most a row of its own beside; two are planned.
        written += 2 + sum(2 + len(h.joining) for h in tale.happenings)
        if written > MOST_ROWS and finished:
            break
        finished += 1
    mine = numbers[done : done + finished]
    reports = {
        report.id: report for report in session.exec(select(Report).where(col(Report.id).in_(mine)))
    }
    told = _Teller(session, story, numbers, people)
    planned: list[Planned] = []
    for number, tale in zip(mine, story.tales[done:], strict=False):
        planned += told.tell(reports[number], tale)
    due.plan_all(session, planned)
    session.flush()
    return finished


class _Teller:
    """Writes what became of a report, as the actions write it when it happens."""

    def __init__(
        self, session: Session, story: Story, numbers: Sequence[int], people: Sequence[int]
    ) -> None:
        self._session = session
        self._story = story
        self._numbers = numbers
        self._people = people

    def tell(self, report: Report, tale: Tale) -> list[Planned]:
        """Everything that happened to one report; what is still due of it."""
        story = self._story
        events: list[ReportEvent] = []
        terms: list[datetime | None] = []
        yes = 0
        for happening in tale.happenings:
            event = self._event(report, happening)
            events.append(event)
            if event.kind == STATE:
                yes = 0 if event.after == FIXED else yes
                self._move(report, happening)
            elif event.kind == ASSIGNED:
                report.assignee_id = int(event.after) if event.after else None
            elif event.kind == EXPECTED:
                report.expected_on = date.fromisoformat(event.after or "")
            elif event.kind == SUPPORTED:
                self._join(report, event.person_id, event.created_at)
            elif event.kind == MERGED:
                for place in happening.joining:
                    self._join(report, self._people[place], event.created_at)
            elif event.kind in ANSWERS:
                yes += event.kind == KEPT
                self._judge(report, event, yes)
            terms.append(report.due_at)
        self._session.add_all(events)
        kind = story.kinds[tale.category_id]
        days = kind.follow_up_days or story.follow_up_days
        return still_due(report, events, terms, days, story.hours, story.now)

    def _event(self, report: Report, happening: Happening) -> ReportEvent:
        assert report.id is not None
        person = None
        if happening.neighbour is not None:
            person = self._people[happening.neighbour]
        elif happening.gestora is not None:
            person = self._story.gestoras[happening.gestora]
        after = happening.after
        if happening.kind == ASSIGNED:
            after = str(self._story.gestoras[int(after or 0)])
        elif happening.kind == MERGED and happening.other is not None:
            after = code_of(self._numbers[happening.other])
        return ReportEvent(
            report_id=report.id,
            person_id=person,
            kind=happening.kind,
            before=happening.before,
            after=after,
            words=happening.words,
            closed_as=happening.closed_as,
            duplicate_of=self._original(happening),
            responsible=happening.responsible,
            created_at=happening.at,
        )

    def _move(self, report: Report, happening: Happening) -> None:
        before, after, at = happening.before, happening.after or RECEIVED, happening.at
        report.state, report.changed_at = after, at
        report.closed_as = happening.closed_as if after == CLOSED else None
        report.responsible = happening.responsible
        report.duplicate_of = self._original(happening)
        if before not in OPEN and after in OPEN:
            report.reopened += before is not None
            report.neighbours_at = None
            report.due_at, report.expected_on = self._term(report, at), None
        if after == FIXED:
            report.fixed_at, report.fixed_by = at, happening.fixed_by

    def _original(self, happening: Happening) -> int | None:
        """The number of the report that one repeats which is closed so."""
        if happening.closed_as != DUPLICATE or happening.other is None:
            return None
        return self._numbers[happening.other]

    def _term(self, report: Report, at: datetime) -> datetime | None:
        days, hours = self._story.kinds[report.category_id].days_to_resolve, self._story.hours
        if not days:
            return None
        return working_days.deadline(at, days, hours.zone, hours.weekend, hours.holidays)

    def _join(self, report: Report, person_id: int | None, at: datetime) -> None:
        assert report.id is not None
        assert person_id is not None
        self._session.add(Support(report_id=report.id, person_id=person_id, created_at=at))
        report.supports += 1

    def _judge(self, report: Report, event: ReportEvent, yes: int) -> None:
        assert report.id is not None
        self._session.add(
            Verdict(
                report_id=report.id,
                person_id=event.person_id,
                asking=report.reopened,
                answer=ANSWERS[event.kind],
                why=event.words,
                created_at=event.created_at,
            )
        )
        if report.neighbours_at is None and confirmed_by_neighbours(yes):
            report.neighbours_at = event.created_at
