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
            same = [other for other in rows if other.kind == row.kind][:budget]
            found = MANY[row.kind](act, same, budget)
            done = [(other, found[other.id or 0]) for other in same if other.id in found]
        elif row.kind in JOBS:
            done = [(row, JOBS[row.kind](act, row))]
        else:
            row.done_at, row.outcome = act.now, "unknown"
            continue
        for one, result in done:
            budget -= max(1, result.wrote)
            counts[one.kind] = counts.get(one.kind, 0) + 1
            if result.go_on is None:
                one.done_at, one.outcome = act.now, result.outcome
            else:
                one.progress = result.go_on
    act.session.flush()
    return counts
