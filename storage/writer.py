"""All writing goes through one thread, in batches: one commit for whatever turns are waiting.

Up to MOST turns share a transaction. If one raises, the batch is rolled back and its turns run one
a transaction, so that only the guilty one fails (savepoints would cost a third, and SQLite drops
them with the transaction on a full disk). A failure of the database itself is never a turn's: the
batch waits and is tried again until the database answers or the writer is closed.

A long turn goes alone: those before it are committed first, and need not wait for its end.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from storage import inbox, letter
from storage.database import Database, is_outage
from storage.turn import Ledger, Turn

MOST = 64
PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0, 5.0)

log = logging.getLogger("cabildo.writer")
T = TypeVar("T")
Work = Callable[[Turn], Any]


class WriterClosed(RuntimeError):
    """The writer was closed before this turn could be committed; nothing of it was kept."""


@dataclass(slots=True)
class _Job:
    work: Work
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None
    alone: bool = False
    # A commit of it may have been applied, although nobody heard so.
    again: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """Letters a commit has made owed, and those whose body it replaced.

    `doubtful`: a try before may have been committed too, and with it letters that are not here.
    """

    letters: Sequence[dict[str, Any]]
    replaced: Sequence[int]
    doubtful: bool = False


class Writer:
    """The single writer. `now` gives town time; `on_owed` is told, in the loop, after a commit."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        on_owed: Callable[[Owed], None] | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self.on_owed = on_owed
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._last_letter = 0
        self.down = False
        self.commits = 0
        self.turns = 0

    def start(self) -> None:
        """Open the thread; letters are numbered on from the highest there is."""
        with self._database.read() as session:
            self._last_letter = letter.last_id(session)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Turn], T], *, alone: bool = False) -> T:
        """Run `work` in a transaction and return its result once that is committed.

        alone: it may take long, so it shares its transaction with nobody. Raises what `work` raised
        (nothing of it was kept), or WriterClosed.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop, alone=alone)
        if self._closing.is_set():
            raise WriterClosed
        self._queue.put(job)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Commit what is waiting, then end the thread."""
        self._closing.set()
        self._queue.put(None)
        thread = self._thread
        if thread is not None:
            await asyncio.to_thread(thread.join)

    # Everything below runs in the writer's thread.

    def _run(self) -> None:
        held: _Job | None = None
        while True:
            job = held or self._queue.get()
            held = None
            if job is None:
                break
            batch = [job]
            closing = False
            while not job.alone and len(batch) < MOST:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    closing = True
                    break
                if more.alone:
                    held = more
                    break
                batch.append(more)
            self._apply(batch)
            if closing:
                break
        self._refuse_rest()

    def _refuse_rest(self) -> None:
        rest = []
        while True:
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                job.error = WriterClosed()
                rest.append(job)
        self._tell(rest, None)

    def _apply(self, batch: list[_Job]) -> None:
        try:
            owed = self._commit(batch)
        except _Down:
            self._refuse(batch)
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = batch[0].error or error
                self._tell(batch, None)
                return
            log.warning("a turn failed: its batch runs again, one a transaction")
            for job in batch:
                job.error = None
                self._apply([job])
        else:
            self._tell(batch, owed)

    def _refuse(self, batch: list[_Job]) -> None:
        for job in batch:
            job.error = WriterClosed()
        self._tell(batch, None)

    def _commit(self, batch: list[_Job]) -> Owed:
        """One transaction for the batch; waits out the database's own failures."""
        tries = 0
        while True:
            try:
                owed = self._transaction(batch, doubtful=tries > 0)
            except Exception as error:
                if not is_outage(error):
                    raise
                if not self.down:
                    log.error("the database does not answer (%s)", type(error).__name__)
                self.down = True
                for job in batch:
                    # Kept with the turn: should the batch be taken apart, it still holds.
                    job.again = True
                if self._closing.is_set() and tries >= len(PAUSES):
                    raise _Down from error
                time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1
            else:
                if self.down:
                    log.warning("the database answers again")
                self.down = False
                self.commits += 1
                self.turns += len(batch)
                return owed

    def _transaction(self, batch: list[_Job], *, doubtful: bool) -> Owed:
        ledger = Ledger(self._number)
        with self._database.connect() as connection:
            with Session(connection, expire_on_commit=False) as session:
                now, machine = self._now(), time.time()
                for job in batch:
                    job.error = None
                    turn = Turn(session, ledger, now, machine, again=job.again)
                    try:
                        job.result = job.work(turn)
                        session.flush()
                    except Exception as error:
                        job.error = error
                        raise
                turn.flush()
                inbox.mark_done(session, ledger.done)
                connection.commit()
        return Owed(ledger.flushed, ledger.replaced, doubtful)

    def _number(self) -> int:
        self._last_letter += 1
        return self._last_letter

    def _tell(self, batch: Sequence[_Job], owed: Owed | None) -> None:
        if not batch:
            return
        try:
            batch[0].loop.call_soon_threadsafe(self._settle, batch, owed)
        except RuntimeError:
            log.warning("the loop is closed: nobody hears of %d turns", len(batch))

    def _settle(self, batch: Sequence[_Job], owed: Owed | None) -> None:
        # In the loop: letters first, so that the courier knows of them before the handler ends.
        told = owed is not None and (owed.letters or owed.replaced or owed.doubtful)
        if owed is not None and told and self.on_owed is not None:
            self.on_owed(owed)
        for job in batch:
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)


class _Down(RuntimeError):
    """The database did not come back while the writer was closing."""
