"""Files, albums, places, contacts and the rest of what is sent besides text."""

from __future__ import annotations

import pytest

from simulator import ActError, Person, Simulator
from simulator.samples import SAMPLES, picture, size_of, tone
from tests.simulator.conftest import TOKEN, Api


async def test_a_photo_has_several_sizes_and_can_be_downloaded(
    api: Api, sim: Simulator, rosa: Person
) -> None:
    """https://core.telegram.org/bots/api#photosize, #getfile, #file"""
    content = picture("pothole", 0, 1600)
    rosa.sends_photo(content=content, caption="hueco")
    message = (await api.updates(offset=-1))[0]["message"]
    sizes = message["photo"]
    assert [size["width"] for size in sizes] == [90, 320, 800, 1280]
    assert len({size["file_unique_id"] for size in sizes}) == 4
    assert message["caption"] == "hueco"
    file = await api.ok("getFile", file_id=sizes[-1]["file_id"])
    async with api.session.get(f"{sim.url}/file/bot{TOKEN}/{file['file_path']}") as response:
        assert await response.read() == content
    async with api.session.get(f"{sim.url}/file/bot9:x/{file['file_path']}") as response:
        assert response.status == 401
    async with api.session.get(f"{sim.url}/file/bot{TOKEN}/photos/none.png") as response:
        assert response.status == 404


