"""The control API, as the page and other programs use it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from simulator import ActError, Person, Phone, Simulator, answers
from simulator.samples import picture
from tests.simulator.conftest import Api

Json = dict[str, Any]


class Web:
    """JSON requests to /sim."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def get(self, path: str) -> Any:
        """A GET that must succeed."""
        async with self.session.get(f"{self.url}/sim/{path}") as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, body: Any) -> Any:
        """A POST that must succeed."""
        async with self.session.post(f"{self.url}/sim/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def refused(self, path: str, body: Any) -> str:
        """The sentence of a POST that must not."""
        async with self.session.post(f"{self.url}/sim/{path}", json=body) as response:
            assert response.status == 400
            return str((await response.json())["error"])


@pytest.fixture
async def web(session: aiohttp.ClientSession, sim: Simulator) -> Web:
    """The control API of the test's simulator."""
    return Web(session, sim.url)


class Switch:
    """A bot's process that only says whether it runs."""

    def __init__(self) -> None:
        self.running = True

    async def start(self) -> None:
        """On."""
        self.running = True

    async def kill(self) -> None:
        """Off."""
        self.running = False


async def test_the_state(web: Web, api: Api, sim: Simulator, rosa: Person) -> None:
    """Everything the page needs to draw itself."""
    sim.map = {"type": "FeatureCollection", "features": []}
    sim.places = [{"name": "Plaza", "latitude": 4.6, "longitude": -74.1}]
    group = sim.group("Mesa", [rosa])
    await api.ok("setMyCommands", commands=[{"command": "voto", "description": "Votar"}],
                 language_code="es")  # fmt: skip
    await api.ok("setMyDescription", description="Para participar")
    state = await web.get("state")
    assert state["seq"] == sim.world.events.seq
    assert state["target"] is None
    assert state["bots"][0]["commands"] == {"es": [{"command": "voto", "description": "Votar"}]}
    assert state["bots"][0]["description"] == {"": "Para participar"}
    person = state["people"][0]
    assert (person["first_name"], person["blocked"]) == ("Rosa", [])
    assert state["chats"][0]["id"] == group.id
    assert {m["user_id"] for m in state["chats"][0]["members"]} == {rosa.id, 4200}
    assert (state["map"], state["places"]) == (sim.map, sim.places)
    assert state["process"] is None


async def test_people_and_groups_are_made(web: Web) -> None:
    """POST /sim/people and /sim/groups"""
    ana = await web.post("people", {"first_name": "Ana", "language_code": "pt-br"})
    assert ana["language_code"] == "pt-br"
    group = await web.post("groups", {"title": "Mesa", "admins": [ana["id"]], "bot": True})
    assert group["type"] == "group"
    great = await web.post(f"groups/{group['id']}/migrate", {})
    assert (great["type"], great["id"] < -(10**12)) == ("supergroup", True)
    assert [c["id"] for c in (await web.get("state"))["chats"]] == [great["id"]]
    assert await web.refused("people", {"first_name": " "}) == "A person needs a first name."
    assert await web.refused("groups", {"title": "", "members": [1]}) == "A group needs a title."
    assert await web.refused("groups", {"title": "x", "members": [1]}) == "There is no person 1."
    bot = await web.post("bots", {"token": "77:x", "username": "b_bot", "first_name": "B"})
    assert bot["id"] == 77
    assert "token" not in bot
    assert await web.refused("bots", {"token": "nope"}) == "A token looks like 123456:letters."


async def test_chats_messages_and_unread(web: Web, api: Api, sim: Simulator, rosa: Person) -> None:
    """GET /sim/people/{person}/chats and /messages"""
    keyboard = {"keyboard": [["a"]]}
    await api.ok("sendMessage", chat_id=rosa.id, text="hola", reply_markup=keyboard)
    group = sim.group("Mesa", [rosa])
    private, mesa = await web.get(f"people/{rosa.id}/chats")
    assert (private["chat"], private["title"], private["kind"]) == ("bot:4200", "Town", "private")
    assert (private["unread"], private["can_start"], private["blocked"]) == (1, False, False)
    assert private["last"]["text"] == "hola"
    assert private["reply_keyboard"] == keyboard
    assert (mesa["chat"], mesa["kind"]) == (str(group.id), "group")
    listed = await web.get(f"people/{rosa.id}/messages?chat=bot:4200")
    assert [(m["message"]["text"], m["mine"]) for m in listed] == [
        ("/start", True),
        ("hola", False),
    ]
    assert (await web.get(f"people/{rosa.id}/chats"))[0]["unread"] == 0
    (older,) = await web.get(f"people/{rosa.id}/messages?chat=bot:4200&limit=1&before=2")
    assert older["message"]["message_id"] == 1


async def test_every_verb_over_http(web: Web, api: Api, sim: Simulator, rosa: Person) -> None:
    """POST /sim/act with the Python client's verbs"""
    ana = (await web.post("people", {"first_name": "Ana"}))["id"]

    async def act(do: str, **more: Any) -> Any:
        return await web.post("act", {"person": ana, "do": do, **more})

    started = await act("starts", payload="x1")
    assert started["ok"] is True
    assert started["update_id"] == (await api.updates(offset=-1))[0]["update_id"]
    said = await act("says", text="hola")
    await act("edits", message_id=said["message_id"], text="hola!")
    await act("says", text="b", reply_to=said["message_id"])
    sent = await api.ok(
        "sendMessage", chat_id=ana, text="¿?",
        reply_markup={"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}]]},
    )  # fmt: skip
    await act("taps", message_id=sent["message_id"], data="y")
    await act("taps", message_id=sent["message_id"], row=0, column=0)
    await act("taps", text="Sí")
    await api.ok(
        "sendMessage", chat_id=ana, text="¿?",
        reply_markup={"keyboard": [[{"text": "Lugar", "request_location": True}, "Otro"]]},
    )  # fmt: skip
    await act("presses", text="Lugar", latitude=1.5, longitude=2.5)
    await act("presses", text="Otro")
    await act("shares_place", latitude=1, longitude=2, live_period=900)
    await act("sends_venue", latitude=1, longitude=2, title="Plaza", address="x")
    await act("sends_photo", sample="leak", caption="c", count=2)
    raw = base64.b64encode(picture("tree")).decode()
    await act("sends_photo", bytes=raw)
    await act("sends_photo", base64=[raw, raw])
    await act("sends_voice", duration=4)
    await act("sends_document", name="a.pdf", size=10)
    await act("sends_sticker")
    await act("sends_contact")
    await act("forwards", message_id=said["message_id"])
    await act("deletes", message_id=said["message_id"])
    poll = await api.ok("sendPoll", chat_id=ana, question="?", options=[{"text": "a"}])
    await act("votes_poll", message_id=poll["message_id"], options=[0])
    await act("blocks")
    await act("unblocks")
    group = await web.post("groups", {"title": "Mesa", "admins": [ana], "members": [rosa.id]})
    chat = str(group["id"])
    await act("promotes", chat=chat)
    await act("anonymous", chat=chat, on=True)
    await act("says", chat=chat, text="hola mesa")
    link = (await act("invites", chat=chat))["link"]
    luz = (await web.post("people", {"first_name": "Luz"}))["id"]
    joined = await web.post("act", {"person": luz, "do": "joins", "link": link})
    assert joined["joined"] is True
    await web.post("act", {"person": luz, "do": "leaves", "chat": chat})
    await act("removes_bot", chat=chat)
    await act("adds_bot", chat=chat)
    await act("deactivates")
    assert sim.violations == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "There is no person None."),
        ({"person": 1, "do": "says"}, "There is no person 1."),
        ({"do": "flies"}, "Nobody can do 'flies'."),
        ({"do": "_send"}, "Nobody can do '_send'."),
        ({"do": "says"}, "says: missing a required argument: 'text'."),
        ({"do": "says", "text": "x", "loud": True},
         "says: got an unexpected keyword argument 'loud'."),
        ({"do": "says", "text": " "}, "An empty message cannot be sent."),
        ({"do": "says", "text": "x", "chat": "-5"}, "There is no group -5."),
        ({"do": "says", "text": "x", "chat": "home"}, 'A chat is named "bot:<id>" or by'),
        ({"do": "taps", "message_id": 999, "data": "x"}, "There is no such message."),
        ({"do": "shares_place", "latitude": 99, "longitude": 0}, "Latitude is between"),
        ({"do": "sends_photo", "bytes": "§"}, "string argument should contain only ASCII"),
    ],
)  # fmt: skip
async def test_acts_that_cannot_be_done(web: Web, rosa: Person, body: Json, sentence: str) -> None:
    """400 {"error": "a sentence"}"""
    given = {"person": rosa.id, **body} if body else body
    assert (await web.refused("act", given)).startswith(sentence)


