"""What the heartbeat runs: scans of what is due, each in pieces of at most 500 rows a commit.

A job is a function of an act and a due row; it says whether it is done, or where to go on. Each
row is claimed and settled in the transaction that writes its letters, so it happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from actions.act import Act
from storage import due
from storage.due import Due

PIECE = 500
"""The most rows one transaction writes for a job."""


@dataclass(frozen=True, slots=True)
class Result:
    """How far a job came: `go_on` is where the next piece starts, None when it is done."""

    outcome: str = "done"
    go_on: int | None = None
    wrote: int = 0


Job: TypeAlias = Callable[[Act, Due], Result]
JOBS: dict[str, Job] = {}
Many: TypeAlias = Callable[[Act, Sequence[Due], int], Mapping[int, Result]]
"""(act, rows, the most it may write) -> what became of each row by its number; a row that it left
out waits for the next piece."""
MANY: dict[str, Many] = {}


def job(kind: str) -> Callable[[Job], Job]:
    """Register what is done with due rows of a kind."""

    def declare(runs: Job) -> Job:
        if kind in JOBS or kind in MANY:
            raise ValueError(f"the job {kind} is there twice")
        JOBS[kind] = runs
        return runs

    return declare


def job_of_many(kind: str) -> Callable[[Many], Many]:
    """Register what is done with all due rows of a kind together, so that thousands cost little."""

    def declare(runs: Many) -> Many:
        if kind in JOBS or kind in MANY:
            raise ValueError(f"the job {kind} is there twice")
        MANY[kind] = runs
        return runs

    return declare


Beat: TypeAlias = Callable[[Act], int]
EVERY_BEAT: list[Beat] = []
HOURLY: list[Beat] = []


def every_beat(runs: Beat) -> Beat:
    """Register what is looked at on every beat; it says how much it wrote, and paces itself."""
    EVERY_BEAT.append(runs)
    return runs


def hourly(runs: Beat) -> Beat:
    """Register what is done at the start and then every hour of machine time."""
    HOURLY.append(runs)
    return runs


def scan(act: Act, held: Callable[[Due], bool] = lambda row: False) -> dict[str, int]:
    """Do one piece of what is due at `act.now`; counts by kind, empty when nothing is due.

    `held(row)` says that it must wait (a vote waits for the ballots received before it closed).
    """
    counts: dict[str, int] = {}
    budget = PIECE
    rows = [row for row in due.pending(act.session, act.now, most=PIECE) if not held(row)]
    together: set[str] = set()
    for row in rows:
        if budget <= 0:
            break
        if row.kind in together:
            continue
        if row.kind in MANY:
            together.add(row.kind)
            done = _many(act, [other for other in rows if other.kind == row.kind][:budget], budget)
            budget -= sum(max(1, result.wrote) for result in done.values())
            if done:
                counts[row.kind] = len(done)
            continue
        if row.kind not in JOBS:
            row.done_at, row.outcome = act.now, "unknown"
            continue
        result = JOBS[row.kind](act, row)
        budget -= max(1, result.wrote)
        counts[row.kind] = counts.get(row.kind, 0) + 1
        if result.go_on is None:
            row.done_at, row.outcome = act.now, result.outcome
        else:
            row.progress = result.go_on
    act.session.flush()
    return counts


def _many(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """Do the rows of one kind together; what is done with is written down in one go."""
    found = MANY[rows[0].kind](act, rows, most)
    done: dict[str, list[int]] = {}
    for row in rows:
        result = found.get(row.id or 0)
        if result is not None and result.go_on is not None:
            row.progress = result.go_on
        elif result is not None:
            done.setdefault(result.outcome, []).append(row.id or 0)
    for outcome, numbers in done.items():
        due.finish(act.session, numbers, act.now, outcome)
    return found
