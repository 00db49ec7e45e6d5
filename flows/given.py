"""What a person did, free of Telegram: one frozen value a gesture, and nothing that decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button. `token` is the text the engine put in it."""

    token: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text message; the keys of a reply keyboard arrive like this too."""

    text: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Located:
    """A shared location or venue, in degrees. `live` marks one that will go on moving."""

    latitude: float
    longitude: float
    message_id: int
    live: bool = False
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo, in its largest size. Those sent together share `album`."""

    file_id: str
    unique_id: str
    message_id: int
    album: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note, its length in seconds."""

    file_id: str
    unique_id: str
    seconds: int
    message_id: int
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file, its size in bytes."""

    file_id: str
    unique_id: str
    name: str
    size: int
    mime: str
    message_id: int
    album: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else: sticker, contact, video, poll, dice... Never an answer."""

    kind: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited message: what it says now, under the number it always had."""

    given: Typed | Located | Photo | Voice | Document | Other


@dataclass(frozen=True, slots=True)
class Go:
    """A command that moves within the conversation."""

    where: Literal["cancel", "back", "skip", "resume"]


Content: TypeAlias = Typed | Located | Photo | Voice | Document | Other
Given: TypeAlias = Tap | Content | Edited | Go
