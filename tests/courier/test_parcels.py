"""Every kind of parcel, as the person at the other end sees it."""

from __future__ import annotations

import asyncio
import base64
import json

from telegram import Bot

from pictures import Studio
from simulator.server import Simulator
from storage.parcel import album, button, link, message, venue
from tests.courier.conftest import TOKEN, Post, heard

_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class _Studio:
    """Draws one pixel, and counts."""

    def __init__(self, *, works: bool = True) -> None:
        self.drawn = 0
        self.works = works

    async def draw(self, kind: str, data: object, language: str) -> bytes:
        await asyncio.sleep(0.05)
        self.drawn += 1
        if not self.works:
            raise RuntimeError("no paper")
        return _PIXEL


async def test_buttons_and_links(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    buttons = [[button("Sí <b>", "v:1"), button("No", "v:2")], [link("Mapa", "https://x.org/?a=1")]]
    await post.owe(rosa.id, message("¿Va?", buttons))
    await post.settled()
    assert rosa.buttons() == ["Sí <b>", "No", "Mapa"]
    assert rosa.last.rows[0][0]["callback_data"] == "v:1"
    assert rosa.last.rows[1][0]["url"] == "https://x.org/?a=1"


async def test_keys_appear_and_go(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    keys = [[{"label": "Enviar ubicación", "asks": "location"}], [{"label": "Cancelar"}]]
    await post.owe(rosa.id, message("¿Dónde?", keys=keys))
    await post.settled()
    assert rosa.keys() == ["Enviar ubicación", "Cancelar"]
    shown = rosa.chat.keyboards[rosa.id]
    assert shown["keyboard"][0][0]["request_location"] is True
    assert (shown["one_time_keyboard"], shown["resize_keyboard"]) == (True, True)
    await post.owe(rosa.id, message("Gracias", clear_keys=True))
    await post.settled()
    assert rosa.keys() == []


async def test_files_by_their_id(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    photo = rosa.sends_photo().data["photo"][-1]["file_id"]
    voice = rosa.sends_voice(3).data["voice"]["file_id"]
    document = rosa.sends_document("acta.pdf").data["document"]["file_id"]
    await post.owe(rosa.id, message("foto <1>", [[button("a", "b")]], photo=photo))
    await post.owe(rosa.id, message("voz", voice=voice))
    await post.owe(rosa.id, message("acta", document=document))
    await post.owe(rosa.id, album([photo, photo], "dos"))
    await post.owe(rosa.id, venue(4.6, -74.1, "Salón & patio", "Calle 3"))
    await post.settled()
    assert post.courier.stats["failed"] == 0
    told = [s for s in rosa.inbox if s.data.get("from", {}).get("is_bot")]
    assert [s.kind for s in told] == ["photo", "voice", "document", "photo", "photo", "venue"]
    assert told[0].text == "foto <1>"
    assert told[0].buttons == ["a"]
    assert told[3].data["media_group_id"] == told[4].data["media_group_id"]
    assert told[5].data["venue"]["title"] == "Salón & patio"


async def test_a_picture_is_drawn_once_and_uploaded_once(idle_post: Post, sim: Simulator) -> None:
    studio = _Studio()
    courier = idle_post.another(studio=studio)
    await courier.start()
    people = [sim.person(f"P{n}") for n in range(4)]
    picture = {"kind": "vote_result", "data": {"question": "¿Qué?", "n": 1}}
    for someone in people:
        someone.starts()
        await idle_post.owe(someone.id, message("Resultado", picture=picture))
    await idle_post.settled()
    assert studio.drawn == 1
    assert len({p.last.data["photo"][-1]["file_id"] for p in people}) == 1
    assert all(p.last.text == "Resultado" for p in people)


async def test_a_picture_that_cannot_be_drawn_leaves_as_words(
    idle_post: Post, sim: Simulator
) -> None:
    courier = idle_post.another(studio=_Studio(works=False))
    await courier.start()
    rosa = sim.person("Rosa")
    rosa.starts()
    number = await idle_post.owe(rosa.id, message("Resultado", picture={"kind": "x", "data": {}}))
    await idle_post.settled()
    assert heard(rosa) == ["Resultado"]
    assert idle_post.state(number) == "sent"


async def test_a_file_is_made_and_leaves_as_a_document(idle_post: Post, sim: Simulator) -> None:
    press = Studio(worker="papers.worker")
    courier = idle_post.another(press=press)
    await courier.start()
    rosa = sim.person("Rosa")
    rosa.starts()
    data = {"about": {"key": "⬅️ Menu"}, "content": {"nombre": "Ñ"}}
    await idle_post.owe(
        rosa.id,
        message(
            "Aquí <está>",
            [[button("a", "b")]],
            file={"kind": "json", "name": 'mis "datos" ñ.json', "data": data},
        ),
    )
    await idle_post.settled(30.0)
    await press.close()
    assert rosa.last.kind == "document"
    assert rosa.last.text == "Aquí <está>"
    assert rosa.last.buttons == ["a"]
    document = rosa.last.data["document"]
    assert document["file_name"] == 'mis "datos" ñ.json'
    content = sim.world.files.get(document["file_id"]).content
    assert json.loads(content)["nombre"] == "Ñ"


async def test_a_file_that_cannot_be_made_is_not_announced(idle_post: Post, sim: Simulator) -> None:
    courier = idle_post.another()
    await courier.start()
    rosa = sim.person("Rosa")
    rosa.starts()
    number = await idle_post.owe(
        rosa.id, message("Aquí está", file={"kind": "x", "name": "x", "data": {}})
    )
    await idle_post.settled()
    (told,) = heard(rosa)
    assert told != "Aquí está"
    assert idle_post.state(number) == "sent"


async def test_a_caption_is_edited_where_a_text_is_not(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    photo = rosa.sends_photo().data["photo"][-1]["file_id"]
    number = await post.owe(rosa.id, message("uno", photo=photo))
    await post.settled()
    await post.do(lambda turn: turn.replace(rosa.id, number, message("dos")))
    await post.settled()
    assert heard(rosa) == ["dos"]


async def test_buttons_are_taken_off(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    await post.owe(rosa.id, message("¿Va?", [[button("Sí", "y")]]))
    await post.settled()
    for _ in range(2):
        number = await post.owe(rosa.id, {"kind": "strip", "message_id": rosa.last.id})
    gone = await post.owe(rosa.id, {"kind": "strip", "message_id": 4711})
    await post.settled()
    assert rosa.buttons() == []
    assert (post.state(number), post.state(gone)) == ("sent", "sent")


async def test_taps_are_answered_without_a_row(post: Post, sim: Simulator) -> None:
    rosa = sim.person("Rosa")
    rosa.starts()
    await post.owe(rosa.id, message("¿Va?", [[button("Sí", "y")]]))
    await post.settled()
    rosa.taps("Sí")
    async with Bot(TOKEN, base_url=f"{sim.url}/bot") as listener:
        updates = await listener.get_updates(timeout=1)
    query = next(u.callback_query.id for u in updates if u.callback_query)
    await post.courier.answer_tap(query, "á" * 300, False, "es")
    await post.courier.answer_tap("no such query", None, False, "es")
    await post.until(lambda: rosa.toasts)
    assert rosa.toasts == ["á" * 199 + "…"]


async def test_the_menu_of_commands_is_told_in_every_language(post: Post, sim: Simulator) -> None:
    assert await post.courier.set_commands(
        [("start", {"names": {"es": "Empezar", "en": "Begin", "pt_BR": "Começar"}})]
    )
    bot = sim.world.bots[int(TOKEN.partition(":")[0])]
    assert {code for (_, code) in bot.commands} == {"", "es", "en", "pt"}
