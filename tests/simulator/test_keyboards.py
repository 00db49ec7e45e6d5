"""Keyboards: what they may hold, and how people press them."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import ActError, Person, Simulator
from tests.simulator.conftest import Api


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    """One row of buttons."""
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (inline({"text": "a", "callback_data": "x" * 65}), "BUTTON_DATA_INVALID"),
        (inline({"text": "a", "callback_data": "ñ" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "", "callback_data": "x"}), "inline keyboard button text must be"),
        (inline({"text": "a"}), "can't parse inline keyboard button"),
        (inline({"callback_data": "x"}), "can't parse inline keyboard button"),
        (inline({"text": "a", "url": "no link"}), "inline keyboard button URL 'no link' is"),
        (inline({"text": "a", "url": "x://y"}), "inline keyboard button URL 'x://y' is"),
        (inline({"text": "a", "url": "t.me/x", "callback_data": "x"}), "can't parse inline"),
        ({"inline_keyboard": [{"text": "a"}]}, 'field "inline_keyboard" must be'),
        ({"inline_keyboard": "a"}, 'field "inline_keyboard" of the reply markup'),
        ({"keyboard": []}, "reply markup must have at least one button"),
        ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
        ({"keyboard": [[5]]}, "can't parse keyboard button"),
        ({"what": 1}, "object expected as reply markup"),
        ("[]", "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
        (inline(*[{"text": "a", "callback_data": "x"}] * 101), "reply markup is too long"),
    ],
)
async def test_markup_that_is_refused(api: Api, rosa: Person, markup: Any, reason: str) -> None:
    """https://core.telegram.org/bots/api#inlinekeyboardbutton (callback_data: 1-64 bytes)"""
    got = await api.refused("sendMessage", chat_id=rosa.id, text="a", reply_markup=markup)
    assert got.startswith(f"400 Bad Request: {reason}")


async def test_a_hundred_buttons_and_64_bytes_are_allowed(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#inlinekeyboardmarkup"""
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "ñ" * 32}] * 4] * 25}
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="a", reply_markup=markup)
    assert sent["reply_markup"] == markup


async def test_a_tap_and_its_answer(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#callbackquery"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text="¿Va?",
        reply_markup=inline(
            {"text": "Voy", "callback_data": "y"}, {"text": "No", "callback_data": "n"}
        ),
    )  # fmt: skip
    rosa.taps("Voy")
    query = (await api.updates(offset=-1))[0]["callback_query"]
    assert query["data"] == "y"
    assert query["from"]["id"] == rosa.id
    assert query["message"]["message_id"] == sent["message_id"]
    assert "date" not in query
    await api.ok("answerCallbackQuery", callback_query_id=query["id"], text="¡Gracias!")
    assert rosa.toasts == ["¡Gracias!"]
    assert await rosa.is_toasted("gracias") == "¡Gracias!"


async def test_a_tap_on_an_old_message_brings_its_number_alone(
    api: Api, sim: Simulator, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#inaccessiblemessage, #maybeinaccessiblemessage

    "date: Always 0. The field can be used to differentiate regular and inaccessible messages."
    """
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text="¿Va?",
        reply_markup=inline({"text": "Voy", "callback_data": "y"}),
    )  # fmt: skip
    sim.world.clock.jump(47 * 3600)
    rosa.taps("Voy")
    sim.world.clock.jump(2 * 3600)
    rosa.taps("Voy")
    young, old = [u["callback_query"] for u in await api.updates() if "callback_query" in u]
    assert young["message"]["text"] == "¿Va?"
    chat = young["message"]["chat"]
    assert old["message"] == {"chat": chat, "message_id": sent["message_id"], "date": 0}
    assert old["data"] == "y"


async def test_late_unknown_and_long_answers_to_taps(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await api.refused("answerCallbackQuery", callback_query_id="17") == old
    await api.ok(
        "sendMessage", chat_id=rosa.id, text="a",
        reply_markup=inline({"text": "b", "callback_data": "c"}),
    )  # fmt: skip
    rosa.taps("b")
    query = (await api.updates(offset=-1))[0]["callback_query"]["id"]
    assert (
        await api.refused("answerCallbackQuery", callback_query_id=query, text="a" * 201)
        == "400 Bad Request: MESSAGE_TOO_LONG"
    )
    api.sim.world.query_life = 0.0
    assert await api.refused("answerCallbackQuery", callback_query_id=query) == old
    assert "answered late" in [entry["rule"] for entry in api.sim.violations]


async def test_buttons_that_are_not_there_cannot_be_pressed(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/features#inline-keyboards"""
    await api.ok(
        "sendMessage", chat_id=rosa.id, text="a",
        reply_markup=inline({"text": "Sí, voy", "callback_data": "y"}),
    )  # fmt: skip
    with pytest.raises(ActError, match="There is no button 'No'"):
        rosa.taps("No")
    rosa.taps("voy")
    rosa.taps(data="y")
    rosa.taps(row=0, column=0)
    rosa.taps(data="forged", forged=True)
    sent = [u["callback_query"]["data"] for u in await api.updates() if "callback_query" in u]
    assert sent == ["y", "y", "y", "forged"]


async def test_links_on_buttons(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/features#deep-linking"""
    await api.ok(
        "sendMessage", chat_id=rosa.id, text="a",
        reply_markup=inline(
            {"text": "web", "url": "https://example.org"},
            {"text": "again", "url": "https://t.me/town_bot?start=r-17_A"},
        ),
    )  # fmt: skip
    assert rosa.taps("web") is None
    started = rosa.taps("again")
    assert started is not None
    assert started.text == "/start r-17_A"
    for payload in ("a" * 65, "a b", "ñ"):
        with pytest.raises(ActError, match="payload"):
            rosa.starts(payload)


async def test_a_reply_keyboard_is_shown_pressed_and_removed(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#replykeyboardmarkup"""
    keyboard = {
        "keyboard": [[{"text": "Mi lugar", "request_location": True}],
                     [{"text": "Mi número", "request_contact": True}, "Volver"]],
        "one_time_keyboard": True,
    }  # fmt: skip
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="¿Dónde?", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert rosa.keys() == ["Mi lugar", "Mi número", "Volver"]
    with pytest.raises(ActError, match="latitude"):
        rosa.presses("Mi lugar")
    rosa.presses("Mi lugar", 4.6, -74.1)
    location = (await api.updates(offset=-1))[0]["message"]["location"]
    assert location == {"latitude": 4.6, "longitude": -74.1}
    assert rosa.keys() == []
    stays = {**keyboard, "one_time_keyboard": False}
    await api.ok("sendMessage", chat_id=rosa.id, text="¿?", reply_markup=stays)
    rosa.presses("Mi número")
    assert (await api.updates(offset=-1))[0]["message"]["contact"]["user_id"] == rosa.id
    rosa.presses("Volver")
    assert (await api.updates(offset=-1))[0]["message"]["text"] == "Volver"
    assert rosa.keys() != []
    await api.ok("sendMessage", chat_id=rosa.id, text="ya", reply_markup={"remove_keyboard": True})
    assert rosa.keys() == []
    with pytest.raises(ActError):
        rosa.presses("Volver")
