"""What was accepted is applied once, each chat's in order; what fails is tried, then set aside."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import intake
from bot.intake import Held, Intake, Poller, arrival_of
from storage import inbox
from storage.database import Database
from storage.inbox import Leftover
from storage.turn import Turn
from storage.writer import Writer, WriterClosed
from tests.waiting import until

Json = dict[str, Any]


def message(number: int, chat: int = 7, text: str = "hola") -> Json:
    """An update as getUpdates gives it."""
    user = {"id": chat, "is_bot": False, "first_name": "Rosa"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": user,
            "text": text,
        },
    }


def tap(number: int, query: str, chat: int = 7) -> Json:
    """A tap under a message of a chat."""
    return {
        "update_id": number,
        "callback_query": {
            "id": query,
            "from": {"id": chat},
            "message": {"message_id": 1, "chat": {"id": chat}},
            "data": "x",
        },
    }


class Bench:
    """An intake whose handler notes what it is given, and fails as it is told."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.applied: list[int] = []
        self.tried: list[tuple[int, float]] = []
        self.sorry: list[int] = []
        self.fail: Callable[[Held, int], BaseException | None] = lambda held, times: None
        self.before: Callable[[Held], Awaitable[None]] | None = None
        self.unknown: set[int] = set()
        self.intake = Intake(writer, self._apply, self._give_up)

    async def _apply(self, held: Held) -> bool:
        self.tried.append((held.update_id, time.monotonic()))
        if self.before is not None:
            await self.before(held)
        times = sum(number == held.update_id for number, _ in self.tried)

        def work(turn: Turn) -> None:
            error = self.fail(held, times)
            if error is not None:
                raise error
            turn.done(held.update_id)

        if held.update_id in self.unknown:
            return False
        await self.writer.write(work)
        self.applied.append(held.update_id)
        return True

    def _give_up(self, held: Held, turn: Turn) -> None:
        self.sorry.append(held.lane)

    def times(self, number: int) -> int:
        """How often that one was tried."""
        return sum(tried == number for tried, _ in self.tried)

    async def left(self) -> list[Leftover]:
        """What is accepted and not applied."""
        return await self.writer.write(lambda turn: inbox.leftovers(turn.session))

    async def aside(self) -> list[tuple[int, str, str | None]]:
        """What was set aside."""
        return await self.writer.write(lambda turn: inbox.set_aside_rows(turn.session))


@pytest.fixture
def bench(writer: Writer) -> Bench:
    return Bench(writer)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> tuple[float, ...]:
    """Retries in the same proportion as 1, 5 and 30 s, much sooner."""
    pauses = tuple(pause / 100 for pause in intake.RETRIES)
    monkeypatch.setattr(intake, "RETRIES", pauses)
    return pauses


def test_the_pauses_before_a_retry() -> None:
    assert intake.RETRIES == (1.0, 5.0, 30.0)


@pytest.mark.parametrize(
    ("update", "lane", "kind"),
    [
        (message(1, 77), 77, "message"),
        ({"update_id": 1, "edited_message": {"chat": {"id": -5}}}, -5, "edited_message"),
        (tap(1, "9", -5), -5, "callback_query"),
        ({"update_id": 1, "callback_query": {"id": "9", "from": {"id": 8}}}, 8, "callback_query"),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": -6}}}, -6, "my_chat_member"),
        # It is that person's own chat that hears of it, in the order of what else they do there.
        (
            {"update_id": 1, "chat_join_request": {"chat": {"id": -6}, "from": {"id": 8}}},
            8,
            "chat_join_request",
        ),
        ({"update_id": 1, "poll_answer": {"user": {"id": 8}}}, 8, "poll_answer"),
        ({"update_id": 1, "strange": "thing"}, 0, "strange"),
        ({"update_id": 1}, 0, "unknown"),
    ],
)
def test_a_lane_is_a_chat(update: Json, lane: int, kind: str) -> None:
    arrival = arrival_of(update)
    assert (arrival.update_id, arrival.lane, arrival.kind) == (1, lane, kind)


async def test_each_update_is_applied_once_in_its_chats_order(bench: Bench) -> None:
    batch = [message(number, chat=number % 3) for number in range(1, 40)]
    await bench.intake.accept(batch)
    # Handed out once more, before and after it was applied.
    await bench.intake.accept(batch[10:])
    await bench.intake.settle()
    await bench.intake.accept(batch[:10])
    await bench.intake.settle()
    for chat in range(3):
        mine = [number for number in bench.applied if number % 3 == chat]
        assert mine == [number for number in range(1, 40) if number % 3 == chat]
    assert await bench.left() == []
    assert bench.intake.applied == 39


