"""Groups: members, admins, links, requests to join, privacy, anonymity and migration."""

from __future__ import annotations

import asyncio
import time

import pytest

from simulator import ActError, Person, Simulator
from simulator.chats import Group
from tests.simulator.conftest import Api

BOT = 4200


@pytest.fixture
def juan(sim: Simulator) -> Person:
    """Somebody else."""
    return sim.person("Juan")


@pytest.fixture
def mesa(sim: Simulator, rosa: Person) -> Group:
    """A supergroup that Rosa owns and the bot administers."""
    return sim.group("Mesa", admins=[rosa], bot_admin=True, supergroup=True)


async def test_being_added_to_a_group(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#chatmemberupdated"""
    group = sim.group("Mesa", [rosa])
    updates = (await api.updates())[1:]
    change = updates[0]["my_chat_member"]
    assert change["chat"] == {
        "id": group.id, "title": "Mesa", "type": "group", "all_members_are_administrators": False,
    }  # fmt: skip
    assert group.id < 0
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "left", "member",
    )  # fmt: skip
    assert updates[1]["message"]["new_chat_members"][0]["id"] == BOT
    await api.ok("sendMessage", chat_id=group.id, text="hola")
    await rosa.at(group).hears("hola")


async def test_kicked_and_left(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#chatmember"""
    basic = sim.group("Basic", admins=[rosa])
    great = sim.group("Super", admins=[rosa], supergroup=True)
    assert great.id < -1_000_000_000_000
    rosa.at(basic).removes_bot()
    rosa.at(great).removes_bot()
    assert (await api.updates(offset=-1))[0]["my_chat_member"]["new_chat_member"]["status"] == (
        "kicked"
    )
    refused = [await api.refused("sendMessage", chat_id=g.id, text="x") for g in (basic, great)]
    assert refused == [
        "403 Forbidden: bot was kicked from the group chat",
        "403 Forbidden: bot was kicked from the supergroup chat",
    ]
    rosa.at(great).adds_bot()
    await api.ok("sendMessage", chat_id=great.id, text="x")
    await api.ok("leaveChat", chat_id=great.id)
    assert (
        await api.refused("sendMessage", chat_id=great.id, text="x")
        == "403 Forbidden: bot is not a member of the supergroup chat"
    )
    assert (
        await api.refused("sendMessage", chat_id=-5, text="x") == "400 Bad Request: chat not found"
    )


async def test_privacy_mode(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/features#privacy-mode"""
    group = sim.group("Mesa", admins=[rosa])
    there = rosa.at(group)
    offset = (await api.updates(offset=-1))[0]["update_id"] + 1
    there.says("nobody's business")
    there.says("/voto")
    there.says("/voto@town_bot")
    there.says("/voto@other_bot")
    sent = await api.ok("sendMessage", chat_id=group.id, text="?")
    there.says("an answer", reply_to=sent["message_id"])
    seen = [u["message"]["text"] for u in await api.updates(offset=offset)]
    assert seen == ["/voto", "/voto@town_bot", "an answer"]
    there.promotes()
    there.says("now it reads")
    assert (await api.updates(offset=-1))[0]["message"]["text"] == "now it reads"


async def test_anonymous_admins(api: Api, mesa: Group, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#message (from, sender_chat)"""
    there = rosa.at(mesa)
    there.anonymous()
    there.says("quién soy")
    message = (await api.updates(offset=-1))[0]["message"]
    assert message["from"]["id"] == 1087968824
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == mesa.id
    there.anonymous(False)
    there.says("yo")
    assert (await api.updates(offset=-1))[0]["message"]["from"]["id"] == rosa.id


async def test_migration(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#responseparameters, #message (migrate_to_chat_id)"""
    group = sim.group("Mesa", [rosa])
    offset = (await api.updates(offset=-1))[0]["update_id"] + 1
    great = sim.migrate(group)
    to, come = [u["message"] for u in await api.updates(offset=offset)]
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (group.id, great.id)
    assert (come["chat"]["id"], come["migrate_from_chat_id"]) == (great.id, group.id)
    status, body = await api.raw("sendMessage", chat_id=group.id, text="x")
    assert status == 400
    assert body["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert body["parameters"] == {"migrate_to_chat_id": great.id}
    await api.ok("sendMessage", chat_id=great.id, text="x")
    rosa.at(great).says("/x")
    with pytest.raises(ActError, match="supergroup"):
        rosa.at(group).says("x")


async def test_a_single_use_link(
    api: Api, sim: Simulator, mesa: Group, rosa: Person, juan: Person
) -> None:
    """https://core.telegram.org/bots/api#createchatinvitelink (member_limit)"""
    await api.updates(allowed_updates=["chat_member", "message"])
    made = await api.ok("createChatInviteLink", chat_id=mesa.id, member_limit=1, name="para Juan")
    assert made["member_limit"] == 1
    assert made["creator"]["id"] == BOT
    assert juan.joins(made["invite_link"]) is True
    changes = [u["chat_member"] for u in await api.updates() if "chat_member" in u]
    assert changes[-1]["new_chat_member"]["user"]["id"] == juan.id
    assert changes[-1]["invite_link"]["name"] == "para Juan"
    ana = sim.person("Ana")
    with pytest.raises(ActError, match="expired"):
        ana.joins(made["invite_link"])
    with pytest.raises(ActError, match="no such"):
        ana.joins("https://t.me/+nothing")
    juan.at(mesa).says("hola")
    await rosa.at(mesa).hears("hola")


async def test_links_expire_and_are_revoked(
    api: Api, sim: Simulator, mesa: Group, juan: Person
) -> None:
    """https://core.telegram.org/bots/api#revokechatinvitelink"""
    soon = int(sim.clock.now()) + 3600
    link = (await api.ok("createChatInviteLink", chat_id=mesa.id, expire_date=soon))["invite_link"]
    sim.clock.jump(3601)
    with pytest.raises(ActError, match="expired"):
        juan.joins(link)
    link = (await api.ok("createChatInviteLink", chat_id=mesa.id))["invite_link"]
    revoked = await api.ok("revokeChatInviteLink", chat_id=mesa.id, invite_link=link)
    assert revoked["is_revoked"] is True
    with pytest.raises(ActError, match="expired"):
        juan.joins(link)
    first = await api.ok("exportChatInviteLink", chat_id=mesa.id)
    second = await api.ok("exportChatInviteLink", chat_id=mesa.id)
    with pytest.raises(ActError, match="expired"):
        juan.joins(first)
    assert juan.joins(second)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"member_limit": 100_000}, "member_limit must be in the range 1-99999"),
        ({"member_limit": 1, "creates_join_request": True}, "member limit can't be specified"),
        ({"name": "a" * 33}, "invite link name is too long"),
        ({"expire_date": 1}, "EXPIRE_DATE_INVALID"),
    ],
)
async def test_links_that_are_refused(
    api: Api, mesa: Group, params: dict[str, object], reason: str
) -> None:
    """https://core.telegram.org/bots/api#createchatinvitelink"""
    got = await api.refused("createChatInviteLink", chat_id=mesa.id, **params)
    assert got.startswith(f"400 Bad Request: {reason}")


async def test_only_administrators_make_links(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#createchatinvitelink"""
    group = sim.group("Mesa", [rosa])
    assert "not enough rights" in await api.refused("createChatInviteLink", chat_id=group.id)


async def test_a_request_to_join_lets_the_bot_write(
    api: Api, sim: Simulator, mesa: Group, juan: Person
) -> None:
    """https://core.telegram.org/bots/api#chatjoinrequest (user_chat_id: for 5 minutes)"""
    link = (await api.ok("createChatInviteLink", chat_id=mesa.id, creates_join_request=True))[
        "invite_link"
    ]
    assert juan.joins(link) is False
    request = (await api.updates(offset=-1))[0]["chat_join_request"]
    assert request["user_chat_id"] == juan.id
    assert request["invite_link"]["pending_join_request_count"] == 1
    await api.ok("sendMessage", chat_id=request["user_chat_id"], text="¿Quién es usted?")
    assert juan.last.text == "¿Quién es usted?"
    sim.world.privates[BOT, juan.id].open_until = time.monotonic() - 1
    assert (
        await api.refused("sendMessage", chat_id=juan.id, text="x")
        == "403 Forbidden: bot can't initiate conversation with a user"
    )
    await api.ok("approveChatJoinRequest", chat_id=mesa.id, user_id=juan.id)
    juan.at(mesa).says("hola")
    assert "HIDE_REQUESTER_MISSING" in await api.refused(
        "declineChatJoinRequest", chat_id=mesa.id, user_id=sim.person("Ana").id
    )
    assert "USER_ALREADY_PARTICIPANT" in await api.refused(
        "approveChatJoinRequest", chat_id=mesa.id, user_id=juan.id
    )


async def test_a_declined_request(api: Api, mesa: Group, juan: Person) -> None:
    """https://core.telegram.org/bots/api#declinechatjoinrequest"""
    made = await api.ok("createChatInviteLink", chat_id=mesa.id, creates_join_request=True)
    juan.joins(made["invite_link"])
    await api.ok("declineChatJoinRequest", chat_id=mesa.id, user_id=juan.id)
    with pytest.raises(ActError, match="not in this group"):
        juan.at(mesa).says("hola")


async def test_members_and_administrators(
    api: Api, mesa: Group, rosa: Person, juan: Person
) -> None:
    """https://core.telegram.org/bots/api#getchatadministrators, #getchatmember"""
    juan.joins(chat=mesa.id)
    admins = await api.ok("getChatAdministrators", chat_id=mesa.id)
    assert [(a["status"], a["user"]["id"]) for a in admins] == [
        ("creator", rosa.id), ("administrator", BOT),
    ]  # fmt: skip
    assert admins[1]["can_invite_users"] is True
    assert await api.ok("getChatMemberCount", chat_id=mesa.id) == 3
    member = await api.ok("getChatMember", chat_id=mesa.id, user_id=juan.id)
    assert member["status"] == "member"
    await api.ok("banChatMember", chat_id=mesa.id, user_id=juan.id)
    member = await api.ok("getChatMember", chat_id=mesa.id, user_id=juan.id)
    assert (member["status"], member["until_date"]) == ("kicked", 0)
    await api.ok("unbanChatMember", chat_id=mesa.id, user_id=juan.id)
    member = await api.ok("getChatMember", chat_id=mesa.id, user_id=juan.id)
    assert member["status"] == "left"
    assert "can't remove chat owner" in await api.refused(
        "banChatMember", chat_id=mesa.id, user_id=rosa.id
    )


async def test_leaving_is_told(api: Api, mesa: Group, rosa: Person, juan: Person) -> None:
    """https://core.telegram.org/bots/api#message (left_chat_member)"""
    juan.joins(chat=mesa.id)
    juan.at(mesa).leaves()
    assert (await api.updates(offset=-1))[0]["message"]["left_chat_member"]["id"] == juan.id
    await asyncio.sleep(0)
    assert rosa.at(mesa).inbox[-1].kind == "service"


async def test_group_of_nobody_is_refused(sim: Simulator) -> None:
    """https://core.telegram.org/bots/api#chat"""
    with pytest.raises(ValueError, match="somebody"):
        sim.group("Mesa", [])
    with pytest.raises(ValueError, match="no person 5"):
        sim.group("Mesa", [5])
