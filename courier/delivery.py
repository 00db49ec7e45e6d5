"""The round of the post: a slot first, then the letter, its claim committed before it leaves.

One turn of the writer both marks what came back and claims what leaves next. A letter that was
stopped before its claim is simply not handed out; after its claim it is under way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram.error import TelegramError

from courier import outcome
from courier.limits import Limiter, Ticket
from courier.line import Line
from courier.outcome import Mark
from courier.sender import Errand, Sender, Sent
from courier.shelf import Shelf
from courier.verdict import SENT, Fate, judge
from courier.window import LANES, Pick, Window
from storage import delivery, letter
from storage.database import Database
from storage.turn import Turn
from storage.writer import Owed, Writer, WriterClosed

log = logging.getLogger("cabildo.courier")

# Letters claimed in one transaction.
BATCH = 64
# A retry further away than this does not keep anybody waiting for quiet.
SOON_S = 2.0


# A letter and the moment from which its slot may be used.
_Slotted = tuple[Pick, float]


@dataclass(slots=True)
class Counts:
    """What became of letters since the start."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    again: int = 0


class Delivery:
    """Delivers what is owed until it is stopped. `language()` and `zone()` are the town's."""

    def __init__(
        self,
        *,
        sender: Sender,
        limiter: Limiter,
        window: Window,
        database: Database,
        writer: Writer,
        language: Callable[[], str],
        zone: Callable[[], str],
        on_answer: Callable[[], None] | None,
    ) -> None:
        self._sender = sender
        self._limiter = limiter
        self._window = window
        self._writer = writer
        self._language = language
        self._zone = zone
        self._on_answer = on_answer
        self._marks: list[Mark] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._shelf = Shelf(database, window, self._wake.set)
        self._quiet = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._round: asyncio.Task[None] | None = None
        self._stopping = False
        self.line = Line()
        self.counts = Counts()

    @property
    def in_flight(self) -> int:
        """Letters that are claimed and not yet answered."""
        return len(self._under_way)

    async def start(self) -> None:
        """Settle what a crash left under way, then begin the rounds."""
        at = time.time()
        left = await self._writer.write(lambda turn: outcome.recover(turn.session, at))
        if any(left.values()):
            log.warning("left under way: %(again)d owed again, %(uncertain)d uncertain", left)
        self._round = asyncio.create_task(self._rounds(), name="courier")

    async def stop(self) -> None:
        """Claim nothing more; return when what is under way has been answered and marked."""
        self._stopping = True
        self._wake.set()
        if self._round is not None:
            await self._round
        self._shelf.close()

    def owed(self, owed: Owed) -> None:
        """A commit has made letters owed."""
        if owed.doubtful:
            # What a commit in doubt has left in the table, the table alone knows.
            self._window.read_on()
        for row in owed.letters:
            self._window.add(row["id"], row["chat_id"], row["lane"])
        self._quiet.clear()
        self._wake.set()

    def time_passed(self, seconds: float) -> None:
        """Telegram's own clock was moved on by so much; see Limiter.passed."""
        self._limiter.passed(seconds)
        self._window.look_again()
        self._wake.set()

    async def settle(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109
        """Wait until nothing is under way or could leave soon; False when that took too long."""
        try:
            await asyncio.wait_for(self._quiet.wait(), timeout)
        except TimeoutError:
            return False
        return True

    # The rounds.

    async def _rounds(self) -> None:
        try:
            going = True
            while going:
                try:
                    going = await self._once()
                except WriterClosed:
                    raise
                except Exception as error:
                    log.error("a round of the courier failed (%s)", type(error).__name__)
                    await asyncio.sleep(1.0)
        except WriterClosed:
            log.warning("the writer is closed: %d letters stay under way", len(self._under_way))
        finally:
            self._cancel_timer()
            self._quiet.set()

    async def _once(self) -> bool:
        """One round; False when it was the last."""
        self._wake.clear()
        if not self._stopping:
            self._shelf.refill()
        picks, due = self._pick()
        marks, self._marks = self._marks, []
        if picks or marks:
            self._quiet.clear()
            await self._turn(picks, marks)
        elif self._stopping and not self._under_way:
            return False
        else:
            await self._rest(due)
        return True

    async def _rest(self, due: float | None) -> None:
        """Wait for news, or for the moment at which something may leave."""
        if self._is_quiet():
            self._quiet.set()
        self._cancel_timer()
        if due is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, due - time.monotonic()), self._wake.set)
        await self._wake.wait()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_quiet(self) -> bool:
        if self._under_way or self._marks or self._shelf.reading:
            return False
        now = time.monotonic()
        if max(self._limiter.paused_until, self.line.until) > now + SOON_S:
            return True
        return not self._window.waits(now, SOON_S)

    def _pick(self) -> tuple[list[_Slotted], float | None]:
        """Letters for the slots that are free now, and when to look again if there is none."""
        now = time.monotonic()
        picks: list[_Slotted] = []
        if self._stopping:
            return picks, None
        if now < self.line.until:
            return picks, self.line.until
        # After a failure of the line one letter tries it alone.
        most = BATCH if not self.line.down else 1 - len(self._under_way)
        window, limiter = self._window, self._limiter
        window.wake(now)
        dues: list[float] = []
        while len(picks) < most:
            if not limiter.free():
                slot = limiter.next_free()
                if slot is not None and any(window.size):
                    dues.append(slot)
                break
            pick = None
            for lane in range(LANES):
                due = limiter.pace(lane)
                if due > now:
                    if window.size[lane]:
                        dues.append(due)
                    continue
                pick = window.pick(lane, now)
                if pick is not None:
                    break
            if pick is None:
                break
            picks.append((pick, limiter.take(pick.lane)))
        waiting = window.next_wake()
        if waiting is not None:
            dues.append(waiting)
        return picks, min(dues) if dues else None

    async def _turn(self, picks: list[_Slotted], marks: list[Mark]) -> None:
        """Mark what came back and claim what leaves next, in one transaction."""
        at = time.time()
        ids = [pick.letter_id for pick, _ in picks]

        def work(turn: Turn) -> list[dict[str, Any]]:
            if marks:
                outcome.write(turn.session, marks, at)
            return delivery.claim(turn.session, ids, at) if ids else []

        try:
            rows = await self._writer.write(work)
        except WriterClosed:
            raise
        except Exception as error:
            log.error("letters could not be marked (%s)", type(error).__name__)
            for pick, moment in picks:
                self._limiter.give_back(pick.lane, moment)
                self._window.again(pick, time.monotonic() + outcome.PAUSES[0])
            await self._one_by_one(marks)
            return
        self._settle_marks(marks)
        claimed = {row["id"]: row for row in rows}
        for pick, moment in picks:
            row = claimed.get(pick.letter_id)
            if row is None:
                # Stopped, or its chat moved, before it could leave.
                self._limiter.give_back(pick.lane, moment)
                self._window.release(pick)
            else:
                self._send(pick, row, moment)

    async def _one_by_one(self, marks: list[Mark]) -> None:
        """A mark that cannot be written must not take the others with it."""
        for mark in marks:
            at = time.time()
            try:
                await self._writer.write(partial(_write_one, mark=mark, at=at))
            except WriterClosed:
                raise
            except Exception as error:
                log.error("a letter stays under way (%s)", type(error).__name__)
                self._window.release(mark.pick)
            else:
                self._settle_marks([mark])

    def _settle_marks(self, marks: list[Mark]) -> None:
        """The marks are committed: their chats may hear the next letter."""
        now = time.monotonic()
        answers = False
        for mark in marks:
            if mark.state == letter.OWED:
                self.counts.again += 1
                self._window.again(mark.pick, now + mark.wait)
                if mark.moved_to is not None:
                    self._window.move(mark.pick.chat_id, mark.moved_to)
                continue
            self._window.release(mark.pick)
            if mark.state == letter.SENT:
                self.counts.sent += 1
            elif mark.state == letter.FAILED:
                self.counts.failed += 1
            else:
                self.counts.uncertain += 1
            answers = answers or mark.answer is not None
        if answers and self._on_answer is not None:
            self._on_answer()

    # One letter.

    def _send(self, pick: Pick, row: dict[str, Any], moment: float) -> None:
        task = asyncio.create_task(self._deliver(pick, row, moment))
        self._under_way.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()

    async def _deliver(self, pick: Pick, row: dict[str, Any], moment: float) -> None:
        await self._limiter.until(moment)
        now = time.monotonic()
        held = max(self._limiter.paused_until, self.line.until)
        if held > now:
            # A pause began while it was being claimed.
            self._limiter.give_back(pick.lane, moment)
            self._marks.append(outcome.again(pick, row, "paused", held - now))
            return
        if row["edits_state"] is not None and row["edits_state"] <= letter.SENDING:
            self._limiter.give_back(pick.lane, moment)
            self._marks.append(outcome.again(pick, row, "original_waits", 1.0))
            return
        body = row["body"] or {}
        weight = len(body.get("photos", ())) if body.get("kind") == "album" else 1
        ticket = Ticket(pick.lane, pick.chat_id, max(1, weight))
        errand = Errand(
            ticket=ticket,
            parcel=body,
            language=row["language"] or self._language(),
            zone=self._zone(),
            number=pick.letter_id,
            message_id=row["edits_message_id"],
        )
        sent: Sent | None = None
        verdict = SENT
        try:
            if ticket.weight > 1:
                await self._limiter.widen(ticket)
            sent = await self._sender.send(errand)
            self.line.heard(verdict)
        except TelegramError as error:
            verdict = judge(error)
            self.line.heard(verdict)
            if verdict.fate is not Fate.SENT:
                log.info("%s: %s (%s)", body.get("kind"), verdict.name, type(error).__name__)
        except Exception as error:
            verdict = judge(error)
            log.error("%s cannot be made (%s)", body.get("kind"), type(error).__name__)
        finally:
            self._limiter.answered(ticket)
        self._marks.append(outcome.decide(pick, row, verdict, sent))


def _write_one(turn: Turn, *, mark: Mark, at: float) -> None:
    outcome.write(turn.session, [mark], at)
