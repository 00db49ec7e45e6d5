"""Whatever comes in whatever order: lanes first, numbers next, one a chat, nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from courier.window import Pick, Window

_acts = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 5), st.integers(0, 2)),
        st.tuples(st.just("pick"), st.just(0), st.just(0)),
        st.tuples(st.just("done"), st.integers(0, 4), st.just(0)),
        st.tuples(st.just("again"), st.integers(0, 4), st.integers(0, 3)),
        st.tuples(st.just("time"), st.integers(1, 3), st.just(0)),
    ),
    max_size=200,
)


def _open_window(most: int = 4000) -> Window:
    window = Window(lambda chat: 0.0, most)
    window.more = [False, False, False]
    return window


def _next(window: Window, now: float) -> Pick | None:
    window.wake(now)
    for lane in range(3):
        pick = window.pick(lane, now)
        if pick is not None:
            return pick
    return None


@given(_acts)
def test_every_letter_is_handed_out_once_in_order(acts: list[tuple[str, int, int]]) -> None:
    window, now, number = _open_window(), 0.0, 0
    out: list[Pick] = []
    owed: dict[tuple[int, int], list[int]] = {}
    until: dict[tuple[int, int], float] = {}
    for act, first, second in acts:
        if act == "add":
            number += 1
            window.add(number, first, second)
            owed.setdefault((first, second), []).append(number)
        elif act == "time":
            now += first
        elif act == "pick":
            pick = _next(window, now)
            busy = {p.chat_id for p in out}
            ready = [
                (lane, numbers[0], chat)
                for (chat, lane), numbers in owed.items()
                if numbers and chat not in busy and until.get((chat, lane), 0.0) <= now
            ]
            assert (pick is None) == (not ready)
            if pick is not None:
                assert (pick.lane, pick.letter_id, pick.chat_id) == min(ready)
                owed[pick.chat_id, pick.lane].pop(0)
                out.append(pick)
        elif out and act == "done":
            window.release(out.pop(first % len(out)))
        elif out and act == "again":
            pick = out.pop(first % len(out))
            window.again(pick, now + second)
            owed[pick.chat_id, pick.lane].insert(0, pick.letter_id)
            until[pick.chat_id, pick.lane] = now + second
    assert sum(window.size) == sum(len(numbers) for numbers in owed.values())


def test_what_has_no_room_is_read_from_the_table() -> None:
    window = _open_window(most=4)
    table = list(range(1, 21))
    for number in table:
        window.add(number, number, 0)
    handed: list[int] = []
    while len(handed) < 20:
        room = window.room(0)
        if room:
            rows = [n for n in table if n > window.high[0]][:room]
            seen = window.seen(0)
            window.refill(0, [(n, n, 0.0) for n in rows], seen=seen, more=len(rows) == room)
        assert window.size[0] <= 4
        pick = _next(window, 0.0)
        assert pick is not None
        handed.append(pick.letter_id)
        window.release(pick)
    assert handed == table
    assert window._chats == {}


def test_a_letter_that_comes_while_the_table_is_read_is_read_again() -> None:
    window = Window(lambda chat: 0.0)
    seen = window.seen(1)
    window.add(7, 1, 1)
    window.refill(1, [], seen=seen, more=False)
    assert window.more[1]
    window.refill(1, [(7, 1, 0.0)], seen=window.seen(1), more=False)
    assert not window.more[1]
    assert window.size == [0, 1, 0]


def test_a_moved_group_takes_its_letters_along() -> None:
    window = _open_window()
    for number in (1, 2, 3):
        window.add(number, -5, 0)
    window.add(4, -100, 0)
    pick = _next(window, 0.0)
    assert pick is not None
    window.again(pick, 0.0)
    window.move(-5, -100)
    order = []
    while (pick := _next(window, 0.0)) is not None:
        order.append((pick.letter_id, pick.chat_id))
        window.release(pick)
    assert order == [(1, -100), (2, -100), (3, -100), (4, -100)]
