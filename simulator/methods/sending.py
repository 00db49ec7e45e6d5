"""Methods that put a new message into a chat, with Telegram's limits on what it may hold."""

from __future__ import annotations

from typing import Any

from simulator.chats import Group, Private, Stored
from simulator.entities import formatted, units
from simulator.errors import bad, missing
from simulator.markup import is_inline
from simulator.methods.registry import Call, method

Json = dict[str, Any]

MOST_TEXT = 4096
MOST_CAPTION = 1024


def read_text(call: Call, text: str, mode: str = "parse_mode", given: str = "entities") -> Json:
    """{"text", "entities"?}; ApiError when nothing is left of it or too much."""
    params = call.params
    plain, entities = formatted(text, params.get(mode), params.get(given), known=call.known)
    if not plain:
        raise bad("message text is empty")
    if len(plain) > MOST_TEXT // 2 and units(plain) > MOST_TEXT:
        raise bad("message is too long")
    return {"text": plain, "entities": entities} if entities else {"text": plain}


def read_caption(call: Call, params: Json | None = None) -> Json:
    """{"caption", "caption_entities"?}, empty when there is none."""
    params = call.params if params is None else params
    text = params.get("caption")
    if not text:
        return {}
    plain, entities = formatted(
        text,
        params.get("parse_mode"),
        params.get("caption_entities"),
        known=call.known,
    )
    if units(plain) > MOST_CAPTION:
        raise bad("message caption is too long")
    if not plain:
        return {}
    made: Json = {"caption": plain}
    if entities:
        made["caption_entities"] = entities
    if params.get("show_caption_above_media"):
        made["show_caption_above_media"] = True
    return made


def quoted(call: Call, chat: Private | Group) -> Json:
    """{"reply_to_message"?, "quote"?} for reply_parameters (or the older reply_to_message_id)."""
    reply = call.params.get("reply_parameters")
    if reply is None:
        number = call.params.get("reply_to_message_id")
        if number is None:
            return {}
        reply = {
            "message_id": number,
            "allow_sending_without_reply": call.params.get("allow_sending_without_reply"),
        }
    for name in ("checklist_task_id", "poll_option_id"):
        if reply.get(name):
            raise missing(f"a reply with {name}")
    if reply.get("chat_id") not in (None, chat.id):
        raise missing("a reply to a message of another chat")
    stored = chat.messages.get(int(reply["message_id"]))
    if stored is None or stored.deleted:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    return {"reply_to_message": shallow(stored.data), **_part(call, reply, stored)}


def _part(call: Call, reply: Json, stored: Stored) -> Json:
    """{"quote"?}: the quoted part, which must be in the message. Formatting is not compared."""
    if not reply.get("quote"):
        return {}
    mode, given = reply.get("quote_parse_mode"), reply.get("quote_entities")
    text, entities = formatted(reply["quote"], mode, given, known=call.known)
    whole = str(stored.data.get("text") or stored.data.get("caption") or "")
    if not text or units(text) > MOST_CAPTION or text not in whole:
        raise bad("QUOTE_TEXT_INVALID")
    part: Json = {"text": text, "position": units(whole[: whole.index(text)]), "is_manual": True}
    return {"quote": {**part, "entities": entities} if entities else part}


def shallow(data: Json) -> Json:
    """A message as it is quoted: without what it quotes itself."""
    return {key: value for key, value in data.items() if key not in ("reply_to_message", "quote")}


def deliver(call: Call, chat: Private | Group, content: Json) -> Stored:
    """Send it, with the keyboard and the quote the call asks for."""
    params = call.params
    markup = params.get("reply_markup")
    if "reply_parameters" in params or "reply_to_message_id" in params:
        content = {**quoted(call, chat), **content}
    if params.get("message_thread_id"):
        raise bad("message thread not found")
    inline = is_inline(markup)
    if markup and inline and any(markup["inline_keyboard"]):
        content["reply_markup"] = shown(call, markup)
    stored = call.world.post(
        chat,
        content,
        bot=call.bot,
        keyboard=bool(markup) and not inline,
        protected=bool(params.get("protect_content")),
    )
    if markup and not inline:
        set_keyboard(call, chat, markup, stored)
    return stored


def shown(call: Call, markup: Json) -> Json:
    """An inline keyboard as Telegram gives it back: empty rows gone, URLs completed."""
    rows: list[list[Json]] = []
    for row in markup["inline_keyboard"]:
        if not row:
            continue
        buttons = []
        for button in row:
            url = button.get("url")
            if url is not None and "://" not in url:
                button = {**button, "url": f"http://{url}/"}
            buttons.append(button)
        rows.append(buttons)
    return {"inline_keyboard": rows}