async def test_a_tap_that_comes_again_under_another_number_is_known(bench: Bench) -> None:
    await bench.intake.accept([tap(1, "one"), tap(2, "two")])
    await bench.intake.accept([tap(3, "one"), tap(4, "three"), tap(5, "three")])
    await bench.intake.settle()
    assert bench.applied == [1, 2, 4]


async def test_a_batch_out_of_order_is_put_in_order(bench: Bench) -> None:
    await bench.intake.accept([message(3), message(1), message(2)])
    await bench.intake.settle()
    assert bench.applied == [1, 2, 3]


async def test_a_slow_chat_holds_up_nobody_else(bench: Bench) -> None:
    go_on = asyncio.Event()

    async def slow(held: Held) -> None:
        if held.lane == 1:
            await go_on.wait()

    bench.before = slow
    await bench.intake.accept([message(1, 1), message(2, 2), message(3, 1), message(4, 2)])
    async with asyncio.timeout(5):
        while bench.applied != [2, 4]:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert bench.intake.waiting == 2
    go_on.set()
    await bench.intake.settle()
    assert bench.applied == [2, 4, 1, 3]


async def test_a_failure_is_tried_again_after_each_pause_and_holds_only_its_lane(
    bench: Bench, soon: tuple[float, ...]
) -> None:
    bench.fail = lambda held, times: ValueError("no") if held.update_id == 1 and times < 4 else None
    await bench.intake.accept([message(1, 1), message(2, 1), message(3, 2)])
    await bench.intake.settle()
    assert bench.applied == [3, 1, 2]
    moments = [moment for number, moment in bench.tried if number == 1]
    for pause, before, after in zip(soon, moments, moments[1:], strict=False):
        assert after - before >= pause * 0.95
    assert await bench.aside() == [] and bench.sorry == []


async def test_what_never_works_is_set_aside_and_the_person_is_told(
    bench: Bench, soon: tuple[float, ...]
) -> None:
    bench.fail = lambda held, times: ValueError("Rosa's words") if held.update_id == 1 else None
    await bench.intake.accept([message(1, 7), message(2, 7)])
    await bench.intake.settle()
    assert bench.times(1) == 4
    assert bench.applied == [2]
    assert bench.sorry == [7]
    # The kind of failure, never what it says: that may be somebody's words.
    assert await bench.aside() == [(1, "message", "ValueError")]
    assert bench.intake.aside == 1
    # Telegram hands it out once more: it is not begun again.
    await bench.intake.accept([message(1, 7)])
    await bench.intake.settle()
    assert bench.times(1) == 4


async def test_what_no_handler_takes_is_done_and_counted(bench: Bench) -> None:
    bench.unknown = {1}
    await bench.intake.accept([message(1), message(2)])
    await bench.intake.settle()
    assert bench.intake.unhandled == 1
    assert await bench.left() == []


async def test_an_outage_is_waited_out_and_never_counts(bench: Bench) -> None:
    down = sqlite3.OperationalError("disk I/O error")
    down.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def outage(held: Held, times: int) -> BaseException | None:
        bench.tried.append((held.update_id, time.monotonic()))
        failing = sum(number == 1 for number, _ in bench.tried) < 8
        return OperationalError("x", None, down) if failing else None

    bench.fail = outage
    await bench.intake.accept([message(1)])
    await until(lambda: bench.writer.down)
    await bench.intake.settle()
    assert bench.applied == [1]
    assert not bench.writer.down
    attempts = await bench.writer.write(lambda turn: turn.session.get(inbox.Inbox, 1))
    assert attempts is not None and attempts.attempts == 0
    assert bench.sorry == []


async def test_what_was_left_over_is_taken_up_in_order_and_suspects_go_alone(
    writer: Writer, soon: tuple[float, ...]
) -> None:
    killed = Bench(writer)

    async def hang(held: Held) -> None:
        await asyncio.Event().wait()

    killed.before = hang
    await killed.intake.accept([message(n, chat=n % 2) for n in range(1, 7)])
    await writer.write(lambda turn: inbox.count_attempt(turn.session, [1]))
    for task in killed.intake._tasks:
        task.cancel()

    after = Bench(writer)
    together = 0
    most_beside_suspect = 0

    async def look(held: Held) -> None:
        nonlocal together, most_beside_suspect
        together += 1
        await asyncio.sleep(0.01)
        if held.update_id == 1:
            most_beside_suspect = max(most_beside_suspect, together)
        together -= 1

    after.before = look
    await after.intake.recover()
    # What Telegram hands out again meanwhile is known.
    await after.intake.accept([message(n, chat=n % 2) for n in range(1, 8)])
    await after.intake.settle()
    assert [n for n in after.applied if n % 2 == 0] == [2, 4, 6]
    assert [n for n in after.applied if n % 2 == 1] == [1, 3, 5, 7]
    assert most_beside_suspect == 1
    assert await after.left() == []


