"""A chat of the team that refuses our cards is let go of, and the admins hear of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from actions import casework, staff, staff_cards
from actions.act import Refused, system_act
from storage import delivery, parcel
from storage.letter import FAILED, OWED, SENT, TABLE, Lane
from storage.person import GESTOR, Role
from storage.report import Report
from storage.staff import StaffGroup, groups
from storage.turn import Turn
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason

CHAT = -1001


def gestora(stage: Stage) -> int:
    number = stage.person("Marta")
    role = Role(person_id=stage.id_of(number), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    return number


def settled(stage: Stage, state: int, verdict: str | None) -> None:
    """A card to the chat, and what Telegram said of it."""

    def send(turn: Turn) -> None:
        number = turn.owe(CHAT, parcel.message("a card"))
        turn.flush()
        turn.session.connection().execute(
            TABLE.update().where(TABLE.c.id == number).values(state=state, verdict=verdict)
        )

    stage.turn(send)


def linked(stage: Stage) -> int:
    return len(stage.read(groups))


def look(stage: Stage) -> int:
    return stage.turn(lambda turn: staff.look_round(system_act(turn, stage.world)))


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        ("kicked", staff.LOST),
        ("not_a_member", staff.LOST),
        ("group_closed", staff.IS_GONE),
        ("chat_not_found", staff.IS_GONE),
    ],
)
def test_turned_away_it_is_let_go_and_the_team_hears_once(
    stage: Stage, verdict: str, why: str
) -> None:
    marta = gestora(stage)
    stage.act(marta, lambda act: staff.link(act, CHAT, "El equipo"))
    assert look(stage) == 0
    settled(stage, SENT, None)
    assert look(stage) == 0
    settled(stage, FAILED, verdict)
    assert look(stage) == 1
    assert look(stage) == 0
    assert linked(stage) == 0
    assert [heard(stage, who, why) for who in (stage.admin, marta)] == [1, 1]


def heard(stage: Stage, who: int, key: str) -> int:
    """How often somebody was told this."""
    return sum(key in keys(body["text"]) for body in stage.letters(who))


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        ("no_rights", staff.SILENCED),
        ("forbidden", staff.SILENCED),
        ("topic_closed", staff.TOPIC_CLOSED),
    ],
)
def test_where_we_may_not_write_the_team_hears_once_and_it_stays_theirs(
    stage: Stage, verdict: str, why: str
) -> None:
    marta = gestora(stage)
    stage.act(marta, lambda act: staff.link(act, CHAT, "El equipo"))
    for _ in range(2):
        settled(stage, FAILED, verdict)
        assert look(stage) == 0
    assert linked(stage) == 1
    assert heard(stage, marta, why) == 1


def test_linking_twice_is_linking_once_and_a_gone_one_cannot_be_unlinked(stage: Stage) -> None:
    marta, ana = gestora(stage), stage.person("Ana")
    first = stage.act(marta, lambda act: staff.link(act, CHAT, "El equipo").id)
    assert stage.act(marta, lambda act: staff.link(act, CHAT, "Otro nombre").id) == first
    assert linked(stage) == 1 and len(stage.audited("link_staff")) == 1
    for verb in (lambda act: staff.link(act, CHAT, "x"), lambda act: staff.unlink(act, first or 0)):
        with pytest.raises(Refused):
            stage.act(ana, verb)
    stage.act(marta, lambda act: staff.unlink(act, first or 0))
    with pytest.raises(Refused) as told:
        stage.act(marta, lambda act: staff.unlink(act, first or 0))
    assert reason(told) == staff.NOT_LINKED


def test_a_chat_that_moved_to_a_number_linked_meanwhile_is_one(stage: Stage) -> None:
    marta = gestora(stage)
    stage.act(marta, lambda act: staff.link(act, CHAT, "El equipo"))
    stage.act(marta, lambda act: staff.link(act, CHAT - 1, "El equipo"))
    stage.act(marta, lambda act: staff.moved(act, CHAT, CHAT - 1))
    (left,) = stage.read(lambda session: [g.chat_id for g in groups(session)])
    assert left == CHAT - 1
    assert stage.read(lambda session: session.get(StaffGroup, 1)) is None


def brought(stage: Stage) -> list[str]:
    """The reports of whose cards so many are owed to the chat, by how they begin."""
    return [body["text"]["lines"][0]["values"]["code"] for body in stage.letters(CHAT, Lane.CALL)]


@pytest.fixture
def busy(stage: Stage) -> Office:
    """A town with 24 open reports, whose terms end in this order but for the last: it is first."""
    town = office(stage)
    made = [town.report(stage.person(f"N{n}")) for n in range(24)]

    def terms(turn: Turn) -> None:
        for n, number in enumerate([made[-1], *made[:-1]]):
            report = turn.session.get(Report, number)
            assert report is not None
            report.due_at = stage.clock() + timedelta(days=n) if n < 20 else None

    stage.turn(terms)
    return town


def test_what_is_open_comes_little_by_little_to_a_new_chat(busy: Office) -> None:
    stage = busy.stage
    stage.act(busy.marta, lambda act: staff.link(act, CHAT, "El equipo"))
    stage.beat()
    assert len(brought(stage)) == 10 and brought(stage)[0] == busy.code(24)
    # What is done with meanwhile needs no card; what is new does not wait behind the others.
    stage.act(busy.marta, lambda act: casework.move(act, 23, "fixed"))
    stage.clock.now += staff_cards.A_MINUTE
    stage.beat()
    assert len(brought(stage)) == 20
    new = busy.report(stage.person("Ultima"))
    assert busy.code(new) not in brought(stage)
    assert any(busy.code(new) in str(body) for body in stage.letters(CHAT, Lane.REPLY))
    stage.clock.now += staff_cards.A_MINUTE
    stage.beat()
    assert len(set(brought(stage))) == 23
    stage.walk(stage.clock.now + timedelta(hours=1))
    assert len(brought(stage)) == 23


def test_only_so_many_come_and_the_rest_is_in_the_tray(
    busy: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = busy.stage
    monkeypatch.setattr(staff_cards, "MOST", 12)
    stage.act(busy.marta, lambda act: staff.link(act, CHAT, "El equipo"))
    stage.walk(stage.clock.now + timedelta(hours=1))
    bodies = stage.letters(CHAT, Lane.CALL)
    assert len(bodies) == 13
    assert keys(bodies[-1]["text"]) == {staff_cards.THE_REST}


def test_unlinked_nothing_more_comes_and_what_stands_loses_its_buttons(busy: Office) -> None:
    stage = busy.stage
    number = stage.act(busy.marta, lambda act: staff.link(act, CHAT, "El equipo").id)
    stage.beat()
    sent = stage.read(
        lambda session: session.connection().scalar(
            select(TABLE.c.id).where(TABLE.c.chat_id == CHAT).limit(1)
        )
    )
    stage.turn(lambda turn: delivery.mark_sent(turn.session, [(sent, 5, CHAT)], 1.0))
    stage.act(busy.marta, lambda act: staff.unlink(act, number or 0))
    stage.walk(stage.clock.now + timedelta(hours=1))
    owed = stage.read(
        lambda session: (
            session.connection()
            .execute(
                select(TABLE.c.edits, TABLE.c.body).where(
                    TABLE.c.chat_id == CHAT, TABLE.c.state == OWED
                )
            )
            .all()
        )
    )
    assert {row.body["kind"] for row in owed} == {"strip"}
    assert sent in {row.edits for row in owed}
    assert stage.outcomes(staff_cards.JOB) == ["cancelled"]
