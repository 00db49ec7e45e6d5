"""Trouble on demand: cut connections, 500s, delays, updates delivered twice."""

from __future__ import annotations

import time

import aiohttp
import pytest

from simulator import Person, Simulator
from tests.simulator.conftest import Api


async def attempt(api: Api, rosa: Person, text: str) -> str:
    """Send, and say how it ended: ok, cut, or the HTTP status."""
    try:
        async with api.session.post(
            f"{api.base}/sendMessage", json={"chat_id": rosa.id, "text": text}
        ) as response:
            return "ok" if response.status == 200 else str(response.status)
    except (aiohttp.ClientConnectionError, aiohttp.ServerDisconnectedError):
        return "cut"


async def test_a_connection_cut_before_and_after(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests (a lost answer does not mean unsent)"""
    sim.faults.set([{"kind": "drop_before", "count": 1}])
    assert await attempt(api, rosa, "before") == "cut"
    sim.faults.set([{"kind": "drop_after", "count": 1}])
    assert await attempt(api, rosa, "after") == "cut"
    assert await attempt(api, rosa, "then") == "ok"
    assert [seen.text for seen in rosa.inbox] == ["/start", "after", "then"]
    before, after, then = sim.record.calls("sendMessage")
    assert (before["status"], before["faults"]) == (0, ["drop_before"])
    assert (after["status"], after["answered"]) == (200, False)
    assert "answered" not in then


async def test_server_errors_apply_nothing(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    sim.faults.set([{"kind": "error_500", "count": 1}])
    assert await attempt(api, rosa, "a") == "500"
    sim.faults.set([{"kind": "bad_gateway", "count": 1}])
    async with api.session.post(f"{api.base}/getMe") as response:
        assert response.status == 502
        assert response.content_type == "text/html"
    assert [seen.text for seen in rosa.inbox] == ["/start"]


async def test_delays(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    sim.faults.set([{"kind": "delay", "ms": 200, "method": "sendmessage"}])
    started = time.monotonic()
    assert await attempt(api, rosa, "slow") == "ok"
    assert time.monotonic() - started >= 0.2
    started = time.monotonic()
    await api.ok("getMe")
    assert time.monotonic() - started < 0.15


async def test_filters_and_seeded_chance(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#making-requests"""
    sim.faults.set([{"kind": "error_500", "chat": 999}, {"kind": "error_500", "method": "getMe"}])
    assert await attempt(api, rosa, "a") == "ok"
    rule = [{"kind": "error_500", "probability": 0.5}]
    runs = []
    for _ in range(2):
        sim.faults.set(rule, seed=7)
        runs.append([await attempt(api, rosa, "b") for _ in range(12)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {"ok", "500"}


async def test_an_update_delivered_twice(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#update (update_id helps to ignore repeated updates)"""
    sim.faults.set([{"kind": "duplicate", "count": 1, "method": "message"}])
    rosa.says("twice")
    updates = (await api.updates())[1:]
    assert [u["message"]["text"] for u in updates] == ["twice", "twice"]
    assert updates[0]["update_id"] == updates[1]["update_id"]
    sim.faults.set([{"kind": "duplicate", "count": 1, "late": True}])
    rosa.says("late")
    number = (await api.updates(offset=updates[0]["update_id"] + 1))[0]["update_id"]
    again = await api.updates(offset=number + 1)
    assert [u["update_id"] for u in again] == [number]
    assert await api.updates(offset=number + 1) == []


async def test_a_tap_sent_again_under_a_new_number(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#callbackquery"""
    await api.ok(
        "sendMessage", chat_id=rosa.id, text="a",
        reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "c"}]]},
    )  # fmt: skip
    sim.faults.set([{"kind": "duplicate_tap"}])
    rosa.taps("b")
    one, two = (await api.updates())[1:]
    assert one["callback_query"]["id"] == two["callback_query"]["id"]
    assert two["update_id"] == one["update_id"] + 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("delay", "A fault is an object"),
        ({"kind": "flood"}, "A fault's kind is one of"),
        ({"kind": "delay", "often": 1}, "A fault has no field 'often'"),
        ({"kind": "delay", "probability": 2}, "A probability is between 0 and 1"),
    ],
)
async def test_faults_that_are_none(api: Api, fault: object, sentence: str) -> None:
    """A request that cannot be done answers 400 with a sentence."""
    async with api.session.post(f"{api.sim.url}/sim/faults", json=[fault]) as response:
        assert response.status == 400
        assert (await response.json())["error"].startswith(sentence)
