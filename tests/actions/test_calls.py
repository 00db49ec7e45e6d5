"""In a call everybody is sent, failed, skipped or uncertain, they add up, and stop means stop."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlmodel import col, select

import jobs
from actions import call_words, calls, people
from actions.act import NOT_YOURS, Refused, system_act
from civic.audience import MUTED, NOT_AGREED, UNREACHABLE
from storage import delivery, letter
from storage.call import DRAFT, FINISHED, SENDING, STOPPED, Call, CallRecipient
from storage.letter import Lane, Letter
from storage.person import GESTOR, Role
from storage.turn import Turn
from tests.actions.stage import Stage, keys, reason, taps


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A roll of a few people takes several commits."""
    monkeypatch.setattr("jobs.calls.PIECE", 4)


def gestor(stage: Stage, name: str = "Elena") -> int:
    """Somebody new who is a gestor."""
    number = stage.person(name)
    role = Role(person_id=stage.id_of(number), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return number


def compose(stage: Stage, who: int, **values: Any) -> int:
    """A call as a draft; its number."""
    told: dict[str, Any] = {
        "said": "El sábado limpiamos el río.",
        "photo": None,
        "as_file": False,
        "audience": "all",
        **values,
    }
    made = stage.act(who, lambda act: calls.compose(act, **told).id)
    assert made is not None
    return made


def send(stage: Stage, who: int, call: int) -> None:
    stage.act(who, lambda act: calls.send(act, call))


def the_call(stage: Stage, call: int) -> Call:
    """A call as it is kept."""
    found = stage.read(lambda session: session.get(Call, call))
    assert found is not None
    return found


def roll(stage: Stage, call: int) -> list[CallRecipient]:
    """Everybody a call is for, as written."""
    return stage.read(
        lambda session: list(
            session.exec(select(CallRecipient).where(CallRecipient.call_id == call))
        )
    )


def tally(stage: Stage, call: int) -> call_words.Tally:
    """The numbers of a call now."""
    return stage.turn(
        lambda turn: calls.tally(system_act(turn, stage.world), turn.session.get_one(Call, call))
    )


def refresh(stage: Stage) -> int:
    """One look of the heartbeat at the calls under way."""
    return stage.turn(lambda turn: calls.refresh(system_act(turn, stage.world)))


def open_letters(stage: Stage, call: int) -> list[int]:
    """The numbers of a call's letters that are still to leave."""
    query = select(letter.TABLE.c.id).where(
        letter.TABLE.c.call_id == call, letter.TABLE.c.state == letter.OWED
    )
    return stage.read(lambda session: list(session.connection().scalars(query)))


def deliver(stage: Stage, ids: list[int], at: float = 1.0) -> None:
    """Telegram took these."""

    def took(turn: Turn) -> None:
        rows = turn.session.exec(select(Letter).where(col(Letter.id).in_(ids))).all()
        sent = [(row.id, 10_000 + row.id, row.chat_id) for row in rows]
        delivery.mark_sent(turn.session, sent, at)

    stage.turn(took)


def empty_chats(stage: Stage, *chats: int) -> None:
    """What these chats were owed has left, long ago."""
    query = select(letter.TABLE.c.id).where(
        letter.TABLE.c.chat_id.in_(chats), letter.TABLE.c.state == letter.OWED
    )
    deliver(stage, stage.read(lambda session: list(session.connection().scalars(query))))


def everybody(stage: Stage) -> dict[str, int]:
    """A gestora, seven who are written to, and one for each reason not to be."""
    found = {f"p{n}": stage.person(f"P{n}") for n in range(7)}
    return found | {
        MUTED: stage.person("Muda", calls=False),
        UNREACHABLE: stage.person("Ida", reachable=False),
        NOT_AGREED: stage.person("Nueva", privacy_version=None),
    }


def test_the_preview_is_what_everybody_receives(stage: Stage) -> None:
    elena, rosa = gestor(stage), stage.person("Rosa")
    call = compose(stage, elena, photo="PHOTO1")
    preview, control = stage.letters(elena)
    assert preview["photo"] == "PHOTO1" and "El sábado" in str(preview["text"])
    assert {f"a:send:{call}", f"a:discard:{call}"} == set(taps(control))
    assert not stage.letters(rosa)
    send(stage, elena, call)
    stage.beat()
    assert stage.letters(rosa, Lane.CALL) == [preview]
    assert "w:nocalls:1" in taps(preview)


def test_a_picture_that_came_as_a_file_leaves_as_a_file(stage: Stage) -> None:
    elena = gestor(stage)
    compose(stage, elena, photo="FILE1", as_file=True)
    preview = stage.letters(elena)[0]
    assert preview["document"] == "FILE1" and "photo" not in preview


def test_the_preview_counts_who_is_reached_and_who_is_not(stage: Stage) -> None:
    elena = gestor(stage)
    everybody(stage)
    compose(stage, elena)
    control: Any = stage.letters(elena)[-1]
    counted = [p["count"] for p in control["text"]["lines"] if "count" in p]
    # The administrator and Elena among them.
    assert counted == [9]
    assert {
        call_words.REASONS[MUTED],
        call_words.REASONS[UNREACHABLE],
        call_words.REASONS[NOT_AGREED],
    } <= keys(control)


def test_everybody_is_on_the_roll_once_with_a_letter_or_a_reason(stage: Stage) -> None:
    elena, known = gestor(stage), everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    stage.beat()
    stage.beat()
    found = {row.person_id: row for row in roll(stage, call)}
    assert len(found) == len(roll(stage, call)) == 12
    for name, number in known.items():
        row = found[stage.id_of(number)]
        if name.startswith("p"):
            assert row.letter_id is not None and row.skipped is None
            assert len(stage.letters(number, Lane.CALL)) == 1
        else:
            assert row.letter_id is None and row.skipped == name
            assert not stage.letters(number, Lane.CALL)
    kept = the_call(stage, call)
    assert kept.roll_done and kept.total == 12 and kept.state == SENDING


def test_an_audience_is_a_territory_with_what_is_below_it(stage: Stage) -> None:
    town = stage.read(lambda session: stage.world.town(session))
    parent = next(t.id for t in town.territories if t.parent_id is None)
    assert parent
    inside = next(t.id for t in town.territories if t.parent_id == parent)
    outside = next(t.id for t in town.territories if t.parent_id not in (None, parent))
    ana = stage.person("Ana", territory_id=inside)
    stage.person("Luis", territory_id=outside)
    elena = gestor(stage)
    call = compose(stage, elena, audience=f"t-{parent}")
    send(stage, elena, call)
    stage.beat()
    assert [row.person_id for row in roll(stage, call)] == [stage.id_of(ana)]


def test_the_numbers_add_up_whatever_becomes_of_the_letters(stage: Stage) -> None:
    elena = gestor(stage)
    everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    # Before the roll is written everybody is still to come.
    numbers = tally(stage, call)
    assert (numbers.total, numbers.waiting) == (12, 12)
    chance = random.Random(20260504)
    while True:
        numbers = tally(stage, call)
        assert numbers.settled + numbers.left + numbers.waiting == numbers.total == 12
        wrote = stage.turn(lambda turn: jobs.scan(system_act(turn, stage.world)))
        waiting = open_letters(stage, call)
        if not waiting and not wrote:
            break
        one = chance.choice(waiting)
        fate = chance.choice(["sent", "failed", "uncertain"])
        if fate == "sent":
            deliver(stage, [one])
        else:
            state = letter.FAILED if fate == "failed" else letter.UNCERTAIN
            stage.turn(
                lambda turn, one=one, state=state: delivery.mark_settled(  # type: ignore[misc]
                    turn.session, [(one, state, "blocked")], 1.0
                )
            )
    numbers = tally(stage, call)
    assert numbers.skipped == {MUTED: 1, UNREACHABLE: 1, NOT_AGREED: 1}
    assert set(numbers.failed) <= {"blocked"}
    assert numbers.sent + sum(numbers.failed.values()) + numbers.uncertain == 9
    assert refresh(stage) == 1
    kept = the_call(stage, call)
    assert kept.state == FINISHED and kept.ended_at == stage.clock()
    assert refresh(stage) == 0


def test_stop_means_stop_in_the_middle_of_the_roll(stage: Stage) -> None:
    elena = gestor(stage)
    everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    stage.turn(lambda turn: jobs.scan(system_act(turn, stage.world)))
    first = open_letters(stage, call)
    assert 0 < len(first) <= 4
    # One has left, one is on its way.
    deliver(stage, first[:1])
    stage.turn(lambda turn: delivery.claim(turn.session, first[1:2], 5.0))
    stage.act(elena, lambda act: calls.stop(act, call))
    assert not open_letters(stage, call)
    stage.beat()
    numbers = tally(stage, call)
    assert not open_letters(stage, call)
    assert numbers.left == 1 and numbers.sent == 1 and numbers.stopped == 9 - 2
    assert numbers.skipped == {MUTED: 1, UNREACHABLE: 1, NOT_AGREED: 1}
    assert numbers.settled + numbers.left == numbers.total == 12
    # It has not ended while one is on its way.
    assert the_call(stage, call).ended_at is None
    deliver(stage, first[1:2])
    refresh(stage)
    kept = the_call(stage, call)
    assert kept.state == STOPPED and kept.ended_at is not None
    assert tally(stage, call).sent == 2
    with pytest.raises(Refused) as refused:
        stage.act(elena, lambda act: calls.stop(act, call))
    assert reason(refused) == calls.NOT_SENDING


def test_a_stop_in_the_same_commit_as_the_roll_reaches_its_letters(stage: Stage) -> None:
    elena = gestor(stage)
    everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)

    def both(turn: Any) -> None:
        act = system_act(turn, stage.world)
        jobs.scan(act)
        calls.stop(act, call)

    stage.turn(both)
    assert not open_letters(stage, call)


