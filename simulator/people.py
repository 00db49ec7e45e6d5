"""Who there is: people and bots, and the User object each shows to others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""Whom an anonymous administrator's message comes from."""

_COLOURS = ("#2f6f8f", "#8a5a2b", "#4f7a3a", "#7a4a7d", "#a0483f", "#3d5aa0", "#6b6b2a", "#256b60")


@dataclass(slots=True)
class User:
    """A person with a Telegram account."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str | None = "es"
    deactivated: bool = False
    color: str = ""
    face: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.color = self.color or _COLOURS[self.id % len(_COLOURS)]
        self.refresh()

    def refresh(self) -> None:
        """Make the User object anew; to be called after a change. Old ones stay as they were."""
        face: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if value := getattr(self, key):
                face[key] = value
        self.face = face

    def as_chat(self) -> Json:
        """The Chat object of the private chat with this person, as a bot sees it."""
        return {
            key: value
            for key, value in (*self.face.items(), ("type", "private"))
            if key not in ("is_bot", "language_code")
        }


@dataclass(slots=True)
class Bot:
    """A bot's account: who it is and what it says about itself, by language ("" for all)."""

    id: int
    token: str = field(repr=False)
    username: str
    first_name: str
    reads_groups: bool = False
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    last_message_id: int = 0
    seen: set[int] = field(default_factory=set)
    """People whose id the bot knows though they never started it."""

    @property
    def face(self) -> Json:
        """The User object others see."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }

    def me(self) -> Json:
        """What getMe answers."""
        return {
            **self.face,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
