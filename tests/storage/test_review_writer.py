"""A commit whose answer was lost may stand: its turns run again knowing so, and tell of it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from storage.audit import Audit
from storage.database import Database
from storage.turn import Turn
from storage.writer import Owed, Writer
from tests.storage.test_writer import gathered, notes


def lose_an_answer(monkeypatch: pytest.MonkeyPatch, after: int = 0) -> None:
    """The commit after so many is applied, and its answer does not arrive."""
    original = Connection.commit
    failures = iter([False] * after + [True])

    def commit(self: Connection) -> None:
        original(self)
        if next(failures, False):
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

    monkeypatch.setattr(Connection, "commit", commit)


def once(turn: Turn) -> str:
    """A turn that looks first when it may have been applied already."""
    if turn.again and turn.session.exec(select(Audit.id)).first() is not None:
        return "there already"
    turn.session.add(Audit(at=turn.now, action="a", subject="x:1"))
    return "done"


async def test_a_neighbour_that_fails_takes_nobodys_doubt_away(
    writer: Writer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_the_second_time(turn: Turn) -> None:
        if turn.again:
            raise ZeroDivisionError

    # The first commit is that of the turn behind which these gather.
    lose_an_answer(monkeypatch, 1)
    results = await gathered(writer, [once, fails_the_second_time])
    assert notes(database) == ["a"], results


async def test_letters_of_a_commit_in_doubt_are_told_to_be_looked_for(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Owed] = []
    writer.on_owed = told.append
    lose_an_answer(monkeypatch)

    def work(turn: Turn) -> None:
        if not turn.again:
            turn.owe(7, {"kind": "message", "text": "hello"})

    await writer.write(work)
    assert [(list(owed.letters), owed.doubtful) for owed in told] == [([], True)]
