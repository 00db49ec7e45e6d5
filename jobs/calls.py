"""A call's roll is written in pieces; its status is edited in place while letters leave."""

from __future__ import annotations

from actions import calls
from actions.act import Act
from jobs.registry import PIECE, Result, every_beat, job
from storage.due import Due


@job(calls.ROLL)
def roll(act: Act, row: Due) -> Result:
    """The next recipients, each with a letter or the reason why there is none."""
    go_on, wrote = calls.write_roll(act, row.subject, PIECE)
    return Result(go_on=go_on, wrote=wrote)


@every_beat
def call_status(act: Act) -> int:
    """How every call under way goes, for who sent it."""
    return calls.refresh(act)
