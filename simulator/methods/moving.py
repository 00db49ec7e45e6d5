"""Methods that repeat a message elsewhere, and the file a bot asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.chats import Group, Private, Stored
from simulator.errors import bad
from simulator.files import MOST_DOWNLOAD
from simulator.methods.registry import Call, method
from simulator.methods.sending import deliver, read_caption
from simulator.privacy import SERVICE

Json = dict[str, Any]

CONTENT = (
    "text", "entities", "photo", "voice", "document", "sticker", "contact", "location", "venue",
    "caption", "caption_entities", "link_preview_options", "show_caption_above_media",
)  # fmt: skip


def content_of(data: Json) -> Json:
    """What a message says, without where and when."""
    return {key: data[key] for key in CONTENT if key in data}


def origin_of(stored: Stored) -> Json:
    """Where a message first came from, for whom it is forwarded to."""
    data = stored.data
    if "forward_origin" in data:
        origin = data["forward_origin"]
        assert isinstance(origin, dict)
        return origin
    if "sender_chat" in data:
        return {"type": "chat", "sender_chat": data["sender_chat"], "date": data["date"]}
    return {"type": "user", "sender_user": data["from"], "date": data["date"]}


def together(found: Sequence[Stored], number: int) -> list[Json]:
    """{"media_group_id"?} of each of several messages that go on at once: what was of one album
    stays of one. `number` is the world's own, so that the album is a new one."""
    albums = [stored.data.get("media_group_id") for stored in found]
    return [
        {"media_group_id": f"{15_000_000_000_000 + number}{albums.index(album):03}"}
        if album is not None and albums.count(album) > 1
        else {}
        for album in albums
    ]


def _source(call: Call, number: int, doing: str) -> tuple[Private | Group, Stored]:
    chat = call.chat("from_chat_id", write=False)
    stored = chat.messages.get(number)
    if stored is None or stored.deleted:
        raise bad(f"message to {doing} not found")
    if any(key in stored.data for key in SERVICE):
        raise bad(f"message can't be {'copied' if doing == 'copy' else 'forwarded'}")
    if stored.protected:
        raise bad(f"message can't be {'copied' if doing == 'copy' else 'forwarded'}")
    return chat, stored


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#copymessage"""
    chat = call.chat()
    _, stored = _source(call, call.params["message_id"], "copy")
    content = content_of(stored.data)
    if "poll" in stored.data:
        from simulator.errors import missing

        raise missing("copying a poll")
    if "caption" in call.params and "text" not in content:
        for key in ("caption", "caption_entities", "show_caption_above_media"):
            content.pop(key, None)
        content.update(read_caption(call))
    return {"message_id": deliver(call, chat, content).id}


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#copymessages"""
    return [{"message_id": stored.id} for stored in _many(call, "copy")]


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#forwardmessages"""
    return [{"message_id": stored.id} for stored in _many(call, "forward")]


def _many(call: Call, doing: str) -> list[Stored]:
    chat = call.chat()
    source = call.chat("from_chat_id", write=False)
    sent: list[Stored] = []
    numbers = call.params["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad("there are too many or no message identifiers specified")
    found = [
        stored
        for stored in map(source.messages.get, numbers)
        if stored is not None and not stored.deleted and not stored.protected
    ]
    for stored, album in zip(found, together(found, call.world.events.seq), strict=True):
        content = content_of(stored.data)
        if not content:
            continue
        content |= album
        if doing == "forward":
            content["forward_origin"] = origin_of(stored)
        sent.append(deliver(call, chat, content))
    if not sent:
        raise bad(f"there are no messages to {doing}")
    return sent


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#forwardmessage"""
    chat = call.chat()
    _, stored = _source(call, call.params["message_id"], "forward")
    content = {**content_of(stored.data), "forward_origin": origin_of(stored)}
    if "poll" in stored.data:
        content["poll"] = stored.data["poll"]
    return deliver(call, chat, content).data


@method("getFile")
def get_file(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    file = call.world.files.find(call.params["file_id"])
    if file is None:
        raise bad("invalid file_id")
    if file.size > MOST_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }
