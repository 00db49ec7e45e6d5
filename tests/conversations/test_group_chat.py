"""A working group's Telegram chat: linked, entered by a link of one's own, told of meetings, moved
by Telegram and lost again."""

from __future__ import annotations

import pytest
from sqlmodel import select

from actions import group_chats, group_words, meeting_words, meetings
from actions.act import NOT_YOURS
from handlers import group_chats as desk
from handlers import meetings as meeting_desk
from handlers.desk import AS_YOURSELF
from simulator.chats import Group, Invite
from storage.group import WorkingGroup
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_meeting import called, joined, on

RIVER = "Mesa del Río Sereno"
PARK = "Amigos del Parque Central"


async def number_of(town: Town, name: str) -> int:
    def look(turn: Turn) -> int | None:
        return turn.session.exec(select(WorkingGroup.id).where(WorkingGroup.name == name)).one()

    found = await town.turn(look)
    assert found is not None
    return found


async def chat_of(town: Town, name: str) -> int | None:
    def look(turn: Turn) -> int | None:
        query = select(WorkingGroup.telegram_id).where(WorkingGroup.name == name)
        return turn.session.exec(query).one()

    return await town.turn(look)


async def linked(town: Town, leader: Talker, name: str, *, bot_admin: bool = True) -> Group:
    """A Telegram group of the leader's, linked by its list."""
    group = town.sim.group(name, admins=[leader.person], bot_admin=bot_admin)
    await town.quiet()
    there = leader.at(group)
    assert leader.reads(desk.HELLO) in there.last.text
    await there.says("/vincular")
    there.told(desk.WHICH)
    await there.taps(name)
    there.told(desk.LINKED, group=name)
    assert there.last.buttons == []
    return group


async def test_a_member_enters_the_chat_by_a_link_of_their_own(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    ana, eva = await town.neighbour("Ana"), await town.neighbour("Eva")
    group = await linked(town, rosa, RIVER)
    await joined(ana, RIVER)
    told = ana.find(group_words.LINK_IS_HERE, group=RIVER)
    await ana.taps(group_words.ENTER, told)
    assert group.inside(ana.id)
    # Passed on, it opens the chat to nobody else.
    url = told.rows[0][0]["url"]
    with pytest.raises(Exception, match=r"(?i)expired|invalid|no longer"):
        await eva.does("joins", url)
    assert not group.inside(eva.id)
    await ana.says("/grupos")
    await ana.taps(RIVER)
    await ana.taps(group_words.CHAT)
    ana.shown(group_chats.ASKED_ALREADY)


async def test_the_chat_has_a_card_whose_counts_change_as_people_answer(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    ana, eva, luis = (
        await town.neighbour("Ana"),
        await town.neighbour("Eva"),
        town.talker("Luis"),
    )
    group = await linked(town, rosa, RIVER)
    await joined(ana, RIVER)
    for person in (ana, eva, luis):
        await person.does("joins", chat=group.id)
    await called(rosa, "Limpieza", f"{on(town, 3)} 18:30")
    there = ana.at(group)
    card = there.find(meeting_words.TALLY, yes=0, maybe=0, no=0)
    await there.taps(meeting_words.LABELS["yes"])
    there.shown(meeting_desk.NOTED["yes"])
    there.told(meeting_words.TALLY, yes=1, maybe=0, no=0)
    assert there.find(meeting_words.TALLY, yes=1, maybe=0, no=0).id == card.id
    assert "Ana" not in there.last.text
    # A neighbour who is not in the working group, and somebody we do not know at all.
    await eva.at(group).taps(meeting_words.LABELS["yes"])
    eva.at(group)
    assert eva.person.toasts[-1] == eva.reads(meetings.NOT_IN_GROUP)
    await luis.at(group).taps(meeting_words.LABELS["no"])
    assert "t.me/villaceiba_bot" in luis.person.toasts[-1]
    assert there.find(meeting_words.TALLY, yes=1, maybe=0, no=0).id == card.id


async def test_who_may_link_and_who_may_not(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    ana = await town.neighbour("Ana")
    group = town.sim.group("Nuestro chat", admins=[ana.person, rosa.person])
    await town.quiet()
    await ana.at(group).says(f"/vincular {RIVER}")
    ana.at(group)
    assert ana.reads(NOT_YOURS) in ana.at(group).last.text
    # Who writes as the group is nobody in particular, whatever role they have.
    await rosa.at(group).does("anonymous")
    await rosa.at(group).says("/vincular")
    assert rosa.reads(AS_YOURSELF) in rosa.at(group).last.text
    await rosa.at(group).does("anonymous", False)
    await rosa.at(group).says(f"/vincular {PARK}")
    assert rosa.reads(group_chats.NO_SUCH_GROUP) in rosa.at(group).last.text
    assert await chat_of(town, RIVER) is None
    await rosa.at(group).says("/vincular mesa del rio")
    assert await chat_of(town, RIVER) == group.id
    # Somebody else's tap on the leader's list does nothing.
    await rosa.at(group).says("/vincular")
    await ana.at(group).taps(RIVER)
    assert ana.person.toasts[-1] == ana.reads(NOT_YOURS)
    await ana.taps(data="k:link:1")
    assert await chat_of(town, RIVER) == group.id


async def test_telegram_moves_the_chat_and_the_group_follows(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    group = await linked(town, rosa, RIVER)
    bigger = town.sim.migrate(group)
    await town.quiet()
    assert await chat_of(town, RIVER) == bigger.id
    await called(rosa, "Limpieza", f"{on(town, 3)} 18:30")
    rosa.at(bigger).find(meeting_words.TALLY, yes=0, maybe=0, no=0)


async def test_put_out_of_the_chat_the_leader_hears(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    group = await linked(town, rosa, RIVER)
    await rosa.at(group).does("removes_bot")
    assert await chat_of(town, RIVER) is None
    rosa.find(group_words.CHAT_LOST, group=RIVER)
    # A meeting is called all the same, and nothing is sent where we are not.
    await called(rosa, "Limpieza", f"{on(town, 3)} 18:30")
    await town.jump(days=4)


async def test_without_the_right_to_invite_both_are_told(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = small_town
    # Telegram's refusal is what this is about: the house is not to blame for it.
    monkeypatch.setattr(town, "judge", lambda: None)
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    ana = await town.neighbour("Ana")
    await linked(town, rosa, RIVER, bot_admin=False)
    await joined(ana, RIVER)
    ana.find(group_words.NO_LINK, group=RIVER)
    rosa.find(group_words.NO_LINK_LEADER, person="Ana", group=RIVER)


async def test_who_asks_to_enter_is_shown_the_way(small_town: Town) -> None:
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    luis = town.talker("Luis")
    group = await linked(town, rosa, RIVER)
    asks_first = Invite("https://t.me/+asksfirst", rosa.person.user.face, creates_join_request=True)
    group.invites[asks_first.link] = asks_first
    await luis.does("joins", asks_first.link)
    luis.find(desk.USE_A_LINK, group=RIVER)
    # Whether they may come in is for whoever runs the chat.
    assert luis.id in group.requests


async def test_a_member_who_asks_to_enter_is_let_in(small_town: Town) -> None:
    """https://core.telegram.org/bots/api#approvechatjoinrequest"""
    town = small_town
    rosa = await town.leader("Rosa", await number_of(town, RIVER))
    ana = await town.neighbour("Ana")
    group = await linked(town, rosa, RIVER)
    await joined(ana, RIVER)
    # Her own link of a moment ago is lost; she knocks at the door.
    asks_first = Invite("https://t.me/+asksfirst", rosa.person.user.face, creates_join_request=True)
    group.invites[asks_first.link] = asks_first
    await ana.does("joins", asks_first.link)
    assert group.inside(ana.id) and ana.id not in group.requests
