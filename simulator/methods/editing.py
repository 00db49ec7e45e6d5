"""Methods that change or remove a message of the bot's own."""

from __future__ import annotations

from typing import Any

from simulator.chats import Group, Private, Stored
from simulator.errors import bad, missing
from simulator.markup import is_inline
from simulator.methods.registry import Call, method
from simulator.methods.sending import read_caption, read_text, shown

Json = dict[str, Any]

DELETABLE_FOR = 48 * 3600
"""Seconds of town time for which a message can be deleted."""

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


def own(call: Call) -> tuple[Private | Group, Stored]:
    """The chat and the message to edit; ApiError when it is not the bot's to edit."""
    if call.params.get("inline_message_id"):
        raise missing("editing an inline message")
    if "chat_id" not in call.params:
        raise bad("chat_id is empty")
    chat = call.chat()
    stored = call.message(chat, "edit")
    if stored.author != call.bot.id or stored.keyboard:
        raise bad("message can't be edited")
    return chat, stored


def edited(call: Call, stored: Stored, content: Json, drop: tuple[str, ...]) -> Json:
    """The new message; the keyboard is replaced by the one given, or goes."""
    markup = call.params.get("reply_markup")
    if markup and not is_inline(markup):
        raise bad("inline keyboard expected")
    data = {key: value for key, value in stored.data.items() if key not in drop}
    data.pop("reply_markup", None)
    data.update(content)
    if markup and any(markup["inline_keyboard"]):
        data["reply_markup"] = shown(call, markup)
    if all(data.get(key) == stored.data.get(key) for key in (data.keys() | stored.data.keys())):
        raise bad(NOT_MODIFIED)
    return data


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagetext"""
    chat, stored = own(call)
    if "text" not in call.params:
        raise bad("message text is empty")
    content = read_text(call, call.params["text"])
    if "text" not in stored.data:
        raise bad("there is no text in the message to edit")
    drop = ("text", "entities", "link_preview_options")
    preview = call.params.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    call.world.change(chat, stored, edited(call, stored, content, drop))
    return stored.data


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagecaption"""
    chat, stored = own(call)
    if not any(kind in stored.data for kind in ("photo", "voice", "document", "video", "audio")):
        raise bad("there is no caption in the message to edit")
    drop = ("caption", "caption_entities", "show_caption_above_media")
    call.world.change(chat, stored, edited(call, stored, read_caption(call), drop))
    return stored.data


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagereplymarkup"""
    chat, stored = own(call)
    call.world.change(chat, stored, edited(call, stored, {}, ()), date=False)
    return stored.data


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    """https://core.telegram.org/bots/api#editmessagemedia"""
    chat, stored = own(call)
    media = call.params["media"]
    kind = media.get("type")
    if kind not in ("photo", "document"):
        raise missing(f"editing into media of type {kind}")
    if stored.data.get("media_group_id") and kind not in stored.data:
        raise bad("message can't be edited")
    thing = call.world.files.given(kind, media.get("media"), call.files)
    drop = ("photo", "document", "text", "entities", "caption", "caption_entities", "voice",
            "link_preview_options")  # fmt: skip
    content = {kind: thing, **read_caption(call, media)}
    call.world.change(chat, stored, edited(call, stored, content, drop))
    return stored.data


def _may_delete(call: Call, chat: Private | Group, stored: Stored) -> bool:
    if call.world.clock.now() - stored.sent_at > DELETABLE_FOR:
        return False
    if stored.author == call.bot.id or isinstance(chat, Private):
        return True
    return chat.admin(call.bot.id)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessage"""
    chat = call.chat()
    stored = call.message(chat, "delete")
    if not _may_delete(call, chat, stored):
        raise bad("message can't be deleted for everyone")
    call.world.remove(chat, stored)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemessages"""
    chat = call.chat()
    numbers = call.params["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad("there are too many or no message identifiers specified")
    for number in numbers:
        stored = chat.messages.get(number)
        if stored is not None and not stored.deleted and _may_delete(call, chat, stored):
            call.world.remove(chat, stored)
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#pinchatmessage"""
    chat = call.chat()
    stored = call.message(chat, "pin")
    _may_pin(call, chat)
    if stored.id not in chat.pinned:
        chat.pinned.append(stored.id)
        from simulator.methods.sending import shallow

        call.world.post(chat, {"pinned_message": shallow(stored.data)}, bot=call.bot)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """https://core.telegram.org/bots/api#unpinchatmessage"""
    chat = call.chat()
    _may_pin(call, chat)
    number = call.params.get("message_id")
    if number is None:
        number = chat.pinned[-1] if chat.pinned else None
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    return True


@method("unpinAllChatMessages")
def unpin_all(call: Call) -> bool:
    """https://core.telegram.org/bots/api#unpinallchatmessages"""
    chat = call.chat()
    _may_pin(call, chat)
    chat.pinned.clear()
    return True


def _may_pin(call: Call, chat: Private | Group) -> None:
    if isinstance(chat, Group) and not chat.admin(call.bot.id):
        raise bad("not enough rights to manage pinned messages in the chat")


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmessagereaction"""
    chat = call.chat()
    stored = call.message(chat, "react")
    reaction = call.params.get("reaction") or []
    if len(reaction) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(item.get("type") == "paid" for item in reaction):
        raise bad("REACTION_INVALID")
    call.world.events.tell(
        "reaction", people=call.world.viewers(chat), chat=chat.key, message_id=stored.id,
        reaction=reaction,
    )  # fmt: skip
    return True