async def test_the_same_picture_keeps_its_unique_id(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#photosize (file_unique_id is the same over time)"""
    one = rosa.sends_photo().data["photo"][-1]
    two = rosa.sends_photo().data["photo"][-1]
    assert one["file_id"] != two["file_id"]
    assert one["file_unique_id"] == two["file_unique_id"]


async def test_files_over_20_mb_cannot_be_downloaded(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#getfile (up to 20 MB)"""
    large = rosa.sends_document("obra.pdf", size=30 * 1024 * 1024).data["document"]
    assert large["file_size"] == 30 * 1024 * 1024
    assert (
        await api.refused("getFile", file_id=large["file_id"]) == "400 Bad Request: file is too big"
    )
    assert await api.refused("getFile", file_id="x") == "400 Bad Request: invalid file_id"


async def test_uploads_and_reuse_by_file_id(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sending-files"""
    body = await api.form(
        "sendPhoto", chat_id=str(rosa.id), photo=("leak.png", picture("leak")), caption="aquí"
    )
    sizes = body["result"]["photo"]
    assert rosa.last.text == "aquí"
    again = await api.ok("sendPhoto", chat_id=rosa.id, photo=sizes[0]["file_id"])
    assert again["photo"] == sizes
    body = await api.form("sendDocument", chat_id=str(rosa.id), document=("acta.txt", b"acta"))
    document = body["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("acta.txt", 4)
    body = await api.form("sendVoice", chat_id=str(rosa.id), voice=("v.ogg", tone(1)), duration="1")
    assert body["result"]["voice"]["duration"] == 1


async def test_uploads_that_are_refused(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sending-files"""
    chat = str(rosa.id)

    async def photo(content: bytes) -> str:
        body = await api.form("sendPhoto", chat_id=chat, photo=("a.png", content))
        return str(body["description"])

    assert await photo(b"") == "Bad Request: file must be non-empty"
    assert await photo(b"GIF nonsense") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert "too big for a photo" in await photo(bytes(10 * 1024 * 1024 + 1))
    body = await api.form("sendDocument", chat_id=chat, document=("a", bytes(51 * 1024 * 1024)))
    assert (body["error_code"], body["description"]) == (413, "Request Entity Too Large")
    document = rosa.sends_document().data["document"]["file_id"]
    assert "can't use file of type Document as Photo" in await api.refused(
        "sendPhoto", chat_id=rosa.id, photo=document
    )
    assert "wrong remote file identifier" in await api.refused(
        "sendPhoto", chat_id=rosa.id, photo="nothing"
    )
    assert (await api.refused("sendPhoto", chat_id=rosa.id, photo="https://e.org/a.png"))[
        :3
    ] == "501"


async def test_an_album(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#sendmediagroup (2-10 items)"""
    photo = rosa.sends_photo().data["photo"][-1]["file_id"]
    media = [{"type": "photo", "media": photo, "caption": str(n)} for n in range(3)]
    sent = await api.ok("sendMediaGroup", chat_id=rosa.id, media=media)
    assert [m["caption"] for m in sent] == ["0", "1", "2"]
    assert len({m["media_group_id"] for m in sent}) == 1
    for count in (1, 11):
        assert "must be 2-10" in await api.refused(
            "sendMediaGroup", chat_id=rosa.id, media=media[:1] * count
        )
    mixed = [media[0], {"type": "document", "media": photo}]
    assert "can't be mixed" in await api.refused("sendMediaGroup", chat_id=rosa.id, media=mixed)
    body = await api.form(
        "sendMediaGroup", chat_id=str(rosa.id), one=("a.png", picture("tree")),
        media=[{"type": "photo", "media": "attach://one"}, {"type": "photo", "media": photo}],
    )  # fmt: skip
    assert body["ok"], body


async def test_people_send_albums(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#message (media_group_id)"""
    rosa.sends_photo(3, "tres")
    messages = [u["message"] for u in (await api.updates())[1:]]
    assert len(messages) == 3
    assert len({m["media_group_id"] for m in messages}) == 1
    assert [m.get("caption") for m in messages] == ["tres", None, None]
    with pytest.raises(ActError):
        rosa.sends_photo(11)


async def test_places(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#location, #sendvenue"""
    rosa.shares_place(4.6, -74.08)
    live = rosa.shares_place(4.6, -74.08, live_period=900)
    rosa.moves(live, 4.61, -74.08)
    rosa.sends_venue(4.6, -74.08, "Plaza", "Calle 1")
    first, second, moved, venue = (await api.updates())[1:]
    assert first["message"]["location"] == {"latitude": 4.6, "longitude": -74.08}
    assert second["message"]["location"]["live_period"] == 900
    assert moved["edited_message"]["location"]["latitude"] == 4.61
    assert venue["message"]["venue"]["title"] == "Plaza"
    sent = await api.ok(
        "sendVenue", chat_id=rosa.id, latitude=4.6, longitude=-74, title="Casa", address="Cra 7"
    )
    assert sent["venue"]["location"] == sent["location"]
    assert (await api.refused("sendLocation", chat_id=rosa.id, latitude=91, longitude=0))[
        :3
    ] == "400"
    with pytest.raises(ActError):
        rosa.shares_place(95, 0)


async def test_voice_documents_stickers_and_contacts(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#voice, #document, #sticker, #contact"""
    rosa.sends_voice(7)
    rosa.sends_document("acta.pdf", caption="el acta")
    rosa.sends_sticker("🎉")
    rosa.sends_contact()
    voice, document, sticker, contact = [u["message"] for u in (await api.updates())[1:]]
    assert voice["voice"]["duration"] == 7
    assert document["document"]["mime_type"] == "application/pdf"
    assert document["caption"] == "el acta"
    assert sticker["sticker"]["emoji"] == "🎉"
    assert contact["contact"]["first_name"] == "Rosa"
    again = await api.ok("sendVoice", chat_id=rosa.id, voice=voice["voice"]["file_id"])
    assert again["voice"]["duration"] == 7
    sent = await api.ok("sendContact", chat_id=rosa.id, phone_number="123", first_name="Alcaldía")
    assert sent["contact"]["phone_number"] == "123"


async def test_a_photo_is_replaced_by_another(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#update (edited_message: "New version of a message that is
    known to the bot and was edited")
    """
    rosa.sends_photo(caption="Antes")
    sent = (await api.updates())[-1]["message"]
    rosa.edits(sent["message_id"], content=picture("leak"))
    edited = (await api.updates())[-1]["edited_message"]
    assert edited["message_id"] == sent["message_id"] and edited["caption"] == "Antes"
    assert edited["photo"][-1]["file_unique_id"] != sent["photo"][-1]["file_unique_id"]
    told = rosa.says("hola")
    with pytest.raises(ActError):
        rosa.edits(told, content=picture("leak"))


async def test_an_album_forwarded_is_an_album_still(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#forwardmessages ("Album grouping is kept for forwarded
    messages"), https://core.telegram.org/bots/api#messageorigin
    """
    ana = sim.person("Ana")
    family = sim.group("Familia", [ana, rosa], bot=False)
    ana.at(family).sends_photo(3, caption="Miren")
    theirs = [seen for seen in rosa.at(family).inbox if seen.kind == "photo"]
    rosa.forwards(theirs, from_chat=family.key)
    rosa.forwards(theirs[0], from_chat=family.key)
    *album, alone = [u["message"] for u in await api.updates() if "photo" in u.get("message", {})]
    assert len(album) == 3 and len({one["media_group_id"] for one in album}) == 1
    assert album[0]["media_group_id"] != theirs[0].data["media_group_id"]
    assert "media_group_id" not in alone
    assert {one["forward_origin"]["sender_user"]["first_name"] for one in album} == {"Ana"}
    assert album[0]["caption"] == "Miren"
    numbers = [one["message_id"] for one in album]
    # The bot's own way does the same.
    for method in ("forwardMessages", "copyMessages"):
        await api.ok(method, chat_id=rosa.id, from_chat_id=rosa.id, message_ids=numbers)
        again = rosa.inbox[-3:]
        assert len({seen.data["media_group_id"] for seen in again}) == 1


async def test_long_words_are_split_as_telegrams_apps_do(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#message (text: up to 4096 UTF-8 characters)"""
    rosa.says("a" * 5000)
    assert [len(u["message"]["text"]) for u in (await api.updates())[1:]] == [4096, 904]


def test_samples_are_pictures_and_sound() -> None:
    """https://core.telegram.org/bots/api#sendphoto"""
    for name in SAMPLES:
        assert size_of(picture(name)) == (640, 480)
    assert len({picture(name) for name in SAMPLES}) == len(SAMPLES)
    assert picture("pothole", 1) != picture("pothole", 2)
    assert tone(2)[:4] == b"RIFF"
    assert size_of(b"no picture") is None
    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x10" + bytes(14) + b"\xff\xc0\x00\x11\x08\x01\xe0\x02\x80" + bytes(9)
    )
    assert size_of(jpeg) == (640, 480)
