"""How methods are called: names, ways to pass parameters, what is refused at the door."""

from __future__ import annotations

import inspect
import re
from typing import Any

import aiohttp
import orjson
import pytest

from simulator import Person, Simulator
from simulator.methods import MODELLED, registry, sending, unmodelled
from simulator.schema import METHODS
from tests.simulator.conftest import TOKEN, Api


async def test_every_method_is_routed_and_none_pretends(api: Api) -> None:
    """https://core.telegram.org/bots/api#available-methods

    Called without parameters, a method is refused (400), not modelled (501), or needs none;
    it is never unknown and never breaks the server.
    """
    assert len(METHODS) > 180
    for low, method in METHODS.items():
        if low == "getupdates":
            continue
        status, body = await api.raw(method.name)
        assert status in (200, 400, 501), (method.name, body)
        if status == 200:
            assert low in MODELLED, method.name
        if status == 501:
            assert low not in MODELLED
            assert body["description"].startswith(f"Not Implemented: {method.name}")


async def test_what_is_not_modelled_answers_501_after_its_parameters_were_checked(
    api: Api, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#senddice"""
    assert (await api.refused("sendDice", chat_id=rosa.id)).startswith("501 Not Implemented")
    assert (await api.refused("sendDice")).startswith("400 Bad Request: chat_id is empty")
    assert "must be of type Integer" in await api.refused(
        "sendDice", chat_id=rosa.id, message_thread_id="soon"
    )


async def test_no_parameter_of_a_modelled_method_is_passed_over(api: Api) -> None:
    """https://core.telegram.org/bots/api#available-methods

    What a method is given is read where it is written, or named as what the simulator does not do.
    """
    shared = [inspect.getsource(module) for module in (sending, registry)]
    passed_over = {}
    for low, doing in MODELLED.items():
        written = [inspect.getsource(inspect.getmodule(doing) or doing), *shared]
        read = set(re.findall(r'"([a-z_]+)"', "".join(written)))
        fields = METHODS[low].fields - read - unmodelled.UNMODELLED[low] - unmodelled.HARMLESS
        # Any right makes an administrator (https://core.telegram.org/bots/api#promotechatmember).
        left = {name for name in fields if not name.startswith("can_")}
        if left:
            passed_over[METHODS[low].name] = left
    assert passed_over == {}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        # https://core.telegram.org/bots/api#sendmessage
        ("sendMessage", {"text": "x", "business_connection_id": "b"}),
        ("sendMessage", {"text": "x", "direct_messages_topic_id": 3}),
        ("sendMessage", {"text": "x", "suggested_post_parameters": {"send_date": 1}}),
        ("sendMessage", {"text": "x", "message_effect_id": "5104841245755180586"}),
        ("sendMessage", {"text": "x", "allow_paid_broadcast": True}),
        # https://core.telegram.org/bots/api#replyparameters
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1, "chat_id": -5}}),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 1, "checklist_task_id": 1}},
        ),
        # https://core.telegram.org/bots/api#sendphoto
        ("sendPhoto", {"photo": "p", "has_spoiler": True}),
        # https://core.telegram.org/bots/api#logout, #close
        ("logOut", {}),
        ("close", {}),
    ],
)
async def test_what_a_method_does_not_do_answers_501(
    api: Api, rosa: Person, method: str, params: dict[str, Any]
) -> None:
    said = len(rosa.inbox)
    refused = await api.refused(method, chat_id=rosa.id, **params)
    assert refused.startswith("501 Not Implemented")
    assert len(rosa.inbox) == said


async def test_what_asks_for_nothing_is_let_through(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendmessage (both default to no)"""
    await api.ok("sendMessage", chat_id=rosa.id, text="x", allow_paid_broadcast=False)
    await api.ok("sendMessage", chat_id=rosa.id, text="x", disable_notification=True)


async def test_a_quote_is_part_of_what_is_replied_to(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#replyparameters

    "The quote must be an exact substring of the message to be replied to"; its place is counted in
    UTF-16 units (https://core.telegram.org/bots/api#textquote).
    """
    told = rosa.says("😀 El poste está apagado")

    async def quote(text: str) -> Any:
        reply = {"message_id": told.id, "chat_id": rosa.id, "quote": text}
        return (
            await api.raw("sendMessage", chat_id=rosa.id, text="¿Cuál?", reply_parameters=reply)
        )[1]

    sent = await quote("El poste")
    assert sent["result"]["quote"] == {"text": "El poste", "position": 3, "is_manual": True}
    for wrong in ("el poste", "La farola"):
        assert (await quote(wrong))["description"] == "Bad Request: QUOTE_TEXT_INVALID"


async def test_names_are_not_case_sensitive_and_unknown_ones_are_not_found(api: Api) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    assert (await api.raw("GETME"))[1]["result"]["username"] == "town_bot"
    assert await api.refused("getMeNot") == "404 Not Found"


async def test_a_wrong_token_is_unauthorized(
    sim: Simulator, session: aiohttp.ClientSession
) -> None:
    """https://core.telegram.org/bots/api#authorizing-your-bot"""
    assert await Api(session, sim, "4200:other").refused("getMe") == "401 Unauthorized"
    async with session.get(f"{sim.url}/bot{TOKEN.replace(':', '%3A')}/getMe") as response:
        assert response.status == 200


@pytest.mark.parametrize("way", ["query", "json", "urlencoded", "multipart"])
async def test_parameters_come_in_four_ways(
    sim: Simulator, session: aiohttp.ClientSession, rosa: Person, way: str
) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    url = f"{sim.url}/bot{TOKEN}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}]]}
    fields = {
        "chat_id": str(rosa.id),
        "text": "Árbol & flor",
        "disable_notification": "true",
        "reply_markup": orjson.dumps(markup).decode(),
    }
    if way == "query":
        request = session.get(url, params=fields)
    elif way == "json":
        request = session.post(url, json={**fields, "chat_id": rosa.id, "reply_markup": markup})
    elif way == "urlencoded":
        request = session.post(url, data=fields)
    else:
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        request = session.post(url, data=form)
    async with request as response:
        body = await response.json()
    assert body["ok"], body
    assert body["result"]["text"] == "Árbol & flor"
    assert body["result"]["reply_markup"] == markup
    assert rosa.buttons() == ["Sí"]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": "   "}, "chat not found"),
        ({"chat_id": 99, "text": "a"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "a"}, "chat not found"),
        ({"chat_id": 1, "text": ["a"]}, 'parameter "text" must be of type String'),
        ({"chat_id": 1, "text": "a", "entities": "[{]"}, "can't parse entities JSON object"),
        ({"chat_id": 1, "text": "a", "reply_parameters": {"message_id": "x"}},
         "can't parse reply_parameters"),
    ],
)  # fmt: skip
async def test_wrong_parameters_are_refused(
    api: Api, params: dict[str, object], description: str
) -> None:
    """https://core.telegram.org/bots/api#sendmessage"""
    assert (await api.refused("sendMessage", **params)).startswith(
        f"400 Bad Request: {description}"
    )


async def test_a_body_that_is_no_json_is_refused(api: Api) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    async with api.session.post(
        f"{api.base}/sendMessage", data=b"{oh", headers={"Content-Type": "application/json"}
    ) as response:
        assert response.status == 400
        assert (await response.json())["ok"] is False


async def test_parameters_telegram_does_not_know_are_ignored(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    await api.ok("sendMessage", chat_id=rosa.id, text="hola", shoe_size=42)
