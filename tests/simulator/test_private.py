"""Private chats: who may write first, and what each kind of silence is called."""

from __future__ import annotations

import pytest

from simulator import ActError, Person, Simulator
from tests.simulator.conftest import Api


async def test_a_bot_cannot_write_first(api: Api, sim: Simulator) -> None:
    """https://core.telegram.org/bots/features#privacy-mode (bots can't start conversations)"""
    stranger = sim.person("Ana")
    send = {"chat_id": stranger.id, "text": "hola"}
    assert await api.refused("sendMessage", **send) == "400 Bad Request: chat not found"
    with pytest.raises(ActError, match="Start"):
        stranger.says("hola")
    stranger.starts()
    await api.ok("sendMessage", **send)


async def test_somebody_known_from_a_group_still_has_to_start(api: Api, sim: Simulator) -> None:
    """https://core.telegram.org/bots/faq#how-do-i-message-my-bot-users"""
    ana = sim.person("Ana")
    group = sim.group("Mesa", [ana])
    ana.at(group).says("/hola")
    assert (
        await api.refused("sendMessage", chat_id=ana.id, text="x")
        == "403 Forbidden: bot can't initiate conversation with a user"
    )


async def test_blocked_and_unblocked(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#update (my_chat_member in private chats)"""
    rosa.blocks()
    change = (await api.updates(offset=-1))[0]["my_chat_member"]
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "kicked"
    assert change["chat"]["id"] == rosa.id
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await api.refused("sendMessage", chat_id=rosa.id, text="x") == blocked
    assert await api.refused("sendChatAction", chat_id=rosa.id, action="typing") == blocked
    with pytest.raises(ActError, match="unblock"):
        rosa.says("hola")
    rosa.unblocks()
    assert (await api.updates(offset=-1))[0]["my_chat_member"]["new_chat_member"]["status"] == (
        "member"
    )
    await api.ok("sendMessage", chat_id=rosa.id, text="x")
    rosa.blocks()
    rosa.starts()
    await api.ok("sendMessage", chat_id=rosa.id, text="x")


async def test_a_deleted_account(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests (error codes are for humans)"""
    rosa.deactivates()
    assert (
        await api.refused("sendMessage", chat_id=rosa.id, text="x")
        == "403 Forbidden: user is deactivated"
    )
    with pytest.raises(ActError, match="deleted"):
        rosa.says("x")


async def test_message_ids_go_up_over_all_private_chats(
    api: Api, sim: Simulator, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#message (message_id)"""
    juan = sim.person("Juan")
    numbers = [rosa.says("a").id, juan.starts().id, rosa.says("b").id]
    assert numbers == sorted(set(numbers))


async def test_what_a_bot_may_ask_about_a_person(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getchat, #getchatmember"""
    chat = await api.ok("getChat", chat_id=rosa.id)
    assert (chat["type"], chat["first_name"], chat["username"]) == ("private", "Rosa", "rosa_m")
    assert "language_code" not in chat
    member = await api.ok("getChatMember", chat_id=rosa.id, user_id=rosa.id)
    assert member["status"] == "member"
    assert (
        await api.refused("getChatAdministrators", chat_id=rosa.id)
        == "400 Bad Request: there are no administrators in the private chat"
    )


@pytest.mark.parametrize("action", ["typing", "upload_photo", "dancing"])
async def test_chat_actions_are_seen(api: Api, rosa: Person, action: str) -> None:
    """https://core.telegram.org/bots/api#sendchataction"""
    if action == "dancing":
        got = await api.refused("sendChatAction", chat_id=rosa.id, action=action)
        assert got == "400 Bad Request: wrong parameter action in request"
        return
    before = api.sim.world.events.seq
    await api.ok("sendChatAction", chat_id=rosa.id, action=action)
    (event,) = api.sim.world.events.after(before)
    assert (event["type"], event["action"], event["people"]) == ("chat_action", action, [rosa.id])
