"""What the heartbeat runs: scans of what is due, each in pieces of at most 500 rows a commit.

A job is a function of an act and a due row; it says whether it is done, or where to go on. Each
row is claimed and settled in the transaction that writes its letters, so it happens once.
"""

from __future__ import annotations

from collections.abc import Callable
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


def job(kind: str) -> Callable[[Job], Job]:
    """Register what is done with due rows of a kind."""

    def declare(runs: Job) -> Job:
        if kind in JOBS:
            raise ValueError(f"the job {kind} is there twice")
        JOBS[kind] = runs
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
    for row in due.pending(act.session, act.now, most=PIECE):
        if budget <= 0:
            break
        if held(row):
            continue
        runs = JOBS.get(row.kind)
        if runs is None:
            row.done_at, row.outcome = act.now, "unknown"
            continue
        result = runs(act, row)
        budget -= max(1, result.wrote)
        counts[row.kind] = counts.get(row.kind, 0) + 1
        if result.go_on is None:
            row.done_at, row.outcome = act.now, result.outcome
        else:
            row.progress = result.go_on
    act.session.flush()
    return counts
