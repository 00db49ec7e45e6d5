"""What a bot says about itself, and polls."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import ActError, Person, Simulator
from tests.simulator.conftest import Api


async def test_commands_by_language_and_scope(api: Api) -> None:
    """https://core.telegram.org/bots/api#setmycommands"""
    start = [{"command": "start", "description": "Empezar"}]
    other = [{"command": "ayuda", "description": "Ayuda"}]
    await api.ok("setMyCommands", commands=start)
    await api.ok("setMyCommands", commands=other, language_code="es")
    await api.ok("setMyCommands", commands=other, scope={"type": "all_group_chats"})
    assert await api.ok("getMyCommands") == start
    assert await api.ok("getMyCommands", language_code="es") == other
    assert await api.ok("getMyCommands", scope={"type": "all_group_chats"}) == other
    await api.ok("deleteMyCommands", language_code="es")
    assert await api.ok("getMyCommands", language_code="es") == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"commands": [{"command": "Ayuda!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [{"command": "a", "description": "x"}], "language_code": "pt-BR"},
         "language code is invalid"),
    ],
)  # fmt: skip
async def test_commands_that_are_refused(api: Api, params: dict[str, Any], reason: str) -> None:
    """https://core.telegram.org/bots/api#botcommand (1-32 of a-z, 0-9, _; description 1-256)

    Localised commands exist only for two-letter languages.
    """
    assert await api.refused("setMyCommands", **params) == f"400 Bad Request: {reason}"


async def test_names_descriptions_and_the_menu_button(api: Api) -> None:
    """https://core.telegram.org/bots/api#setmydescription, #setmyname, #setchatmenubutton"""
    await api.ok("setMyDescription", description="Para participar")
    await api.ok("setMyDescription", description="To take part", language_code="en")
    assert (await api.ok("getMyDescription", language_code="pt"))["description"] == (
        "Para participar"
    )
    assert (await api.ok("getMyDescription", language_code="en"))["description"] == "To take part"
    assert "too long" in await api.refused("setMyDescription", description="a" * 513)
    await api.ok("setMyShortDescription", short_description="Corta")
    assert (await api.ok("getMyShortDescription"))["short_description"] == "Corta"
    assert "too long" in await api.refused("setMyShortDescription", short_description="a" * 121)
    await api.ok("setMyName", name="El Cabildo")
    assert (await api.ok("getMe"))["first_name"] == "El Cabildo"
    await api.ok("setChatMenuButton", menu_button={"type": "commands"})
    assert (await api.ok("getChatMenuButton"))["type"] == "commands"


async def test_a_poll(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendpoll, #pollanswer, #stoppoll"""
    sent = await api.ok(
        "sendPoll", chat_id=rosa.id, question="¿Dónde?", is_anonymous=False,
        options=[{"text": "Aquí"}, {"text": "Allá"}],
    )  # fmt: skip
    number = sent["message_id"]
    rosa.votes_poll(number, [1])
    answer, poll = (await api.updates())[-2:]
    assert answer["poll_answer"]["option_ids"] == [1]
    assert [o["voter_count"] for o in poll["poll"]["options"]] == [0, 1]
    rosa.votes_poll(number, [0])
    with pytest.raises(ActError, match="one answer"):
        rosa.votes_poll(number, [0, 1])
    stopped = await api.ok("stopPoll", chat_id=rosa.id, message_id=number)
    assert stopped["is_closed"] is True
    assert [o["voter_count"] for o in stopped["options"]] == [1, 0]
    with pytest.raises(ActError, match="closed"):
        rosa.votes_poll(number, [1])
    assert "already been closed" in await api.refused(
        "stopPoll", chat_id=rosa.id, message_id=number
    )


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"options": [{"text": str(n)} for n in range(13)]}, "can't have more than 12 options"),
        ({"options": []}, "at least 1 option"),
        ({"options": [{"text": "a" * 101}]}, "options length must not exceed 100"),
        ({"question": "a" * 301}, "question length must not exceed 300"),
        ({"question": " "}, "question must be non-empty"),
    ],
)
async def test_polls_that_are_refused(
    api: Api, rosa: Person, params: dict[str, Any], reason: str
) -> None:
    """https://core.telegram.org/bots/api#sendpoll (1-12 options)"""
    given = {"question": "¿?", "options": [{"text": "a"}, {"text": "b"}], **params}
    assert reason in await api.refused("sendPoll", chat_id=rosa.id, **given)
