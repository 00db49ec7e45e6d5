"""What is owed arrives, in order, once; what a crash left is owed again or uncertain."""

from __future__ import annotations

import time

from courier import Limits, outcome
from simulator.server import Simulator
from storage import call, delivery, person
from storage.parcel import as_edit, button, message
from storage.turn import Turn
from tests.conftest import NOON
from tests.courier.conftest import CALL, REMINDER, Post, heard


async def test_a_letter_arrives_and_is_emptied(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    number = await post.owe(rosa.id, "Buenas tardes <vecina> & {amiga}")
    await post.settled()
    seen = await rosa.hears("vecina")
    assert seen.text == "Buenas tardes <vecina> & {amiga}"
    row = post.row(number)
    assert (post.state(number), row.body, row.verdict) == ("sent", None, None)
    assert row.message_id == seen.id


async def test_what_was_owed_before_the_start_leaves_at_the_start(
    idle_post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    await idle_post.owe(rosa.id, "uno")
    await idle_post.owe(rosa.id, "dos", lane=REMINDER)
    await idle_post.courier.start()
    await idle_post.settled()
    assert heard(rosa) == ["uno", "dos"]


async def test_a_chat_hears_its_letters_in_order(post: Post, sim: Simulator) -> None:
    people = [sim.person(f"P{n}") for n in range(5)]
    for someone in people:
        someone.starts()
    for n in range(8):
        for someone in people:
            await post.owe(someone.id, f"{n}")
    await post.settled()
    for someone in people:
        assert heard(someone) == [str(n) for n in range(8)]


async def test_more_than_memory_holds_is_read_on(idle_post: Post, sim: Simulator) -> None:
    idle_post.courier._delivery._window._most = 8
    people = [sim.person(f"P{n}") for n in range(50)]
    for someone in people:
        someone.starts()

    def owe(turn: Turn) -> None:
        for someone in people:
            turn.owe(someone.id, message("ven"), lane=CALL)

    await idle_post.do(owe)
    await idle_post.courier.start()
    await idle_post.do(owe)
    await idle_post.settled()
    assert [len(heard(p)) for p in people] == [2] * 50


async def test_after_a_crash_a_reply_is_sent_again_and_a_call_is_uncertain(
    idle_post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    reply = await idle_post.owe(rosa.id, "respuesta")
    edit = await idle_post.owe(rosa.id, {"kind": "strip", "message_id": 1}, lane=CALL)
    reminder = await idle_post.owe(rosa.id, "aviso", lane=REMINDER)
    call = await idle_post.owe(rosa.id, "ven", lane=CALL)
    numbers = [reply, edit, reminder, call]
    await idle_post.do(lambda turn: delivery.claim(turn.session, numbers, time.time()))
    await idle_post.courier.start()
    await idle_post.settled()
    assert [idle_post.state(n) for n in numbers] == ["sent", "sent", "uncertain", "uncertain"]
    assert idle_post.row(call).verdict == "crash"
    assert heard(rosa) == ["respuesta"]


async def test_a_reply_under_way_at_crash_after_crash_is_given_up(
    idle_post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    number = await idle_post.owe(rosa.id, "veneno")
    for _ in range(4):
        await idle_post.do(lambda turn: delivery.claim(turn.session, [number], time.time()))
        await idle_post.do(lambda turn: outcome.recover(turn.session, time.time()))
    assert idle_post.state(number) == "uncertain"


async def test_a_card_is_edited_in_place(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    buttons = [[button("Sí", "y")]]
    await post.do(lambda turn: turn.card(rosa.id, "report:1", message("uno", buttons)))
    await post.settled()
    await post.do(lambda turn: turn.card(rosa.id, "report:1", message("dos", buttons)))
    await post.settled()
    # The same once more: Telegram says "not modified", which is as good as sent.
    same = await post.owe(rosa.id, as_edit(message("dos", buttons), rosa.last.id))
    await post.settled()
    assert heard(rosa) == ["dos"]
    assert post.state(same) == "sent"


async def test_a_card_whose_message_is_gone_is_sent_anew_and_edited_from_there(
    post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    first = await post.do(lambda turn: turn.card(rosa.id, "report:1", message("uno")))
    await post.settled()
    rosa.deletes(rosa.last)
    await post.do(lambda turn: turn.card(rosa.id, "report:1", message("dos")))
    await post.settled()
    await post.do(lambda turn: turn.card(rosa.id, "report:1", message("tres")))
    await post.settled()
    assert heard(rosa) == ["tres"]
    assert post.row(first).message_id == rosa.last.id


async def test_a_card_leaves_word_of_where_it_went_or_nothing(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()

    async def anew(words: str) -> None:
        await post.do(lambda turn: turn.card(rosa.id, "report:1", message(words), anew=True))
        await post.settled()

    for words in ("uno", "dos"):
        await anew(words)
    before, last = heard(rosa)
    assert (before == "uno", last) == (False, "dos")
    rosa.deletes(rosa.last)
    await anew("tres")
    # Whoever deleted it is told nothing of it.
    assert heard(rosa) == [before, "tres"]


async def test_an_edit_waits_for_the_letter_it_edits(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    sim.faults.set([{"kind": "delay", "ms": 300, "method": "sendMessage", "count": 1}])
    first = await post.owe(rosa.id, "uno", lane=CALL)
    await post.until(lambda: post.state(first) == "sending")
    await post.do(lambda turn: turn.replace(rosa.id, first, message("dos")))
    await post.settled()
    assert heard(rosa) == ["dos"]


async def test_a_stopped_call_sends_only_what_is_under_way(post: Post, sim: Simulator) -> None:
    people = [sim.person(f"P{n}") for n in range(40)]
    for someone in people:
        someone.starts()
    await post.courier.stop()
    courier = post.another(limits=Limits(per_second=5))
    await courier.start()

    def owe(turn: Turn) -> None:
        for someone in people:
            turn.owe(someone.id, message("ven"), lane=CALL, call_id=7)

    await post.do(owe)
    await post.until(lambda: courier.stats["sent"] >= 3)
    dropped = await post.do(lambda turn: call.drop_letters(turn.session, 7, time.time()))
    await post.settled()
    counts = {}
    with post.database.read() as session:
        counts = call.outcomes(session, 7)
    assert counts == {"sent": 40 - dropped, "dropped": dropped}
    assert dropped > 20
    assert sum(len(heard(p)) for p in people) == 40 - dropped


async def test_stop_waits_for_what_is_under_way_and_claims_no_more(
    post: Post, sim: Simulator
) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    sim.faults.set([{"kind": "delay", "ms": 300, "method": "sendMessage", "count": 1}])
    first = await post.owe(rosa.id, "uno")
    second = await post.owe(rosa.id, "dos")
    await post.until(lambda: post.state(first) == "sending")
    await post.courier.stop()
    assert (post.state(first), post.state(second)) == ("sent", "owed")


async def test_a_person_gets_their_own_language(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    await post.do(
        lambda turn: turn.session.add(
            person.Person(telegram_id=rosa.id, name="Rosa", language="en", created_at=NOON)
        )
    )
    await post.owe(rosa.id, {"kind": "message", "text": {"names": {"es": "hola", "en": "hello"}}})
    await post.settled()
    assert rosa.last.text == "hello"
