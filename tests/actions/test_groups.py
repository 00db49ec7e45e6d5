"""People come into groups and leave them as they like; a group's chat is opened for each of them
alone, and whoever writes to a group may, signs, and does so a few times a day."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from actions import group_chats, groups
from actions import group_words as words
from actions.act import NOT_YOURS, Act, Refused, system_act
from storage import group as stored
from storage.due import Due
from storage.group import WorkingGroup
from storage.person import GESTOR, Person, Role
from storage.town import Territory
from tests.actions.stage import Stage, keys, reason, taps

CHAT = -100777


def link(stage: Stage, group: int, chat: int = CHAT) -> None:
    stage.act(stage.admin, lambda act: group_chats.link_chat(act, group, chat))


def the_group(stage: Stage, group: int) -> WorkingGroup:
    found = stage.read(lambda session: session.get(WorkingGroup, group))
    assert found is not None
    return found


def links_asked(stage: Stage) -> list[dict[str, Any]]:
    return [body for body in stage.letters(CHAT) if body["kind"] == "invite_link"]


def test_joining_once_and_leaving(stage: Stage) -> None:
    group, ana = stage.group(), stage.person("Ana")
    stage.act(ana, lambda act: groups.join(act, group))
    with pytest.raises(Refused) as told:
        stage.act(ana, lambda act: groups.join(act, group))
    assert reason(told) == groups.IN_IT
    assert stage.read(lambda session: stored.sizes(session, [group])) == {group: 1}
    stage.act(ana, lambda act: groups.leave(act, group))
    with pytest.raises(Refused) as told:
        stage.act(ana, lambda act: groups.leave(act, group))
    assert reason(told) == groups.NOT_IN_IT
    assert stage.read(lambda session: stored.sizes(session, [group])) == {}
    assert len(stage.audited("join")) == len(stage.audited("leave")) == 1


def test_nobody_joins_what_is_not_there_or_without_consent(stage: Stage) -> None:
    group, ana = stage.group(), stage.person("Ana")
    with pytest.raises(Refused) as told:
        stage.act(ana, lambda act: groups.join(act, 10**6))
    assert reason(told) == groups.NO_SUCH_GROUP
    with pytest.raises(Refused) as told:
        stage.act(54321, lambda act: groups.join(act, group))
    assert told.value.needs_consent
    old = stage.person("Old", privacy_version=0)
    with pytest.raises(Refused) as told:
        stage.act(old, lambda act: groups.join(act, group))
    assert told.value.needs_consent
    assert stage.audited("join") == []


def test_groups_of_ones_own_barrio_come_first(stage: Stage) -> None:
    barrio = stage.read(
        lambda session: session.exec(select(Territory.id).where(Territory.key == "centro")).one()
    )
    ana = stage.person("Ana", territory_id=barrio)
    found = stage.act(ana, lambda act: [g.key for g in groups.listed(act)])
    assert found == ["parque-central", "rio-limpio", "caminos-seguros"]
    stranger = stage.act(77, lambda act: [g.name for g in groups.listed(act)])
    assert stranger == sorted(stranger)
    theme = the_group(stage, stage.group()).theme
    of_theme = stage.act(ana, lambda act: [g.key for g in groups.listed(act, theme)])
    assert of_theme == ["rio-limpio"]


def test_a_link_of_ones_own_is_asked_for_and_handed_over(stage: Stage) -> None:
    group = stage.group()
    link(stage, group)
    ana = stage.member("Ana", group)
    (asked,) = links_asked(stage)
    assert asked["group"] == CHAT and asked["about"]["person"] == stage.id_of(ana)
    answer = {"about": asked["about"], "link": "https://t.me/+secret"}
    stage.turn(lambda turn: group_chats.link_arrived(system_act(turn, stage.world), answer))
    told = stage.letters(ana)[-1]
    assert told["buttons"][0][0]["url"] == "https://t.me/+secret"
    # Asked again at once, the first one is still there; an hour later another is made.
    with pytest.raises(Refused) as refused:
        stage.act(ana, lambda act: group_chats.ask_link_again(act, group))
    assert reason(refused) == group_chats.ASKED_ALREADY
    stage.clock.forward(hours=1)
    stage.act(ana, lambda act: group_chats.ask_link_again(act, group))
    assert len(links_asked(stage)) == 2


def test_a_member_who_cannot_be_let_in_gets_a_link(stage: Stage) -> None:
    group = stage.group()
    ana, eva = stage.member("Ana", group), stage.person("Eva")
    link(stage, group)

    stage.act(ana, lambda act: group_chats.let_in(act, group))
    (asked,) = [body for body in stage.letters(CHAT) if body["kind"] == "approve_join"]
    assert (asked["group"], asked["person"]) == (CHAT, ana)
    assert len(stage.audited("let_in")) == 1
    answer = {"about": asked["about"], "error": "no_rights"}
    stage.turn(lambda turn: group_chats.not_let_in(system_act(turn, stage.world), answer))
    assert len(links_asked(stage)) == 1 and stage.letters(ana) == []
    # Within the hour there is one already, and silence would be worse.
    stage.turn(lambda turn: group_chats.not_let_in(system_act(turn, stage.world), answer))
    assert len(links_asked(stage)) == 1
    assert group_chats.ASKED_ALREADY in keys(stage.letters(ana)[-1]["text"])
    with pytest.raises(Refused):
        stage.act(eva, lambda act: group_chats.not_let_in(act, answer))


def test_no_link_for_who_is_not_in_it(stage: Stage) -> None:
    group = stage.group()
    link(stage, group)
    ana, eva = stage.member("Ana", group), stage.person("Eva")
    (asked,) = links_asked(stage)
    stage.act(ana, lambda act: groups.leave(act, group))
    before = len(stage.letters(ana))
    answer = {"about": asked["about"], "link": "https://t.me/+secret"}
    stage.turn(lambda turn: group_chats.link_arrived(system_act(turn, stage.world), answer))
    assert len(stage.letters(ana)) == before
    for who in (ana, eva):
        with pytest.raises(Refused) as told:
            stage.act(who, lambda act: group_chats.ask_link_again(act, group))
        assert reason(told) == group_chats.NOT_IN_IT
    # A person cannot make up Telegram's answer.
    with pytest.raises(Refused):
        stage.act(eva, lambda act: group_chats.link_arrived(act, answer))


def test_a_link_that_cannot_be_made_is_told_to_both(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    link(stage, group)
    ana = stage.member("Ana", group)
    (asked,) = links_asked(stage)
    answer = {"about": asked["about"], "error": "no_rights"}
    for _ in range(2):
        stage.turn(lambda turn: group_chats.link_arrived(system_act(turn, stage.world), answer))
    assert words.NO_LINK in keys(stage.letters(ana)[-1]["text"])
    told = [words.NO_LINK_LEADER in keys(body.get("text")) for body in stage.letters(rosa)]
    assert told.count(True) == 1


def test_a_link_asked_for_while_the_chat_moved_is_asked_for_again(stage: Stage) -> None:
    group = stage.group()
    link(stage, group)
    ana = stage.member("Ana", group)
    (asked,) = links_asked(stage)
    stage.act(0, lambda act: group_chats.chat_moved(act, CHAT, -200888))
    answer = {"about": asked["about"], "error": "migrated"}
    for _ in range(2):
        stage.turn(lambda turn: group_chats.link_arrived(system_act(turn, stage.world), answer))
    again = [body for body in stage.letters(-200888) if body["group"] == -200888]
    assert len(again) == 1 and stage.letters(ana) == []


def test_a_chat_is_linked_by_who_leads(stage: Stage) -> None:
    group, other = stage.group(), stage.group("parque-central")
    rosa, luis = stage.leader("Rosa", group), stage.leader("Luis", other)
    ana = stage.member("Ana", group)
    for who in (ana, luis, 4321):
        with pytest.raises(Refused):
            stage.act(who, lambda act: group_chats.link_chat(act, group, CHAT))
    stage.act(rosa, lambda act: group_chats.link_chat(act, group, CHAT))
    assert the_group(stage, group).telegram_id == CHAT
    # Somebody who leads another group does not take this chat away.
    with pytest.raises(Refused) as told:
        stage.act(luis, lambda act: group_chats.link_chat(act, other, CHAT))
    assert reason(told) == group_chats.ANOTHER_CHAT
    stage.act(stage.admin, lambda act: group_chats.link_chat(act, other, CHAT))
    assert the_group(stage, group).telegram_id is None
    assert the_group(stage, other).telegram_id == CHAT


def test_a_group_is_named_by_its_beginning(stage: Stage) -> None:
    def named(name: str) -> str | None:
        return stage.act(stage.admin, lambda act: group_chats.named(groups.to_lead(act), name).key)

    assert named("mesa del rio sereno") == "rio-limpio"
    assert named("Caminos") == "caminos-seguros"
    assert named("parque") == "parque-central"
    for wrong in ("", "s", "panadería", "???"):
        with pytest.raises(Refused):
            named(wrong)


def test_a_chat_that_moved_keeps_its_group_and_its_letters(stage: Stage) -> None:
    group = stage.group()
    link(stage, group)
    stage.member("Ana", group)
    stage.act(0, lambda act: group_chats.chat_moved(act, CHAT, -200888))
    assert the_group(stage, group).telegram_id == -200888
    assert stage.letters(CHAT) == [] and len(stage.letters(-200888)) == 1
    stage.act(0, lambda act: group_chats.chat_moved(act, -5, -6))


def test_put_out_of_a_chat_the_leader_hears(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    link(stage, group)
    stage.act(rosa, lambda act: group_chats.chat_lost(act, CHAT))
    stage.act(rosa, lambda act: group_chats.chat_lost(act, CHAT))
    assert the_group(stage, group).telegram_id is None
    told = [words.CHAT_LOST in keys(body.get("text")) for body in stage.letters(rosa)]
    assert told.count(True) == 1


def test_where_nobody_leads_the_gestores_hear(stage: Stage) -> None:
    group, gestora = stage.group(), stage.person("Gloria")
    role = Role(person_id=stage.id_of(gestora), role=GESTOR, given_at=stage.clock())
    stage.turn(lambda turn: turn.session.add(role))
    link(stage, group)
    stage.act(gestora, lambda act: group_chats.chat_lost(act, CHAT))
    assert words.CHAT_LOST in keys(stage.letters(gestora)[-1]["text"])


def test_what_a_leader_writes_reaches_each_member_once_and_is_not_kept(stage: Stage) -> None:
    group = stage.group()
    rosa = stage.leader("Rosa", group)
    ana, eva = stage.member("Ana", group), stage.person("Eva")
    luis = stage.id_of(stage.member("Luis", group))
    stage.turn(lambda turn: setattr(turn.session.get(Person, luis), "reachable", False))
    assert stage.act(rosa, lambda act: groups.write(act, group, "Traigan <guantes>")) == 3
    stage.beat()
    for member in (rosa, ana):
        (told,) = stage.letters(member)
        assert "Traigan <guantes>" in str(told["text"]) and "Rosa" in str(told["text"])
        assert taps(told) == [f"m:group:{group}"]
    assert stage.letters(eva) == []
    kept = stage.read(lambda session: session.exec(select(Due)).all())
    assert kept and "guantes" not in str([row.model_dump() for row in kept])
    assert "guantes" not in str([row.facts for row in stage.audited("write")])


def test_a_group_is_written_to_three_times_a_day_of_the_town(stage: Stage) -> None:
    group = stage.group()
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", group)
    for number in range(groups.A_DAY):
        stage.act(rosa, lambda act, number=number: groups.write(act, group, f"{number}"))  # type: ignore[misc]
        stage.beat()
    for who in (rosa, stage.admin):
        with pytest.raises(Refused) as told:
            stage.act(who, lambda act: groups.write(act, group, "más"))
        assert reason(told) == groups.ENOUGH
    # Noon in town: the next day of its calendar begins twelve hours later, not at UTC midnight.
    stage.clock.forward(hours=11, minutes=59)
    with pytest.raises(Refused):
        stage.act(rosa, lambda act: groups.write(act, group, "más"))
    stage.clock.forward(minutes=1)
    stage.act(rosa, lambda act: groups.write(act, group, "más"))
    stage.beat()
    assert len(stage.letters(ana)) == groups.A_DAY + 1


def test_who_may_not_write(stage: Stage) -> None:
    group, other = stage.group(), stage.group("parque-central")
    ana, luis = stage.member("Ana", group), stage.leader("Luis", other)
    for who in (ana, luis):
        with pytest.raises(Refused) as told:
            stage.act(who, lambda act: groups.write(act, group, "Hola"))
        assert reason(told) == NOT_YOURS
    with pytest.raises(Refused) as told:
        empty = stage.group("caminos-seguros")
        stage.act(stage.admin, lambda act: groups.write(act, empty, "Hola"))
    assert reason(told) == groups.NOBODY
    assert stage.audited("write") == []


def test_a_gestor_composes_a_group(stage: Stage) -> None:
    def compose(who: int, name: str, place: int | None = None) -> WorkingGroup:
        return stage.act(
            who,
            lambda act: groups.create(
                act, name=name, theme="water", territory_id=place, purpose="Cuidar el agua"
            ),
        )

    made = compose(stage.admin, "Huerta común")
    assert made.id in stage.act(77, lambda act: [g.id for g in groups.listed(act)])
    for name in ("HUERTA  COMUN", "Mesa del Rio Sereno"):
        with pytest.raises(Refused) as told:
            compose(stage.admin, name)
        assert reason(told) == groups.SAME_NAME
    with pytest.raises(Refused) as told:
        compose(stage.admin, "Otra", 10**6)
    assert reason(told) == groups.NO_SUCH_PLACE
    with pytest.raises(Refused) as told:
        compose(stage.leader("Rosa", stage.group()), "Otra")
    assert reason(told) == NOT_YOURS


def test_leaders_see_their_groups_and_gestores_all(stage: Stage) -> None:
    group, other = stage.group(), stage.group("parque-central")
    rosa, ana = stage.leader("Rosa", group), stage.member("Ana", other)

    def leads(who: int) -> list[int | None]:
        def look(act: Act) -> list[int | None]:
            return [g.id for g in groups.to_lead(act)]

        return stage.act(who, look)

    assert leads(rosa) == [group]
    assert leads(ana) == []
    assert len(leads(stage.admin)) == 3
