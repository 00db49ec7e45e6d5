"""One thread writes, in batches: only the guilty turn fails, and an outage is nobody's fault."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from storage import inbox, letter, parcel
from storage.audit import Audit
from storage.database import Database
from storage.turn import Turn
from storage.writer import MOST, Owed, Writer, WriterClosed
from tests import postgres as servers
from tests.conftest import TownClock
from tests.waiting import until


def note(name: str) -> Callable[[Turn], str]:
    """A turn that leaves one row with its name."""

    def work(turn: Turn) -> str:
        turn.session.add(Audit(at=turn.now, action=name, subject="x:1"))
        return name

    return work


def notes(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Audit.action).order_by(Audit.id)))  # type: ignore[arg-type]


def hold(writer: Writer) -> threading.Event:
    """Keep the writer's thread busy until the event is set, so that turns gather behind."""
    let_go = threading.Event()
    task = asyncio.ensure_future(writer.write(lambda turn: let_go.wait(20)))
    task.add_done_callback(lambda done: done.exception())
    return let_go


async def gathered(writer: Writer, works: list[Callable[[Turn], Any]]) -> list[Any]:
    """Hand in turns while the writer is busy; returns their results or errors, in order."""
    let_go = hold(writer)
    await asyncio.sleep(0.1)
    waiting = [asyncio.ensure_future(writer.write(work)) for work in works]
    await asyncio.sleep(0)
    let_go.set()
    return list(await asyncio.gather(*waiting, return_exceptions=True))


async def test_a_result_comes_back_after_the_commit(writer: Writer, database: Database) -> None:
    assert await writer.write(note("a")) == "a"
    assert notes(database) == ["a"]


async def test_waiting_turns_share_a_commit_in_order(writer: Writer, database: Database) -> None:
    names = [f"n{number}" for number in range(MOST + 10)]
    assert await gathered(writer, [note(name) for name in names]) == names
    assert notes(database) == names
    # The one that held the writer, a full batch, and the rest.
    assert writer.commits == 3 and writer.turns == len(names) + 1


async def test_a_long_turn_holds_up_nobody_who_came_before(
    writer: Writer, database: Database
) -> None:
    let_go, long = hold(writer), threading.Event()
    await asyncio.sleep(0.1)
    ends: list[str] = []

    def at_length(turn: Turn) -> None:
        note("long")(turn)
        long.wait(20)

    async def told(name: str, work: Callable[[Turn], Any], *, alone: bool = False) -> None:
        await writer.write(work, alone=alone)
        ends.append(name)

    waiting = [
        asyncio.ensure_future(told("before", note("before"))),
        asyncio.ensure_future(told("long", at_length, alone=True)),
        asyncio.ensure_future(told("after", note("after"))),
    ]
    await asyncio.sleep(0)
    let_go.set()
    await until(lambda: ends == ["before"])
    assert notes(database) == ["before"]
    long.set()
    await asyncio.gather(*waiting)
    assert ends == notes(database) == ["before", "long", "after"]
    assert writer.commits == 4


async def test_only_the_guilty_turn_fails(writer: Writer, database: Database) -> None:
    runs: list[str] = []

    def poison(turn: Turn) -> None:
        runs.append("poison")
        note("never")(turn)
        turn.owe(1, parcel.message("never"))
        raise ZeroDivisionError

    results = await gathered(writer, [note("a"), note("b"), poison, note("c")])
    assert results[:2] == ["a", "b"] and results[3] == "c"
    assert isinstance(results[2], ZeroDivisionError)
    assert notes(database) == ["a", "b", "c"]
    assert len(runs) == 2
    with database.read() as session:
        assert letter.last_id(session) == 0


async def test_a_turn_the_database_refuses_is_guilty_too(
    writer: Writer, database: Database
) -> None:
    def wrong_reference(turn: Turn) -> None:
        turn.session.add(Audit(at=turn.now, action="x", subject="x:1", person_id=777))

    results = await gathered(writer, [note("a"), wrong_reference, note("b")])
    assert results[0] == "a" and results[2] == "b" and isinstance(results[1], Exception)
    assert notes(database) == ["a", "b"]


async def test_the_letters_of_a_commit_are_told_before_its_turn_returns(
    writer: Writer, database: Database
) -> None:
    told: list[Owed] = []
    writer.on_owed = told.append

    def work(turn: Turn) -> int:
        turn.language = "en"
        return turn.owe(7, parcel.message("hello"))

    number = await writer.write(work)
    assert [[row["id"] for row in owed.letters] for owed in told] == [[number]]
    await writer.write(note("quiet"))
    assert len(told) == 1
    with database.read() as session:
        row = letter.by_id(session, number)
        assert row is not None and row["state"] == letter.OWED and row["chat_id"] == 7


async def test_letters_are_numbered_on_after_a_restart(
    database: Database, clock: TownClock
) -> None:
    numbers = []
    for _ in range(2):
        writer = Writer(database, clock)
        writer.start()
        numbers.append(await writer.write(lambda turn: turn.owe(7, parcel.message("x"))))
        await writer.close()
    assert numbers == [1, 2]


async def test_town_time_and_machine_time_are_two(writer: Writer, clock: TownClock) -> None:
    clock.forward(days=900)
    now, machine = await writer.write(lambda turn: (turn.now, turn.machine))
    assert now == clock.now and machine < now.timestamp()


async def test_done_is_marked_with_the_turn(writer: Writer, database: Database) -> None:
    arrival = inbox.Arrival(5, 7, "message", None, {"text": "hello"})
    await writer.write(lambda turn: inbox.keep(turn.session, [arrival], 1.0))

    def fail(turn: Turn) -> None:
        turn.done(5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await writer.write(fail)
    with database.read() as session:
        assert inbox.still_waiting(session, [5]) == {5}
    await writer.write(lambda turn: turn.done(5))
    with database.read() as session:
        assert inbox.still_waiting(session, [5]) == set()


async def test_close_commits_what_waits_and_refuses_the_rest(
    database: Database, clock: TownClock
) -> None:
    writer = Writer(database, clock)
    writer.start()
    let_go = hold(writer)
    await asyncio.sleep(0.1)
    waiting = asyncio.ensure_future(writer.write(note("in time")))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(writer.close())
    await asyncio.sleep(0)
    with pytest.raises(WriterClosed):
        await writer.write(note("too late"))
    let_go.set()
    await closing
    assert await waiting == "in time"
    assert notes(database) == ["in time"]


async def test_an_outage_is_waited_out_and_counts_against_nobody(
    writer: Writer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter([True, True, True, False, False])
    original = database.connect

    def connect() -> Any:
        if next(failures, False):
            raise OperationalError("x", {}, Exception("the disk is full"))
        return original()

    monkeypatch.setattr(database, "connect", connect)
    again: list[bool] = []

    def work(turn: Turn) -> str:
        again.append(turn.again)
        return note("a")(turn)

    assert await writer.write(work) == "a"
    assert again == [True] and notes(database) == ["a"] and not writer.down


async def test_a_commit_in_doubt_tells_the_turn_that_it_runs_again(
    writer: Writer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import Connection

    original = Connection.commit
    failures = iter([True])

    def commit(self: Connection) -> None:
        original(self)
        if next(failures, False):
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

    monkeypatch.setattr(Connection, "commit", commit)

    def once(turn: Turn) -> str:
        if turn.again and turn.session.exec(select(Audit.id)).first() is not None:
            return "there already"
        return note("a")(turn)

    assert await writer.write(once) == "there already"
    assert notes(database) == ["a"]


async def test_closing_during_an_outage_ends(
    database: Database, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.writer.PAUSES", (0.01, 0.01))
    writer = Writer(database, clock)
    writer.start()

    def connect() -> Any:
        raise OperationalError("x", {}, Exception("gone"))

    monkeypatch.setattr(database, "connect", connect)
    waiting = asyncio.ensure_future(writer.write(note("lost")))
    await until(lambda: writer.down)
    assert not waiting.done()
    await asyncio.wait_for(writer.close(), 10)
    with pytest.raises(WriterClosed):
        await waiting


@pytest.fixture
def own_server() -> Iterator[servers.Postgres]:
    """A PostgreSQL server that a test may bring down."""
    server = servers.start()
    yield server
    server.stop()


async def test_a_server_that_falls_and_comes_back(
    own_server: servers.Postgres, clock: TownClock
) -> None:
    from storage import METADATA

    database = Database(own_server.url)
    with database.engine.begin() as connection:
        METADATA.create_all(connection)
    writer = Writer(database, clock)
    writer.start()
    await writer.write(note("before"))
    own_server.kill()
    waiting = [asyncio.ensure_future(writer.write(note(f"during {n}"))) for n in range(3)]
    await until(lambda: writer.down)
    assert not any(task.done() for task in waiting)
    own_server.again()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 30) == [f"during {n}" for n in range(3)]
    assert notes(database) == ["before", "during 0", "during 1", "during 2"]
    await writer.close()
    database.close()


async def test_a_full_disk_loses_nothing(sqlite: Database, clock: TownClock) -> None:
    """SQLite's own limit on pages stands in for the disk: the error is the same, SQLITE_FULL."""
    from sqlalchemy import event

    with sqlite.read() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = [pages + 4]

    def limited(connection: Any, *_: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={limit[0]}")

    event.listen(sqlite.engine, "engine_connect", limited)
    writer = Writer(sqlite, clock)
    writer.start()

    def big(turn: Turn) -> None:
        for _ in range(40):
            turn.owe(1, parcel.message("x" * 4000))

    waiting = asyncio.ensure_future(writer.write(big))
    await until(lambda: writer.down)
    assert not waiting.done()
    limit[0] = 1_000_000
    await asyncio.wait_for(waiting, 20)
    await writer.write(note("after"))
    await writer.close()
    with sqlite.read() as session:
        assert session.connection().scalar(select(func.count()).select_from(letter.TABLE)) == 40
    assert notes(sqlite) == ["after"]
