"""Nonsense never breaks the server: every call gets an answer in Telegram's form."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import ApiError, Person, Simulator
from simulator.entities import formatted, units
from simulator.methods import MODELLED
from simulator.schema import METHODS

PIECES = st.sampled_from(
    ["<b>", "</b>", "<a href=", '"x"', ">", "</a>", "<", "&lt;", "&#", "😀", "ñ", " ", "\n", "a",
     "*", "_", "__", "||", "`", "```", "[", "](", ")", "\\", ">", "<pre>", "<code class=", "'",
     "tg://user?id=1", "</pre>", "<blockquote expandable>", "!", "~", "/start", "@ana", "https://x"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["HTML", "MarkdownV2", "Markdown"]))
def test_any_text_is_read_or_refused(pieces: list[str], mode: str) -> None:
    """https://core.telegram.org/bots/api#formatting-options"""
    try:
        text, entities = formatted("".join(pieces), mode, None, known=lambda _: {"id": 1})
    except ApiError as error:
        assert error.code == 400
        assert error.description.startswith("Bad Request: ")
        return
    assert text == text.strip()
    for entity in entities:
        assert entity["offset"] >= 0
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= units(text)


def values(chance: random.Random, people: list[int], groups: list[int]) -> Any:
    """Something a confused bot might send as a parameter."""
    plain: list[Any] = [
        *people, *groups, 0, -1, 1, 2, 3, 10**12, 2.5, True, False, None, "", "x", "1", "@x",
        "HTML", "a" * 5000, "<b>", "😀", "\ud800", [], {}, [1], [[]], [{}], ["x"], {"type": "x"},
        {"type": "emoji", "emoji": "x"}, {"inline_keyboard": [[]]}, {"keyboard": [["x"]]},
        {"remove_keyboard": True}, {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]},
        [{"type": "photo", "media": "x"}, {"type": "photo", "media": "y"}],
        [{"text": "x"}], {"message_id": 1}, "https://x/", "typing", [{"type": "bold"}],
    ]  # fmt: skip
    return chance.choice(plain)


@pytest.mark.parametrize("low", sorted(set(MODELLED) - {"setwebhook"}))
async def test_any_parameters_get_an_answer(sim: Simulator, rosa: Person, low: str) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    chance = random.Random(low)
    group = sim.group("Mesa", [rosa], bot_admin=True)
    bot = sim.world.bots[4200]
    rosa.sends_photo()
    method = METHODS[low]
    for _ in range(40):
        params = {
            name: values(chance, [rosa.id], [group.id])
            for name in method.fields
            if chance.random() < 0.6
        }
        for name in ("chat_id", "from_chat_id"):
            if name in method.fields and chance.random() < 0.7:
                params[name] = chance.choice([rosa.id, group.id])
        if "message_id" in method.fields and chance.random() < 0.7:
            params["message_id"] = chance.choice([1, 2, 3])
        status, body = await sim.dispatcher.call(bot, method.name, params, {})
        assert status in (200, 400, 403, 501), body
        assert body["ok"] is (status == 200)
