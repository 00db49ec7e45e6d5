"""Rate limits: 30 a second, 1 a second in a private chat, 20 a minute in a group, and pauses."""

from __future__ import annotations

import asyncio
import time

import pytest

from simulator import Person, Simulator, limits
from tests.simulator.conftest import Api


@pytest.fixture
def crowd(sim: Simulator) -> list[Person]:
    """Forty people who have started the bot; the limits are on."""
    people = [sim.person(f"P{number}") for number in range(40)]
    for person in people:
        person.starts()
    sim.rate_limits = True
    return people


async def test_off_unless_switched_on(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
    for _ in range(40):
        await api.ok("sendMessage", chat_id=rosa.id, text="x")
    assert api.sim.violations == []


async def test_thirty_a_second_and_then_a_pause(
    api: Api, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once

    About 30 messages a second; https://core.telegram.org/bots/api#responseparameters
    """
    monkeypatch.setattr(limits, "BOT_PAUSE", 1)
    started = time.monotonic()
    for person in crowd[:30]:
        await api.ok("sendMessage", chat_id=person.id, text="x")
    assert time.monotonic() - started < 1
    status, body = await api.raw("sendMessage", chat_id=crowd[30].id, text="x")
    assert status == 429
    assert body["description"] == "Too Many Requests: retry after 1"
    assert body["parameters"] == {"retry_after": 1}
    assert (await api.raw("sendMessage", chat_id=crowd[31].id, text="x"))[0] == 429
    await api.ok("getMe")
    await asyncio.sleep(1.05)
    await api.ok("sendMessage", chat_id=crowd[31].id, text="x")
    rules = [entry["rule"] for entry in api.sim.violations]
    assert rules == ["30 a second", "during a pause"]


async def test_one_a_second_in_a_private_chat_after_a_burst(api: Api, crowd: list[Person]) -> None:
    """https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

    More than one message a second in a chat is allowed in short bursts only.
    """
    person, other = crowd[:2]
    for _ in range(limits.CHAT_BURST):
        await api.ok("sendMessage", chat_id=person.id, text="x")
    status, body = await api.raw("sendMessage", chat_id=person.id, text="x")
    assert (status, body["parameters"]["retry_after"]) == (429, 1)
    await api.ok("sendMessage", chat_id=other.id, text="another chat goes on")
    await asyncio.sleep(1.05)
    await api.ok("sendMessage", chat_id=person.id, text="x")


async def test_edits_count_and_answers_to_taps_do_not(api: Api, crowd: list[Person]) -> None:
    """https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
    person = crowd[0]
    sent = await api.ok("sendMessage", chat_id=person.id, text="0")
    for number in range(1, limits.CHAT_BURST):
        await api.ok(
            "editMessageText", chat_id=person.id, message_id=sent["message_id"], text=str(number)
        )
    status, _ = await api.raw(
        "editMessageText", chat_id=person.id, message_id=sent["message_id"], text="too many"
    )
    assert status == 429
    assert (await api.raw("answerCallbackQuery", callback_query_id="1"))[0] == 400
    await api.ok("sendChatAction", chat_id=person.id, action="typing")


async def test_twenty_a_minute_in_a_group(api: Api, sim: Simulator, crowd: list[Person]) -> None:
    """https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
    group = sim.group("Mesa", crowd[:2])
    for _ in range(20):
        await api.ok("sendMessage", chat_id=group.id, text="x")
    status, body = await api.raw("sendMessage", chat_id=group.id, text="x")
    assert status == 429
    assert 55 <= body["parameters"]["retry_after"] <= 60
    await api.ok("sendMessage", chat_id=crowd[3].id, text="a person may be written to")
    assert sim.violations[-1]["rule"] == "20 a minute in a group"


async def test_an_injected_429_pauses_the_bot(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#responseparameters (retry_after)"""
    sim.faults.add(kind="too_many", retry_after=1, count=1, method="sendMessage")
    status, body = await api.raw("sendMessage", chat_id=rosa.id, text="x")
    assert (status, body["parameters"]["retry_after"]) == (429, 1)
    assert sim.violations == []
    assert (await api.raw("sendMessage", chat_id=rosa.id, text="x"))[0] == 429
    assert sim.violations[-1]["rule"] == "during a pause"
    await asyncio.sleep(1.05)
    await api.ok("sendMessage", chat_id=rosa.id, text="x")


async def test_a_jump_of_the_towns_clock_lies_between_messages(
    api: Api, crowd: list[Person]
) -> None:
    """Messages that are hours apart crowd nobody, however fast the hours went by.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """
    person = crowd[0]
    for _ in range(3):
        for _ in range(limits.CHAT_BURST):
            await api.ok("sendMessage", chat_id=person.id, text="x")
        api.sim.clock.jump(3600)
    assert api.sim.violations == []
    for _ in range(limits.CHAT_BURST):
        await api.ok("sendMessage", chat_id=person.id, text="x")
    # A pause is the machine's: no jump shortens it.
    assert (await api.raw("sendMessage", chat_id=person.id, text="x"))[0] == 429
    api.sim.clock.jump(3600)
    assert (await api.raw("sendMessage", chat_id=person.id, text="x"))[0] == 429
