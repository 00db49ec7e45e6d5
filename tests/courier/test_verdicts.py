"""Whatever Telegram or the line answers, a letter's fate is known and written down."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from telegram.error import Forbidden

from courier import Limits, outcome
from courier.outcome import Mark, write
from courier.request import Unanswered
from courier.verdict import Fate, judge
from courier.window import Pick
from simulator.chats import Invite
from simulator.errors import ActError
from simulator.server import Simulator
from storage import inbox, letter, person, staff
from storage.parcel import approve_join, invite_link, member, message
from storage.staff import StaffGroup
from tests.conftest import NOON
from tests.courier.conftest import CALL, REMINDER, TOKEN, Post, heard


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ladder, in hundredths of a second."""
    monkeypatch.setattr(outcome, "PAUSES", (0.01, 0.05, 0.3, 0.6))


async def _known(post: Post, telegram_id: int) -> None:
    await post.do(
        lambda turn: turn.session.add(
            person.Person(telegram_id=telegram_id, name="R", language="es", created_at=NOON)
        )
    )


@pytest.mark.parametrize("leaves, name", [("blocks", "blocked"), ("deactivates", "deactivated")])
async def test_who_left_is_remembered_as_unreachable(
    post: Post, sim: Simulator, leaves: str, name: str
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    await _known(post, rosa.id)
    getattr(rosa, leaves)()
    number = await post.owe(rosa.id, "hola", lane=CALL)
    await post.settled()
    assert (post.state(number), post.row(number).verdict) == ("failed", name)
    assert post.row(number).body is None
    with post.database.read() as session:
        found = person.by_telegram(session, rosa.id)
        assert found is not None
        assert not found.reachable


async def test_who_never_started_cannot_be_written_to(post: Post, sim: Simulator) -> None:
    stranger = sim.person("Nadie")
    number = await post.owe(stranger.id, "hola")
    nobody = await post.owe(999_999_999, "hola")
    await post.settled()
    assert post.row(number).verdict in ("never_started", "chat_not_found")
    assert post.row(nobody).verdict == "chat_not_found"


async def test_a_group_that_threw_the_bot_out(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    group = sim.group("Mesa", [rosa])
    rosa.removes_bot(chat=group.id)
    number = await post.owe(group.id, "hola")
    await post.settled()
    assert (post.state(number), post.row(number).verdict) == ("failed", "kicked")


def test_a_group_that_was_deleted_is_closed() -> None:
    assert judge(Forbidden("Forbidden: the group chat was deleted")).name == "group_closed"


async def test_a_group_that_became_a_supergroup_hears_everything_there(
    post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    old = sim.group("Mesa", [rosa])
    new = sim.migrate(old)
    numbers = await post.do(lambda turn: [turn.owe(old.id, message(f"{n}")) for n in range(3)])
    await post.settled()
    assert [post.state(n) for n in numbers] == ["sent"] * 3
    assert {post.row(n).chat_id for n in numbers} == {new.id}
    assert heard(rosa.at(new)) == ["0", "1", "2"]


async def test_the_courier_hears_first_that_the_teams_group_moved(
    post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    old = sim.group("El equipo", [rosa])
    await post.do(
        lambda turn: turn.session.add(StaffGroup(chat_id=old.id, title="x", linked_at=turn.now))
    )
    new = sim.migrate(old)
    await post.owe(old.id, "una tarjeta")
    await post.settled()
    (group,) = await post.do(lambda turn: staff.groups(turn.session))
    assert group.chat_id == new.id


async def test_an_unanswered_reply_is_sent_again_and_a_call_is_uncertain(
    post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    sim.faults.set([{"kind": "drop_after", "method": "sendMessage", "count": 1}])
    reply = await post.owe(rosa.id, "respuesta")
    await post.settled()
    sim.faults.set([{"kind": "drop_after", "method": "sendMessage", "count": 1}])
    call = await post.owe(rosa.id, "ven", lane=CALL)
    await post.settled()
    sim.faults.set([{"kind": "error_500", "method": "sendMessage", "count": 1}])
    reminder = await post.owe(rosa.id, "aviso", lane=REMINDER)
    await post.settled()
    assert [post.state(n) for n in (reply, call, reminder)] == ["sent", "uncertain", "uncertain"]
    assert [post.row(n).verdict for n in (call, reminder)] == ["dropped", "server_error"]
    # The reply may come twice: silence would be a dead end.
    assert heard(rosa) == ["respuesta", "respuesta", "ven"]


async def test_an_uncertain_reply_is_not_sent_without_end(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    sim.faults.set([{"kind": "drop_after", "method": "sendMessage"}])
    number = await post.owe(rosa.id, "hola")
    await post.until(lambda: post.state(number) == "uncertain")
    assert len(heard(rosa)) == 1 + outcome.MOST_UNSURE


async def test_an_edit_is_repeated_until_it_is_answered(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    number = await post.owe(rosa.id, "uno", lane=CALL)
    await post.settled()
    sim.faults.set([{"kind": "bad_gateway", "method": "editMessageText", "count": 6}])
    edit = await post.owe(rosa.id, {"kind": "edit", "text": "dos"}, edits=number, lane=CALL)
    await post.until(lambda: post.state(edit) == "sent")
    assert heard(rosa) == ["dos"]


async def test_no_line_to_telegram_keeps_everything_owed_and_in_order(
    idle_post: Post, sim: Simulator
) -> None:
    rosa, luis = sim.person("Rosa"), sim.person("Luis")
    rosa.starts()
    luis.starts()
    await sim.close()
    courier = idle_post.courier
    await courier.start()
    numbers = [await idle_post.owe(chat, f"{n}") for n in range(3) for chat in (rosa.id, luis.id)]
    calls = [await idle_post.owe(rosa.id, f"c{n}", lane=CALL) for n in range(2)]
    await idle_post.until(lambda: courier.stats["again"] >= 4)
    # One letter tries the line: it is not hammered with everything that is owed.
    assert courier.in_flight <= 1
    assert courier.stats["uncertain"] == 0
    await sim.start()
    await idle_post.until(lambda: all(idle_post.state(n) == "sent" for n in [*numbers, *calls]))
    assert heard(rosa) == ["0", "1", "2", "c0", "c1"]
    assert heard(luis) == ["0", "1", "2"]


async def test_answers_lost_in_a_row_are_the_lines_fault(
    post: Post, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "PAUSES", (0.3,))
    people = [sim.person(f"P{n}") for n in range(12)]
    for someone in people:
        someone.starts()
    await post.courier.stop()
    courier = post.another(limits=Limits(per_second=4))
    await courier.start()
    sim.faults.set([{"kind": "error_500", "method": "sendMessage"}])
    for someone in people:
        await post.owe(someone.id, "ven", lane=CALL)
    await asyncio.sleep(1.0)
    sim.faults.clear()
    # Without it all twelve would be uncertain by now.
    lost = courier.stats["uncertain"]
    assert 3 <= lost <= 9
    await post.until(lambda: courier.stats["sent"] == 12 - courier.stats["uncertain"], 8)
    assert courier.stats["uncertain"] <= lost + 1


async def test_nothing_leaves_while_telegram_asks_for_quiet(post: Post, sim: Simulator) -> None:
    people = [sim.person(f"P{n}") for n in range(40)]
    for someone in people:
        someone.starts()
    sim.faults.set([{"kind": "too_many", "method": "sendMessage", "count": 1, "retry_after": 1}])
    await asyncio.gather(*(post.owe(p.id, "hola", lane=CALL) for p in people))
    await post.until(lambda: all(len(heard(p)) == 1 for p in people), 10)
    await post.settled()
    calls = sim.record.calls("sendMessage")
    refused = [c["t"] for c in calls if c["status"] == 429]
    taken = sorted(c["t"] for c in calls if c["status"] == 200)
    # Those under way with the first one are refused too; then there is quiet.
    assert min(t for t in taken if t > refused[0]) >= refused[0] + 1.0
    assert len(taken) == 40


async def test_what_telegram_refuses_fails_with_a_name_and_no_words(
    post: Post, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rosa = sim.person("Rosa")
    rosa.starts()
    secret = "Mi teléfono es 3001234567"
    number = await post.owe(
        rosa.id, {"kind": "message", "text": secret, "buttons": [[{"label": "x", "data": ""}]]}
    )
    broken = await post.owe(rosa.id, {"kind": "no such kind", "text": secret})
    file = await post.owe(rosa.id, {"kind": "message", "text": secret, "photo": "no-such-file"})
    after = await post.owe(rosa.id, "sigue")
    await post.settled()
    assert [post.state(n) for n in (number, broken, file, after)] == ["failed"] * 3 + ["sent"]
    assert post.row(broken).verdict == "cannot_be_made"
    assert post.row(file).verdict == "bad_file"
    ours = [r for r in caplog.records if not r.name.startswith(("asyncio", "sqlalchemy"))]
    said = "\n".join(r.getMessage() + (r.exc_text or "") for r in ours)
    assert "3001234567" not in said
    assert TOKEN not in said
    assert TOKEN not in repr(post.courier)


async def test_a_link_is_asked_for_and_the_answer_comes_through_the_inbox(
    post: Post, sim: Simulator
) -> None:
    rosa, luis = sim.person("Rosa"), sim.person("Luis")
    luis.starts()
    group = sim.group("Mesa", [rosa], bot_admin=True)
    ask = invite_link(group.id, luis.id, {"ask": "join", "group": 4})
    number = await post.owe(luis.id, ask)
    await post.settled()
    with post.database.read() as session:
        (found,) = inbox.leftovers(session)
    assert (found.update_id, found.lane) == (-number, luis.id)
    answer = found.payload["answer"]
    assert answer["about"] == {"ask": "join", "group": 4}
    assert luis.joins(answer["link"])
    # Single use: it takes nobody else.
    with pytest.raises(ActError):
        sim.person("Eva").joins(answer["link"])
    assert post.answers == 1
    assert post.state(number) == "sent"


async def test_how_somebody_stands_in_a_group_is_asked_for_likewise(
    post: Post, sim: Simulator
) -> None:
    rosa, luis = sim.person("Rosa"), sim.person("Luis")
    group = sim.group("El equipo", [rosa])
    for chat, somebody in ((group.id, rosa), (group.id, luis), (-5, rosa)):
        await post.owe(rosa.id, member(chat, somebody.id, {"ask": somebody.id}))
    await post.settled()
    with post.database.read() as session:
        answers = [found.payload["answer"] for found in inbox.leftovers(session)]
        known = person.by_telegram(session, rosa.id)
    assert sorted(answers, key=str) == sorted(
        [
            {"about": {"ask": rosa.id}, "standing": "creator"},
            {"about": {"ask": luis.id}, "standing": "left"},
            {"about": {"ask": rosa.id}, "error": "chat_not_found"},
        ],
        key=str,
    )
    assert known is None or known.reachable


async def test_a_link_that_telegram_refuses_is_answered_too(post: Post, sim: Simulator) -> None:
    rosa, luis = sim.person("Rosa"), sim.person("Luis")
    luis.starts()
    await _known(post, luis.id)
    group = sim.group("Mesa", [rosa])
    number = await post.owe(luis.id, invite_link(group.id, luis.id, {"ask": "join"}))
    await post.settled()
    with post.database.read() as session:
        (found,) = inbox.leftovers(session)
        luis_row = person.by_telegram(session, luis.id)
    assert found.payload["answer"] == {"about": {"ask": "join"}, "error": "no_rights"}
    assert post.state(number) == "failed"
    assert luis_row is not None
    assert luis_row.reachable


async def test_who_asks_to_enter_is_let_in_and_only_a_refusal_is_answered(
    post: Post, sim: Simulator
) -> None:
    """https://core.telegram.org/bots/api#approvechatjoinrequest"""
    rosa, luis = sim.person("Rosa"), sim.person("Luis")
    group = sim.group("Mesa", [rosa], bot_admin=True)
    door = Invite("https://t.me/+asksfirst", rosa.user.face, creates_join_request=True)
    group.invites[door.link] = door
    assert luis.joins(door.link) is False
    let_in = approve_join(group.id, luis.id, {"ask": "entry"})
    # A second time somebody has decided already, which is as good.
    numbers = [await post.owe(group.id, let_in) for _ in range(2)]
    await post.settled()
    assert group.inside(luis.id)
    assert [post.state(number) for number in numbers] == ["sent", "sent"]
    with post.database.read() as session:
        assert inbox.leftovers(session) == []
    other = sim.group("Otra mesa", [rosa])
    number = await post.owe(other.id, approve_join(other.id, luis.id, {"ask": "entry"}))
    await post.settled()
    with post.database.read() as session:
        (found,) = inbox.leftovers(session)
    assert found.payload["answer"] == {"about": {"ask": "entry"}, "error": "no_rights"}
    assert post.state(number) == "failed"


def test_a_mark_that_runs_again_changes_nothing(take_turn: Callable[..., Any]) -> None:
    """The writer may repeat a turn whose commit was in doubt."""

    number = take_turn(lambda turn: turn.owe(5, {"kind": "invite_link", "about": {}}))
    mark = Mark(Pick(number, 5, 0), letter.SENT, answer={"about": {}, "link": "l"})
    for _ in range(2):
        take_turn(lambda turn: write(turn.session, [mark], time.time()))
    rows = take_turn(lambda turn: inbox.leftovers(turn.session))
    assert len(rows) == 1


def test_every_error_has_a_fate() -> None:
    assert judge(Unanswered("timeout")).fate is Fate.UNSURE
    assert judge(RuntimeError("a bug")).name == "cannot_be_made"
