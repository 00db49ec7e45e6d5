"""What a bot in privacy mode sees of a group: commands for it, replies to it, what nobody wrote."""

from __future__ import annotations

from typing import Any

from simulator.chats import Group
from simulator.people import Bot

Json = dict[str, Any]

SERVICE = frozenset(
    {
        "new_chat_members", "left_chat_member", "new_chat_title", "group_chat_created",
        "supergroup_chat_created", "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message",
    }
)  # fmt: skip
"""Fields of messages that nobody wrote."""


def concerns(chat: Group, bot: Bot, data: Json) -> bool:
    """Is this message any of that bot's business?"""
    if any(key in data for key in SERVICE):
        return True
    reply = data.get("reply_to_message")
    if reply and reply.get("from", {}).get("id") == bot.id:
        return True
    for entity in data.get("entities", ()):
        if entity["type"] == "bot_command" and entity["offset"] == 0:
            command = data["text"][: entity["length"]]
            _, at, name = command.partition("@")
            if at:
                return bool(name.lower() == bot.username.lower())
            return chat.last_text_bot in (0, bot.id) or bot.id not in chat.present()
    return False
