"""Editing, deleting, copying and forwarding: what may be, and Telegram's words when it may not."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import ActError, Person, Simulator
from tests.simulator.conftest import Api

SAME = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
KEYS: dict[str, Any] = {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]]}


async def test_a_text_is_edited_in_place(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#editmessagetext"""
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="1", reply_markup=KEYS)
    where = {"chat_id": rosa.id, "message_id": sent["message_id"]}
    edited = await api.ok("editMessageText", **where, text="<i>2</i>", parse_mode="HTML")
    assert edited["text"] == "2"
    assert edited["entities"][0]["type"] == "italic"
    assert "reply_markup" not in edited
    assert edited["edit_date"]
    assert rosa.last.text == "2"
    assert len(rosa.inbox) == 2


async def test_an_edit_that_changes_nothing_is_refused(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#editmessagetext"""
    sent = await api.ok(
        "sendMessage", chat_id=rosa.id, text="<b>1</b>", parse_mode="HTML", reply_markup=KEYS
    )
    where = {"chat_id": rosa.id, "message_id": sent["message_id"]}
    same = {**where, "text": "<b>1</b>", "parse_mode": "HTML", "reply_markup": KEYS}
    assert await api.refused("editMessageText", **same) == SAME
    assert await api.refused("editMessageReplyMarkup", **where, reply_markup=KEYS) == SAME
    assert api.sim.violations == [], "an edit repeated after a crash is nobody's fault"
    await api.ok("editMessageText", **{**same, "text": "1"})
    await api.ok("editMessageReplyMarkup", **where)
    assert await api.refused("editMessageReplyMarkup", **where) == SAME


async def test_what_cannot_be_edited(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#updating-messages

    Only messages without reply_markup or with inline keyboards can be edited.
    """
    mine = rosa.says("hola")
    plain = await api.ok("sendMessage", chat_id=rosa.id, text="x")
    keyboard = await api.ok(
        "sendMessage", chat_id=rosa.id, text="x", reply_markup={"keyboard": [["a"]]}
    )
    removing = await api.ok(
        "sendMessage", chat_id=rosa.id, text="x", reply_markup={"remove_keyboard": True}
    )
    place = await api.ok("sendLocation", chat_id=rosa.id, latitude=1, longitude=1)

    async def edit(number: int, **more: Any) -> str:
        params = {"chat_id": rosa.id, "message_id": number, "text": "y", **more}
        return await api.refused("editMessageText", **params)

    assert await edit(mine.id) == "400 Bad Request: message can't be edited"
    assert await edit(keyboard["message_id"]) == "400 Bad Request: message can't be edited"
    assert await edit(removing["message_id"]) == "400 Bad Request: message can't be edited"
    assert await edit(999) == "400 Bad Request: message to edit not found"
    assert (
        await edit(place["message_id"])
        == "400 Bad Request: there is no text in the message to edit"
    )
    assert (
        await edit(plain["message_id"], reply_markup={"keyboard": [["a"]]})
        == "400 Bad Request: inline keyboard expected"
    )
    assert await edit(plain["message_id"], text=" ") == "400 Bad Request: message text is empty"
    assert (
        await edit(plain["message_id"], text="a" * 4097) == "400 Bad Request: message is too long"
    )
    assert await edit(plain["message_id"], chat_id=5) == "400 Bad Request: chat not found"
    assert (
        await api.refused(
            "editMessageCaption", chat_id=rosa.id, message_id=plain["message_id"], caption="c"
        )
        == "400 Bad Request: there is no caption in the message to edit"
    )


async def test_captions_and_media_are_edited(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    one = rosa.sends_photo().data["photo"][-1]["file_id"]
    two = rosa.sends_photo(sample="leak").data["photo"][-1]["file_id"]
    sent = await api.ok("sendPhoto", chat_id=rosa.id, photo=one, caption="1")
    where = {"chat_id": rosa.id, "message_id": sent["message_id"]}
    assert (await api.ok("editMessageCaption", **where, caption="2"))["caption"] == "2"
    media = {"type": "photo", "media": two, "caption": "3"}
    edited = await api.ok("editMessageMedia", **where, media=media)
    assert edited["photo"][-1]["file_id"] == two
    assert edited["caption"] == "3"


async def test_deleting(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#deletemessage (sent less than 48 hours ago)"""
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="x")
    where = {"chat_id": rosa.id, "message_id": sent["message_id"]}
    await api.ok("deleteMessage", **where)
    gone = "400 Bad Request: message to delete not found"
    assert await api.refused("deleteMessage", **where) == gone
    assert "x" not in [seen.text for seen in rosa.inbox]
    old = await api.ok("sendMessage", chat_id=rosa.id, text="old")
    sim.clock.jump(49 * 3600)
    assert (
        await api.refused("deleteMessage", chat_id=rosa.id, message_id=old["message_id"])
        == "400 Bad Request: message can't be deleted for everyone"
    )
    new = [await api.ok("sendMessage", chat_id=rosa.id, text=t) for t in "ab"]
    numbers = [m["message_id"] for m in new]
    await api.ok("deleteMessages", chat_id=rosa.id, message_ids=[*numbers, 777])
    assert rosa.last.text == "old"


async def test_copying_and_forwarding(api: Api, sim: Simulator, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#copymessage, #forwardmessage, #messageorigin"""
    juan = sim.person("Juan")
    juan.starts()
    said = rosa.sends_photo(caption="mira")
    common = {"chat_id": juan.id, "from_chat_id": rosa.id, "message_id": said.id}
    copy = await api.ok("copyMessage", **common, caption="<b>copia</b>", parse_mode="HTML")
    assert set(copy) == {"message_id"}
    assert juan.last.text == "copia"
    assert "forward_origin" not in juan.last.data
    forwarded = await api.ok("forwardMessage", **common)
    origin = forwarded["forward_origin"]
    assert (origin["type"], origin["sender_user"]["id"]) == ("user", rosa.id)
    assert forwarded["caption"] == "mira"
    missing = {**common, "message_id": 888}
    assert (
        await api.refused("copyMessage", **missing) == "400 Bad Request: message to copy not found"
    )
    closed = await api.ok("sendMessage", chat_id=rosa.id, text="no", protect_content=True)
    assert closed["has_protected_content"] is True
    assert "can't be forwarded" in await api.refused(
        "forwardMessage", **{**common, "message_id": closed["message_id"]}
    )


async def test_pins_and_reactions(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#pinchatmessage, #setmessagereaction"""
    said = rosa.says("importante")
    where = {"chat_id": rosa.id, "message_id": said.id}
    await api.ok("pinChatMessage", **where)
    assert (await api.ok("getChat", chat_id=rosa.id))["pinned_message"]["text"] == "importante"
    await api.ok("unpinChatMessage", chat_id=rosa.id)
    assert "pinned_message" not in await api.ok("getChat", chat_id=rosa.id)
    like = {"type": "emoji", "emoji": "👍"}
    await api.ok("setMessageReaction", **where, reaction=[like])
    assert (
        await api.refused("setMessageReaction", **where, reaction=[like, like])
        == "400 Bad Request: REACTIONS_TOO_MANY"
    )


async def test_people_edit_what_they_said(api: Api, rosa: Person) -> None:
    """https://core.telegram.org/bots/api#update (edited_message)"""
    said = rosa.says("hola")
    rosa.edits(said, "adiós")
    update = (await api.updates(offset=-1))[0]
    assert update["edited_message"]["message_id"] == said.id
    assert update["edited_message"]["text"] == "adiós"
    sent = await api.ok("sendMessage", chat_id=rosa.id, text="x")
    with pytest.raises(ActError, match="one's own"):
        rosa.edits(sent["message_id"], "y")
    with pytest.raises(ActError, match="empty"):
        rosa.edits(said, " ")
