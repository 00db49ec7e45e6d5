"""The limits hold on Telegram's side of the line, at any latency; the ceiling is nearly reached.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30 messages
a second in all, one a second to a person (short bursts pass), 20 a minute to a group.
"""

from __future__ import annotations

import heapq
import random

import pytest

from courier.limits import Limiter, Limits, Ticket
from courier.window import Pick, Window


class _World:
    """Simulated time: letters leave by the limiter, arrive and are answered after a while."""

    def __init__(self, latency: tuple[float, float], seed: int = 1) -> None:
        self.now = 1000.0
        self.limiter = Limiter(Limits(), clock=lambda: self.now)
        self.window = Window(self.limiter.chat_free)
        self.window.more = [False, False, False]
        self.arrivals: list[tuple[float, Pick]] = []
        self._answers: list[tuple[float, int, Pick]] = []
        self._random = random.Random(seed)
        self._latency = latency

    def run(self, seconds: float, each: float = 0.001) -> None:
        until = self.now + seconds
        while self.now < until:
            while self._answers and self._answers[0][0] <= self.now:
                done = heapq.heappop(self._answers)[2]
                self.limiter.answered(Ticket(done.lane, done.chat_id))
                self.window.release(done)
            self.window.wake(self.now)
            while self.limiter.free():
                pick = self._pick()
                if pick is None:
                    break
                moment = max(self.now, self.limiter.take(pick.lane))
                there = moment + self._random.uniform(*self._latency) / 2
                back = there + self._random.uniform(*self._latency) / 2
                self.arrivals.append((there, pick))
                heapq.heappush(self._answers, (back, pick.letter_id, pick))
            self.now += each

    def _pick(self) -> Pick | None:
        for lane in range(3):
            if self.limiter.pace(lane) <= self.now:
                pick = self.window.pick(lane, self.now)
                if pick is not None:
                    return pick
        return None

    def most_in(self, seconds: float, chat: int | None = None) -> int:
        """The most arrivals in any window of so many seconds."""
        times = sorted(t for t, p in self.arrivals if chat is None or p.chat_id == chat)
        most = first = 0
        for last, moment in enumerate(times):
            while times[first] <= moment - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


@pytest.mark.parametrize("latency", [(0.0, 0.002), (0.0, 0.1), (0.1, 0.1), (0.0, 3.0)])
def test_never_more_than_thirty_in_any_second(latency: tuple[float, float]) -> None:
    world = _World(latency)
    for n in range(1, 1500):
        world.window.add(n, 10_000 + n, n % 3)
    world.run(25)
    assert world.most_in(1.0) <= 30
    if latency[1] <= 0.002:
        assert len(world.arrivals) >= 0.97 * 30 * 25


def test_a_person_hears_three_at_once_and_then_one_a_second() -> None:
    world = _World((0.0, 0.2))
    for n in range(1, 30):
        world.window.add(n, 5, 0)
    world.run(20)
    assert world.most_in(0.9, 5) <= 4
    assert 20 <= len(world.arrivals) <= 23
    assert [p.letter_id for _, p in world.arrivals] == list(range(1, len(world.arrivals) + 1))


def test_a_group_hears_twenty_a_minute() -> None:
    world = _World((0.0, 0.2))
    for n in range(1, 60):
        world.window.add(n, -5, 2)
    world.run(130)
    assert world.most_in(60.0, -5) == 20
    assert len(world.arrivals) >= 40


def test_replies_go_before_a_call_that_fills_the_line() -> None:
    world = _World((0.0, 0.004))
    for n in range(1, 3000):
        world.window.add(n, 10_000 + n, 2)
    world.run(5)
    waits = []
    for n in range(100):
        number = 1_000_000 + n
        owed = world.now
        world.window.add(number, n + 1, 0)
        world.run(0.2)
        left = [t for t, p in world.arrivals if p.letter_id == number]
        assert left, "a reply waited for more than 0.2 s"
        waits.append(left[0] - owed)
    assert sorted(waits)[95] < 0.1
    assert world.most_in(1.0) <= 30


def test_a_burst_of_replies_waits_for_nothing_when_the_line_is_free() -> None:
    world = _World((0.0, 0.002))
    for n in range(1, 31):
        world.window.add(n, n, 0)
    world.run(0.01)
    assert len(world.arrivals) == 30


def test_after_a_pause_there_is_no_herd() -> None:
    world = _World((0.0, 0.002))
    for n in range(1, 2000):
        world.window.add(n, n, n % 2)
    world.run(3)
    world.limiter.pause(5.0)
    began, before = world.now, len(world.arrivals)
    world.run(5.0)
    assert len(world.arrivals) == before
    world.run(3.0)
    after = sorted(t for t, _ in world.arrivals[before:])
    assert min(after) >= began + 5.0
    assert sum(1 for t in after if t < min(after) + 0.2) <= 8
    assert world.most_in(1.0) <= 30


def test_a_slot_that_was_not_used_is_free_again() -> None:
    world = _World((0.0, 0.0))
    for _ in range(200):
        world.limiter.give_back(2, world.limiter.take(2))
    assert world.limiter.pace(2) <= world.now
    world.run(0.2)
    for _ in range(30):
        assert world.limiter.free()
        assert world.limiter.take(0) <= world.now
    assert not world.limiter.free()


def test_a_slot_taken_ahead_of_its_time_says_when_it_may_be_used() -> None:
    world = _World((0.0, 0.0))
    for _ in range(30):
        world.limiter.take(0)
    assert not world.limiter.free()
    assert world.limiter.next_free() is None
    world.limiter.answered(Ticket(0, 1))
    assert not world.limiter.free()
    free_at = world.now + 1.0
    world.now += 0.98
    assert world.limiter.free()
    moment = world.limiter.take(0)
    assert moment == free_at
    assert not world.limiter.free()
    world.limiter.give_back(0, moment)
    assert world.limiter.free()
    assert world.limiter.take(0) == free_at


def test_an_album_counts_for_what_it_holds() -> None:
    world = _World((0.0, 0.0))
    world.limiter.take(0)
    world.limiter._taken += 9
    world.limiter.answered(Ticket(0, -7, 10))
    for _ in range(20):
        assert world.limiter.take(0) <= world.now
    assert not world.limiter.free()
    assert world.limiter.chat_free(-7, 10) <= world.now
    assert world.limiter.chat_free(-7, 11) > world.now


def test_time_that_was_moved_on_counts_where_messages_are_counted() -> None:
    """A jump of the simulator's clock: what was sent before it is as much longer ago."""
    world = _World((0.001, 0.001))
    person, group = 1, -1
    for n in range(1, 11):
        world.window.add(n, person, 0)
    for n in range(11, 41):
        world.window.add(n, group, 0)
    world.run(2)
    spoken = len(world.arrivals)
    assert spoken == 4 + 20
    world.limiter.passed(3600)
    world.window.look_again()
    world.run(0.2)
    # A burst to the person, and the rest of what the group was owed.
    assert len(world.arrivals) - spoken == 3 + 10
    # The pace begins anew.
    world.run(1)
    assert len(world.arrivals) - spoken == 3 + 10 + 1


def test_a_moved_clock_ends_no_pause() -> None:
    world = _World((0.001, 0.001))
    world.limiter.pause(5)
    world.window.add(1, 1, 1)
    world.limiter.passed(3600)
    world.run(4.9)
    assert world.arrivals == []
    world.run(1)
    assert len(world.arrivals) == 1
