"""What a record holds where an answer is more than a word or a number."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees (with the name of the venue, if it had one), or words. `outside`: the
    person kept it although it lies outside the territory."""

    latitude: float | None = None
    longitude: float | None = None
    label: str | None = None
    words: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo; `kind` is "document" if it was sent as a file, and must be sent so again."""

    file_id: str
    unique_id: str
    kind: str = "photo"


@dataclass(frozen=True, slots=True)
class Recording:
    """A voice note, its length in seconds, and what was written with it."""

    voice: str
    unique_id: str
    seconds: int
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file, its size in bytes."""

    file_id: str
    unique_id: str
    name: str
    size: int
    mime: str
