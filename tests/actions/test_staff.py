"""A chat of the team that refuses our cards is let go of, and the admins hear of it once."""

from __future__ import annotations

import pytest

from actions import staff
from actions.act import Refused, system_act
from storage import parcel
from storage.letter import FAILED, SENT, TABLE
from storage.person import GESTOR, Role
from storage.staff import StaffGroup, groups
from storage.turn import Turn
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