def set_keyboard(call: Call, chat: Private | Group, markup: Json, stored: Stored) -> None:
    """Show, replace or remove the reply keyboard of everybody the message is for."""
    people = call.world.viewers(chat)
    if markup.get("selective"):
        reply = stored.data.get("reply_to_message", {}).get("from", {}).get("id")
        named = {
            entity["user"]["id"]
            for entity in stored.data.get("entities", ())
            if entity["type"] == "text_mention"
        }
        people = [person for person in people if person == reply or person in named]
    for person in people:
        if markup.get("remove_keyboard"):
            if chat.keyboards.pop(person, None) is None:
                continue
        elif "keyboard" in markup:
            chat.keyboards[person] = markup
        else:
            continue
        call.world.events.tell(
            "reply_keyboard",
            person=person,
            chat=chat.key,
            reply_keyboard=chat.keyboards.get(person),
        )


@method("sendMessage")
def send_message(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendmessage"""
    chat = call.chat()
    content = read_text(call, call.params["text"])
    preview = call.params.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return deliver(call, chat, content).data


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendphoto"""
    return _media(call, "photo")


@method("sendVoice")
def send_voice(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendvoice"""
    return _media(call, "voice")


@method("sendDocument")
def send_document(call: Call) -> Json:
    """https://core.telegram.org/bots/api#senddocument"""
    return _media(call, "document")


def _media(call: Call, kind: str) -> Json:
    chat = call.chat()
    caption = read_caption(call)
    media = call.world.files.given(kind, call.params[kind], call.files)
    if kind == "voice" and isinstance(media, dict) and call.params.get("duration"):
        media = {**media, "duration": call.params["duration"]}
    return deliver(call, chat, {kind: media, **caption}).data


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    chat = call.chat()
    media = call.params["media"]
    if not 2 <= len(media) <= 10:
        raise bad(
            "group send failed: must include 2-10 items"
            if not media
            else "Wrong number of messages in the album specified; must be 2-10"
        )
    kinds = {item.get("type") for item in media}
    if len(kinds & {"document", "audio"}) and len(kinds) > 1:
        raise bad("Wrong message type specified: documents and audio can't be mixed with others")
    contents: list[Json] = []
    for item in media:
        kind = item.get("type")
        if kind not in ("photo", "document"):
            raise missing(f"an album item of type {kind}")
        thing = call.world.files.given(kind, item.get("media"), call.files)
        contents.append({kind: thing, **read_caption(call, item)})
    group = str(13_000_000_000_000_000 + call.world.events.seq * 10)
    sent: list[Json] = []
    quote = quoted(call, chat)
    for content in contents:
        stored = call.world.post(
            chat,
            {"media_group_id": group, **quote, **content},
            bot=call.bot,
            protected=bool(call.params.get("protect_content")),
        )
        sent.append(stored.data)
    return sent


def place(call: Call) -> Json:
    """The Location object; ApiError for coordinates that are on no map."""
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("wrong location specified" if latitude else "location is invalid")
    return {"latitude": latitude, "longitude": longitude}


@method("sendLocation")
def send_location(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendlocation"""
    chat = call.chat()
    location = place(call)
    live = call.params.get("live_period")
    if live is not None:
        if not (60 <= live <= 86400 or live == 0x7FFFFFFF):
            raise bad("wrong live location period specified")
        location["live_period"] = live
    return deliver(call, chat, {"location": location}).data


@method("sendVenue")
def send_venue(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendvenue"""
    chat = call.chat()
    location = place(call)
    title, address = call.params["title"], call.params["address"]
    if not title:
        raise bad("VENUE_TITLE_EMPTY")
    venue = {"location": location, "title": title, "address": address}
    return deliver(call, chat, {"location": location, "venue": venue}).data


@method("sendContact")
def send_contact(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendcontact"""
    chat = call.chat()
    params = call.params
    if not params["phone_number"]:
        raise bad("PHONE_NUMBER_EMPTY")
    if not params["first_name"]:
        raise bad("CONTACT_FIRST_NAME_EMPTY")
    contact = {key: params[key] for key in ("phone_number", "first_name")}
    for key in ("last_name", "vcard"):
        if params.get(key):
            contact[key] = params[key]
    return deliver(call, chat, {"contact": contact}).data


ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note",
        "upload_video_note", "record_audio", "upload_audio",
    }
)  # fmt: skip


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """https://core.telegram.org/bots/api#sendchataction"""
    chat = call.chat()
    action = call.params["action"]
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    call.world.events.tell(
        "chat_action", people=call.world.viewers(chat), chat=chat.key, action=action
    )
    return True
