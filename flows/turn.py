"""What a turn leaves behind: the new state, what to say, and whether the conversation ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from flows.phrase import Phrase

# Telegram takes 64 bytes in a button; the handler's prefix lives in what is left.
LONGEST_TOKEN = 40


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `token` (ASCII, at most LONGEST_TOKEN bytes) or `url`."""

    label: Phrase
    token: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the reply keyboard: sends its label as text, or what it `asks` for."""

    label: Phrase
    asks: Literal["location", "contact"] | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """One to ten photos (Telegram file ids), and the caption they go out under."""

    photos: tuple[str, ...]
    caption: Phrase


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `replaces`: put it in place of this conversation's previous message.

    `keys` is a reply keyboard (a message has buttons or keys, never both); `clears_keys`
    takes the reply keyboard away, so that message has no buttons. `pictures` go out before it.
    """

    text: Phrase
    buttons: list[list[Button]] = field(default_factory=list)
    keys: list[list[Key]] | None = None
    replaces: bool = False
    clears_keys: bool = False
    pictures: Pictures | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The person sent it: `answers` is plain JSON, `record` an instance of the declared class."""

    flow: str
    answers: dict[str, Any]
    record: Any


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The person discarded it."""

    flow: str


Outcome: TypeAlias = Finished | Cancelled


@dataclass(frozen=True, slots=True)
class Turn:
    """`state` is plain JSON, None when the conversation ended. No messages and no toast
    is a deliberate quiet (a double tap, a live location that moved)."""

    state: dict[str, Any] | None
    messages: list[Message] = field(default_factory=list)
    toast: Phrase | None = None
    outcome: Outcome | None = None
