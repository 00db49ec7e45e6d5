"""A role begins with an invitation and ends with a tap; the people concerned hear of both, and
nobody ends what the settings give."""

from __future__ import annotations

from functools import partial

import pytest
from sqlmodel import select

from actions import invite, roles
from actions.act import NOT_YOURS, Act, Refused
from storage import group as stored
from storage import role as held
from storage.person import GESTOR, LEADER, Role
from tests.actions.stage import Stage, keys, reason


def invited(stage: Stage, by: int, group: int | None = None) -> str:
    """An invitation's secret."""
    if group is None:
        payload = stage.act(by, invite.invite_gestor)
    else:
        payload = stage.act(by, lambda act: invite.invite_leader(act, group))
    return payload.removeprefix(f"{invite.DOOR}-")


def role_of(stage: Stage, person: int) -> int:
    found = stage.read(
        lambda session: session.exec(
            select(Role.id).where(Role.person_id == stage.id_of(person))
        ).one()
    )
    assert found is not None
    return found


def gestor(stage: Stage, name: str) -> int:
    number = stage.person(name)
    secret = invited(stage, stage.admin)
    stage.act(number, lambda act: roles.accept(act, secret))
    return number


def test_whoever_invited_hears_that_it_was_accepted_once(stage: Stage) -> None:
    rosa = stage.person("Rosa")
    secret = invited(stage, stage.admin)
    for _ in range(2):
        role, group = stage.act(rosa, lambda act: roles.accept(act, secret))
        assert (role.role, group) == (GESTOR, None)
    (told,) = stage.letters(stage.admin)
    assert roles.ACCEPTED in keys(told["text"]) and "Rosa" in str(told["text"])


def test_a_gestor_invites_another_and_a_leader(stage: Stage) -> None:
    gloria, luis, ana = gestor(stage, "Gloria"), stage.person("Luis"), stage.person("Ana")
    another = invited(stage, gloria)
    stage.act(luis, lambda act: roles.accept(act, another))
    group = stage.group()
    secret = invited(stage, gloria, group)
    role, its = stage.act(ana, lambda act: roles.accept(act, secret))
    assert role.role == LEADER and its is not None and its.id == group
    # Whoever leads a group is in it, and is told of its meetings.
    assert stage.read(lambda session: stored.membership(session, group, stage.id_of(ana)))
    assert stage.act(ana, lambda act: (act.leads(group), act.is_gestor())) == (True, False)
    assert not stage.act(ana, lambda act: act.leads(stage.group("parque-central")))
    for attempt in (invite.invite_gestor, lambda act: invite.invite_leader(act, group)):
        with pytest.raises(Refused) as told:
            stage.act(ana, attempt)
        assert reason(told) == NOT_YOURS


def test_an_invitation_waits_for_consent(stage: Stage) -> None:
    secret = invited(stage, stage.admin)
    with pytest.raises(Refused) as told:
        stage.act(4321, lambda act: roles.accept(act, secret))
    assert told.value.needs_consent
    # What they were about to do travels in a button's 40 characters, whole.
    assert len(invite.payload_of(secret)) <= 40
    rosa = stage.person("Rosa")
    assert stage.act(rosa, lambda act: roles.accept(act, secret))[0].role == GESTOR


def test_who_left_a_group_is_not_put_back_by_an_old_link(stage: Stage) -> None:
    from actions import groups

    group, ana = stage.group(), stage.person("Ana")
    secret = invited(stage, stage.admin, group)
    stage.act(ana, lambda act: roles.accept(act, secret))
    stage.act(ana, lambda act: groups.leave(act, group))
    stage.act(ana, lambda act: roles.accept(act, secret))
    assert not stage.read(lambda session: stored.membership(session, group, stage.id_of(ana)))