def test_no_more_notices_holds_for_what_is_owed_already(stage: Stage) -> None:
    elena, known = gestor(stage), everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    stage.beat()
    stage.act(known["p0"], lambda act: people.set_calls(act, False))
    assert len(open_letters(stage, call)) == 8
    numbers = tally(stage, call)
    assert numbers.skipped[MUTED] == 2
    assert numbers.settled + numbers.left == numbers.total == 12
    # And it sticks.
    deliver(stage, open_letters(stage, call))
    another = compose(stage, elena)
    send(stage, elena, another)
    stage.beat()
    assert len(stage.letters(known["p0"], Lane.CALL)) == 1


def test_no_more_notices_asks_for_nothing_first(stage: Stage) -> None:
    """Somebody whose consent is to an older text is not made to read the new one to be quiet."""
    old = stage.person("Antigua", privacy_version=0)
    stage.act(old, lambda act: people.set_calls(act, False))
    with pytest.raises(Refused):
        stage.act(old, lambda act: people.set_calls(act, True))
    elena = gestor(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    stage.beat()
    assert not stage.letters(old, Lane.CALL)


def test_only_who_wrote_it_sends_it_and_only_once(stage: Stage) -> None:
    elena, marta, rosa = gestor(stage), gestor(stage, "Marta"), stage.person("Rosa")
    with pytest.raises(Refused) as refused:
        compose(stage, rosa)
    assert reason(refused) == NOT_YOURS
    call = compose(stage, elena)
    for who, key in ((rosa, NOT_YOURS), (marta, calls.NO_SUCH_CALL)):
        with pytest.raises(Refused) as refused:
            send(stage, who, call)
        assert reason(refused) == key
    assert the_call(stage, call).state == DRAFT
    send(stage, elena, call)
    with pytest.raises(Refused) as refused:
        send(stage, elena, call)
    assert reason(refused) == calls.SENT_ALREADY
    with pytest.raises(Refused):
        stage.act(elena, lambda act: calls.discard(act, call))
    stage.beat()
    assert len(stage.letters(rosa, Lane.CALL)) == 1


def test_a_role_that_was_taken_away_sends_nothing(stage: Stage) -> None:
    elena = gestor(stage)
    call = compose(stage, elena)

    def demote(turn: Any) -> None:
        for role in turn.session.exec(select(Role)):
            turn.session.delete(role)

    stage.turn(demote)
    with pytest.raises(Refused):
        send(stage, elena, call)
    stage.beat()
    assert not roll(stage, call)


def test_a_discarded_call_is_gone(stage: Stage) -> None:
    elena = gestor(stage)
    call = compose(stage, elena)
    stage.act(elena, lambda act: calls.discard(act, call))
    assert stage.read(lambda session: session.get(Call, call)) is None
    with pytest.raises(Refused) as refused:
        send(stage, elena, call)
    assert reason(refused) == calls.NO_SUCH_CALL


@pytest.mark.parametrize("forged", [0, -1, 10**6, 2**63, 10**40])
def test_a_forged_number_is_no_call(stage: Stage, forged: int) -> None:
    elena = gestor(stage)
    for verb in (calls.send, calls.discard, calls.stop):
        with pytest.raises(Refused) as refused:
            stage.act(elena, lambda act, verb=verb: verb(act, forged))  # type: ignore[misc]
        assert reason(refused) == calls.NO_SUCH_CALL


def test_the_status_is_one_message_edited_at_a_pace(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    elena = gestor(stage)
    everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)
    stage.beat()
    # Nothing has left: the newest version takes the place of what is owed.
    assert refresh(stage) == 0
    preview, status = stage.letters(elena, Lane.REPLY)
    assert "a:stop:1" in taps(status) and call_words.STATES[SENDING] in keys(status)
    empty_chats(stage, elena)
    at = 1000.0
    for passed, edits in ((calls.PACE - 0.1, 0), (calls.PACE, 1), (calls.PACE + 1, 1)):
        monkeypatch.setattr("tests.conftest.time.time", lambda p=passed: 1.0 + p)
        refresh(stage)
        bodies = [b for b in stage.letters(elena, Lane.REPLY) if b]
        assert [b["kind"] for b in bodies] == ["edit"] * edits
    deliver(stage, open_letters(stage, call), at)
    monkeypatch.setattr("tests.conftest.time.time", lambda: at)
    assert refresh(stage) == 1
    final = [b for b in stage.letters(elena, Lane.REPLY) if b]
    assert len(final) == 1
    assert call_words.STATES[FINISHED] in keys(final[0]) and not taps(final[0])
    assert preview != final[0]


def test_a_roll_written_while_the_process_is_killed_is_written_once(stage: Stage) -> None:
    """Each piece commits its rows, its letters and where it stands, or none of them."""
    elena = gestor(stage)
    everybody(stage)
    call = compose(stage, elena)
    send(stage, elena, call)

    class Killed(Exception):
        pass

    def dies(turn: Any) -> None:
        jobs.scan(system_act(turn, stage.world))
        raise Killed

    for _ in range(4):
        with pytest.raises(Killed):
            stage.turn(dies)
        stage.turn(lambda turn: jobs.scan(system_act(turn, stage.world)))
    people_on_roll = [row.person_id for row in roll(stage, call)]
    assert len(people_on_roll) == len(set(people_on_roll)) == 12
    assert len(open_letters(stage, call)) == 9


@pytest.mark.parametrize(
    ("done", "total", "drawn", "percent"),
    [
        (0, 0, "▓" * 10, 100),
        (0, 9, "░" * 10, 0),
        (5, 10, "▓" * 5 + "░" * 5, 50),
        (199, 200, "▓" * 9 + "░", 99),
    ],
)
def test_the_bar_is_full_only_at_the_end(done: int, total: int, drawn: str, percent: int) -> None:
    bar: Any = call_words.bar(done, total)
    assert bar["values"] == {"bar": drawn, "percent": percent}