async def test_several_acts_at_once(web: Web, api: Api, rosa: Person) -> None:
    """POST /sim/act with a list: one answer each, an error stops nothing"""
    acts = [
        {"person": rosa.id, "do": "says", "text": "a"},
        {"person": 5, "do": "says", "text": "b"},
        {"person": rosa.id, "do": "says", "text": "c"},
    ]
    one, two, three = await web.post("act", acts)
    assert two == {"error": "There is no person 5."}
    assert three["update_id"] == one["update_id"] + 1
    assert [u["message"]["text"] for u in (await api.updates())[1:]] == ["a", "c"]


async def test_bodies_that_are_no_objects(web: Web) -> None:
    """400 {"error": "a sentence"}"""
    assert await web.refused("act", 1) == "The body is a JSON object."
    assert await web.refused("people", []) == "The body is a JSON object."
    async with web.session.post(f"{web.url}/sim/act", data=b"{") as response:
        assert response.status == 400
    assert await web.refused("clock/jump", {"seconds": -1}) == (
        "A jump goes forward: seconds must be above zero."
    )
    assert await web.refused("settings", {"speed": 1}) == "There is no setting 'speed'."
    assert "does not hold" in await web.refused("process", {"do": "kill"})


async def events_of(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """The data of a text/event-stream, one by one."""
    async for line in response.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_events_are_streamed_and_resumed(
    web: Web, api: Api, sim: Simulator, rosa: Person
) -> None:
    """GET /sim/events?after=SEQ"""
    seq = sim.world.events.seq
    async with web.session.get(f"{web.url}/sim/events?after={seq}") as response:
        assert response.content_type == "text/event-stream"
        stream = events_of(response)
        await api.ok("sendMessage", chat_id=rosa.id, text="uno")
        event = await asyncio.wait_for(anext(stream), 2)
        assert (event["type"], event["people"]) == ("message", [rosa.id])
        assert (event["chat"], event["message"]["text"]) == ("bot:4200", "uno")
        said = rosa.says("dos")
        assert (await asyncio.wait_for(anext(stream), 2))["message"]["text"] == "dos"
        rosa.edits(said, "tres")
        assert (await asyncio.wait_for(anext(stream), 2))["type"] == "edited"
        rosa.deletes(said)
        assert (await asyncio.wait_for(anext(stream), 2))["message_id"] == said.id
        await web.post("clock/jump", {"seconds": 60})
        assert (await asyncio.wait_for(anext(stream), 2))["type"] == "clock"
    async with web.session.get(f"{web.url}/sim/events?after={seq + 1}") as response:
        first = await asyncio.wait_for(anext(events_of(response)), 2)
        assert (first["seq"], first["message"]["text"]) == (seq + 2, "dos")


async def test_events_that_are_forgotten_mean_a_reset(sim: Simulator, web: Web) -> None:
    """The ring holds the last 5,000."""
    for _ in range(5100):
        sim.world.events.tell("chats", people=[])
    for seq in (0, 10**6):
        async with web.session.get(f"{web.url}/sim/events?after={seq}") as response:
            event = await asyncio.wait_for(anext(events_of(response)), 2)
            assert event == {"type": "reset", "seq": sim.world.events.seq}


async def test_the_process_is_killed_and_started(sim: Simulator, web: Web) -> None:
    """POST /sim/process"""
    sim.process = Switch()
    assert (await web.get("state"))["process"] == {"running": True}
    assert await web.post("process", {"do": "kill"}) == {"running": False}
    assert await web.post("process", {"do": "start"}) == {"running": True}
    assert await web.refused("process", {"do": "dance"}) == (
        'A process can be told "kill" or "start".'
    )
    assert [e["running"] for e in sim.world.events.after(0) if e["type"] == "process"] == [
        False, True,
    ]  # fmt: skip


async def test_files_for_the_page(web: Web, sim: Simulator, rosa: Person) -> None:
    """GET /sim/files/{file_id}"""
    photo = rosa.sends_photo(sample="leak").data["photo"][-1]["file_id"]
    async with web.session.get(f"{web.url}/sim/files/{photo}") as response:
        assert response.content_type == "image/png"
        assert await response.read() == picture("leak")
    async with web.session.get(f"{web.url}/sim/files/none") as response:
        assert response.status == 404


async def test_the_record_and_its_level(web: Web, api: Api, rosa: Person) -> None:
    """GET /sim/record?after=N&kind=... and the switch for benches"""
    await api.ok("sendMessage", chat_id=rosa.id, text="hola")
    (call,) = await web.get("record?kind=call")
    assert (call["method"], call["chat"], call["status"]) == ("sendMessage", rosa.id, 200)
    assert call["params"]["text"] == "hola"
    assert call["message_id"] == 2
    assert await web.get(f"record?after={call['n']}") == []
    await web.post("settings", {"record": "light"})
    await api.ok("sendMessage", chat_id=rosa.id, text="dos")
    assert "params" not in (await web.get("record?kind=call"))[-1]
    await web.post("settings", {"record": "off"})
    await api.ok("sendMessage", chat_id=rosa.id, text="tres")
    assert len(await web.get("record?kind=call")) == 2
    assert api.sim.record.counts["sendMessage 200"] == 3
    await api.refused("sendMessage", chat_id=rosa.id, text="")
    assert (await web.get("violations"))[0]["rule"] == "refused"
    assert await web.refused("settings", {"record": "loud"}) == (
        "The record's level is one of full, light, off."
    )


async def test_faults_and_limits_are_switched_over_http(web: Web, sim: Simulator) -> None:
    """POST /sim/faults and /sim/settings"""
    made = await web.post("faults", [{"kind": "delay", "ms": 5, "count": 3}])
    assert made["faults"][0]["count"] == 3
    assert (await web.get("faults"))[0]["kind"] == "delay"
    assert await web.post("faults", []) == {"faults": []}
    assert (await web.post("settings", {"rate_limits": True}))["rate_limits"] is True
    assert (await web.get("state"))["rate_limits"] is True


async def test_the_page_is_served_and_nothing_else(
    web: Web, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GET / and /page/..."""
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<p>phones</p>")
    (page / "app.js").write_text("1")
    (tmp_path / "secret.txt").write_text("no")
    monkeypatch.setattr(answers, "PAGE", page)

    async def get(path: str) -> tuple[int, str]:
        async with web.session.get(f"{web.url}{path}") as response:
            return response.status, response.content_type

    assert await get("/") == (200, "text/html")
    assert (await get("/page/app.js"))[1].endswith("javascript")
    for path in ("/page/..%2Fsecret.txt", "/page/%2e%2e/secret.txt", "/page/none.js", "/etc"):
        assert (await get(path))[0] == 404
    assert (await web.get("health"))["ok"] is True


async def test_a_phone_is_a_person_elsewhere(
    api: Api, sim: Simulator, session: aiohttp.ClientSession
) -> None:
    """The same verbs over HTTP"""
    ana = await Phone.new(session, sim.url, "Ana", language_code="es")
    await ana.starts()
    await ana.sends_photo(content=picture("tree"), caption="árbol")
    assert (await api.updates(offset=-1))[0]["message"]["caption"] == "árbol"
    sent = await api.ok(
        "sendMessage", chat_id=ana.id, text="¿Va?",
        reply_markup={"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}]]},
    )  # fmt: skip
    seen = await ana.hears("¿va?")
    assert (seen.id, seen.buttons) == (sent["message_id"], ["Sí"])
    await ana.taps(label="Sí", message=seen)
    assert (await api.updates(offset=-1))[0]["callback_query"]["data"] == "y"
    with pytest.raises(ActError, match="no button"):
        await ana.taps(label="No")
    with pytest.raises(AssertionError, match="heard nothing"):
        await ana.hears("nada", timeout=0.1)
    group = sim.group("Mesa", [ana.id])
    await ana.at(group.id).says(text="/x")
    assert (await ana.at(group.id).messages())[-1].text == "/x"


async def test_listening(api: Api, rosa: Person) -> None:
    """Waiting for messages: by part, by predicate, in any order, and for silence."""
    rosa.says("hola")
    await api.ok("sendMessage", chat_id=rosa.id, text="Uno")
    two = await api.ok("sendMessage", chat_id=rosa.id, text="Dos")
    assert (await rosa.hears("dos")).text == "Dos"
    assert (await rosa.hears(lambda seen: seen.text.startswith("U"))).text == "Uno"
    with pytest.raises(AssertionError, match="heard nothing"):
        await rosa.hears("uno", timeout=0.05)
    await rosa.hears_nothing(0.05)
    await api.ok(
        "editMessageText", chat_id=rosa.id, message_id=two["message_id"], text="Dos y medio"
    )
    assert (await rosa.hears()).text == "Dos y medio"
    await api.ok("sendMessage", chat_id=rosa.id, text="Tres")
    with pytest.raises(AssertionError, match="expected silence"):
        await rosa.hears_nothing(0.05)
    rosa.says("otra cosa")
    assert rosa.heard() == []
