"""Some months of an invented town's past, told the same way each time for the same seed.

What was begun is gone on with: the seed and the moment of the first piece are kept in the audit
row that counts the pieces, so that a demo killed while it fills tells one story, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from actions.reports import code_of
from bot.past_story import Story, Tale
from civic.lifecycle import FIXED, RECEIVED
from storage.audit import Audit
from storage.person import Person
from storage.report import Report, ReportEvent
from storage.turn import Turn
from storage.writer import Writer

FIRST_NUMBER = 4_400_000_000_000_000
"""Past neighbours' Telegram numbers begin here: far above any there is, below 2**52."""
MOST_ROWS = 500
ACTION = "fill_past"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many past reports are written, of how many."""

    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether there is nothing more to write."""
        return self.done >= self.total


def fill(turn: Turn, seed: int, now: datetime, months: int = 4, reports: int = 180) -> Progress:
    """Write the next piece of the past, at most MOST_ROWS rows; call it until it is finished.

    The neighbours of the past are kept as people whom Telegram no longer reaches, so nobody is
    written to. Raises NoPast when the town has nothing to tell of.
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
            facts={"seed": seed, "months": months, "done": 0, "total": reports},
        )
        session.add(record)
    facts = record.facts
    done, total = facts["done"], facts["total"]
    if done < total:
        story = Story(session, facts["seed"], record.at, facts["months"], total)
        people = _neighbours(session, story)
        written = 0 if done else len(people)
        piece: list[Tale] = []
        for tale in story.tales[done:]:
            written += 1 + len(tale.happenings)
            if written > MOST_ROWS and piece:
                break
            piece.append(tale)
        _write(session, piece, people)
        done += len(piece)
        # A new dict: a change inside the old one would not be seen.
        record.facts = facts | {"done": done}
    session.flush()
    return Progress(done, total)


async def write_all(writer: Writer, tell: Callable[[str], None], seed: int = 20) -> Progress:
    """Write the whole past up to the writer's present, telling how far it is; see fill()."""
    while True:
        progress = await writer.write(lambda turn: fill(turn, seed, turn.now))
        tell(f"  {progress.done} of {progress.total} reports")
        if progress.finished:
            return progress


def _neighbours(session: Session, story: Story) -> list[Person]:
    """The past's people in their order, made the first time."""
    known = session.exec(
        select(Person)
        .where(col(Person.telegram_id) >= FIRST_NUMBER)
        .order_by(col(Person.telegram_id))
    ).all()
    if known:
        return list(known)
    made = [
        Person(
            telegram_id=FIRST_NUMBER + number,
            name=name,
            language=story.language,
            privacy_version=story.privacy_version,
            agreed_at=story.begins,
            territory_id=home,
            reachable=False,
            created_at=story.begins,
        )
        for number, (name, home) in enumerate(story.people)
    ]
    session.add_all(made)
    session.flush()
    return made


def _write(session: Session, tales: Sequence[Tale], people: Sequence[Person]) -> None:
    rows = []
    for number, tale in enumerate(tales):
        states = [h for h in tale.happenings if h.kind == "state"]
        fixed = [h.at for h in states if h.after == FIXED]
        author = people[tale.person] if tale.person is not None else None
        rows.append(
            Report(
                # The number, which gives the code, is the database's to give.
                code=f"+past-{number}",
                person_id=author.id if author else None,
                category_id=tale.category_id,
                territory_id=tale.territory_id,
                words=tale.words,
                latitude=tale.latitude,
                longitude=tale.longitude,
                state=states[-1].after or RECEIVED,
                created_at=states[0].at,
                changed_at=states[-1].at,
                fixed_at=fixed[-1] if fixed else None,
                reopened=sum(h.kind == "verdict" for h in tale.happenings),
            )
        )
    session.add_all(rows)
    session.flush()
    for row, tale in zip(rows, tales, strict=True):
        assert row.id is not None
        row.code = code_of(row.id)
        for happening in tale.happenings:
            own = happening.kind in ("verdict", "kept") or happening is tale.happenings[0]
            session.add(
                ReportEvent(
                    report_id=row.id,
                    person_id=row.person_id if own else None,
                    kind=happening.kind,
                    before=happening.before,
                    after=happening.after,
                    words=happening.words,
                    created_at=happening.at,
                )
            )
    session.flush()