def test_a_role_that_is_ended_ends_at_once_and_is_told(stage: Stage) -> None:
    gloria = gestor(stage, "Gloria")
    stage.act(stage.admin, lambda act: roles.end(act, role_of(stage, gloria)))
    assert roles.ENDED in keys(stage.letters(gloria)[-1]["text"])
    with pytest.raises(Refused) as told:
        stage.act(gloria, invite.invite_gestor)
    assert reason(told) == NOT_YOURS
    (row,) = stage.audited("end_role")
    assert row.facts["role"] == GESTOR and row.person_id == stage.id_of(stage.admin)


def test_a_gestor_does_not_end_an_administrator(stage: Stage) -> None:
    gloria = gestor(stage, "Gloria")
    group = stage.group()
    secret = invited(stage, gloria, group)
    stage.act(stage.admin, lambda act: roles.accept(act, secret))
    role = role_of(stage, stage.admin)
    with pytest.raises(Refused) as told:
        stage.act(gloria, lambda act: roles.end(act, role))
    assert reason(told) == roles.AN_ADMIN
    assert role_of(stage, stage.admin) == role
    stage.act(stage.admin, lambda act: roles.end(act, role))
    # What the settings give stays.
    assert stage.act(stage.admin, lambda act: act.is_admin())


def test_who_may_not_end_a_role(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.person("Ana")
    role = role_of(stage, rosa)
    for who in (rosa, ana):
        with pytest.raises(Refused) as told:
            stage.act(who, lambda act: roles.end(act, role))
        assert reason(told) == NOT_YOURS
    gloria = gestor(stage, "Gloria")
    stage.act(gloria, lambda act: roles.end(act, role))
    with pytest.raises(Refused) as told:
        stage.act(gloria, lambda act: roles.end(act, role))
    assert reason(told) == roles.NO_SUCH_ROLE


def test_the_list_names_who_holds_what(stage: Stage) -> None:
    gestor(stage, "Gloria")
    stage.leader("Rosa", stage.group())
    found = stage.read(
        lambda session: [
            (person.name, role.role, group.key if group else None)
            for role, person, group in held.page(session, 0, 8)
        ]
    )
    assert found == [("Gloria", GESTOR, None), ("Rosa", LEADER, "rio-limpio")]
    assert stage.read(held.how_many) == 2
    assert len(stage.read(lambda session: held.page(session, 1, 8))) == 1


def test_a_gestor_whose_role_ended_comes_back_by_no_invitation_of_their_own(stage: Stage) -> None:
    gloria, luis = gestor(stage, "Gloria"), stage.person("Luis")
    hers, anothers = invited(stage, gloria), invited(stage, stage.admin)
    stage.act(stage.admin, lambda act: roles.end(act, role_of(stage, gloria)))
    for person in (gloria, luis):
        with pytest.raises(Refused) as told:
            stage.act(person, lambda act: roles.accept(act, hers))
        assert reason(told) == invite.EXPIRED
    role, _ = stage.act(luis, lambda act: roles.accept(act, anothers))
    assert role.role == GESTOR


def accepts(secret: str, act: Act) -> object:
    return roles.accept(act, secret)


def test_open_invitations_are_counted_and_taken_back(stage: Stage) -> None:
    gloria, rosa = gestor(stage, "Gloria"), stage.person("Rosa")
    secrets = [invited(stage, gloria), invited(stage, stage.admin, stage.group())]
    assert stage.read(lambda session: held.open_invites(session, stage.clock())) == 2
    with pytest.raises(Refused) as told:
        stage.act(rosa, invite.withdraw)
    assert reason(told) == NOT_YOURS
    assert stage.act(gloria, invite.withdraw) == 2
    assert stage.act(gloria, invite.withdraw) == 0
    assert len(stage.audited("withdraw_invites")) == 1
    for secret in secrets:
        with pytest.raises(Refused) as told:
            stage.act(rosa, partial(accepts, secret))
        assert reason(told) == invite.EXPIRED
    # What has begun stays: a role is ended for itself.
    assert stage.read(lambda session: held.how_many(session)) == 1