async def test_an_update_that_kills_the_process_is_not_tried_for_ever(writer: Writer) -> None:
    await Bench(writer).intake._writer.write(
        lambda turn: inbox.keep(turn.session, [arrival_of(message(1))], time.time())
    )

    async def die(held: Held) -> None:
        raise asyncio.CancelledError

    async def start_and_die() -> None:
        killed = Bench(writer)
        killed.before = die
        asyncio.get_running_loop().create_task(killed.intake.recover())
        await until(lambda: killed.tried)

    for _ in range(3):
        await start_and_die()
    after = Bench(writer)
    await after.intake.recover()
    await after.intake.settle()
    assert after.tried == []
    assert after.sorry == [7]
    assert await after.aside() == [(1, "message", "tried too often")]


async def test_no_more_is_fetched_while_too_much_is_held(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_HELD", 10)
    go_on = asyncio.Event()

    async def wait(held: Held) -> None:
        await go_on.wait()

    bench.before = wait
    fetched: list[int | None] = []

    async def fetch(offset: int | None, seconds: int) -> list[Json]:
        fetched.append(offset)
        first = 1 if offset is None else offset
        if first > 30:
            await asyncio.Event().wait()
        return [message(number, chat=number) for number in range(first, first + 5)]

    polling = asyncio.create_task(Poller(fetch, bench.intake, lambda error: None).run())
    await until(lambda: len(fetched) == 2)
    await asyncio.sleep(0.2)
    # What is asked for next has confirmed what came before: no further than what is kept.
    assert fetched == [None, 6]
    assert bench.intake.waiting == 10
    go_on.set()
    async with asyncio.timeout(5):
        while len(bench.applied) < 30:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    polling.cancel()
    assert bench.applied == sorted(bench.applied)


async def test_a_batch_is_confirmed_only_once_it_is_kept(bench: Bench) -> None:
    kept: list[set[int]] = []

    async def fetch(offset: int | None, seconds: int) -> list[Json]:
        ids = await bench.writer.write(
            lambda turn: set(turn.session.connection().scalars(inbox.TABLE.select()))
        )
        kept.append(ids)
        if offset is None:
            return [message(4), message(5)]
        assert offset == 6
        return await asyncio.Event().wait()  # type: ignore[return-value]

    polling = asyncio.create_task(Poller(fetch, bench.intake, lambda error: None).run())
    async with asyncio.timeout(5):
        while len(kept) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    polling.cancel()
    assert kept == [set(), {4, 5}]


async def test_stopping_ends_the_turns_that_run_and_leaves_the_rest_in_the_inbox(
    bench: Bench,
) -> None:
    running = asyncio.Event()

    async def slow(held: Held) -> None:
        running.set()
        await asyncio.sleep(0.2)

    bench.before = slow
    await bench.intake.accept([message(1, 1), message(2, 1), message(3, 1)])
    await running.wait()
    await bench.intake.stop()
    assert bench.applied == [1]
    assert [row.update_id for row in await bench.left()] == [2, 3]
    # Nothing that comes later is begun.
    await bench.intake.accept([message(9, 5)])
    assert bench.intake.waiting == 0
    assert bench.applied == [1]


async def test_a_retry_does_not_hold_up_the_stop(bench: Bench) -> None:
    bench.fail = lambda held, times: ValueError("no")
    await bench.intake.accept([message(1)])
    async with asyncio.timeout(5):
        while not bench.tried:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    begun = time.monotonic()
    await bench.intake.stop()
    assert time.monotonic() - begun < 1
    assert len(await bench.left()) == 1


async def test_a_closed_writer_ends_a_lane_quietly(bench: Bench) -> None:
    async def closed(held: Held) -> None:
        raise WriterClosed

    bench.before = closed
    await bench.intake.accept([message(1), message(2)])
    async with asyncio.timeout(2):
        await bench.intake.settle()
    assert bench.intake.aside == 0
    assert [row.update_id for row in await bench.left()] == [1, 2]


@pytest.mark.parametrize(
    "update",
    [
        {"callback_query": "x"},
        {"callback_query": {"message": [], "from": None, "id": None}},
        {"callback_query": {"message": {"chat": "x"}, "from": {"id": 5}, "id": "a\0b"}},
        {"message": {"chat": {"id": "x"}, "from": {"id": True}}},
        {"message": {"chat": {"id": 2**63}}},
        {"chat_join_request": {"from": []}},
        {"my_chat_member": None},
        {"poll_answer": {"user": {"id": 5}}},
        {},
    ],
)
def test_however_odd_an_update_is_it_can_be_kept(update: dict[str, Any], sqlite: Database) -> None:
    arrival = arrival_of({"update_id": 9, **update})
    assert arrival.lane in (0, 5) and "\0" not in (arrival.tap or "")
    with sqlite.begin() as session:
        assert inbox.keep(session, [arrival], 0.0) == [arrival]
