"""What is in a letter: plain JSON of phrases, buttons and file ids, ready for any language.

The courier renders it when it leaves. Shapes by `kind`:
  message      {text, buttons?, keys?, clear_keys?, photo? | picture? | voice? | document? | file?,
                silent?, reply_to?, menu?}
  album        {photos: [file_id, ...] (2 to 10), text?}         no buttons: Telegram allows none
  venue        {latitude, longitude, title: phrase, address: phrase}
  edit         {text, buttons?, or_nothing?} of the message named by the letter's `edits`, or by
                message_id
  strip        take the buttons off the message named likewise
  invite_link  ask Telegram for a personal link into `group` for `person`; the answer returns
               through the inbox as kind "answer", with `about` given back
  member       ask Telegram how `person` stands in `group`; answered likewise
  approve_join let `person`, who asks to enter, into the Telegram group `group`; only a refusal
               returns, in the same way
A picture is {"kind": ..., "data": {...}}: drawn by the courier's studio just before it leaves.
A file is {"kind": json | csv | xlsx | geojson, "name": phrase, "data": {...}}: made likewise, and
sent as a document of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from flows.phrase import Phrase

Parcel: TypeAlias = dict[str, Any]
Buttons: TypeAlias = list[list[dict[str, Any]]]


def button(label: Phrase, data: str) -> dict[str, Any]:
    """An inline button that taps; data is at most 64 bytes (Telegram's limit)."""
    if not 1 <= len(data.encode()) <= 64:
        raise ValueError("callback data must be 1 to 64 bytes")
    return {"label": label, "data": data}


def link(label: Phrase, url: str) -> dict[str, Any]:
    """An inline button that opens an address."""
    return {"label": label, "url": url}


def message(
    text: Phrase,
    buttons: Buttons | None = None,
    *,
    keys: Buttons | None = None,
    clear_keys: bool = False,
    photo: str | None = None,
    picture: Parcel | None = None,
    voice: str | None = None,
    document: str | None = None,
    file: Parcel | None = None,
) -> Parcel:
    """A message with at most one attachment; `keys` is a one-time reply keyboard."""
    parcel: Parcel = {"kind": "message", "text": text}
    for name, value in (
        ("buttons", buttons),
        ("keys", keys),
        ("photo", photo),
        ("picture", picture),
        ("voice", voice),
        ("document", document),
        ("file", file),
    ):
        if value:
            parcel[name] = value
    if clear_keys:
        parcel["clear_keys"] = True
    return parcel


def album(photos: Sequence[str], text: Phrase | None = None) -> Parcel:
    """Two to ten photos by file id; Telegram allows an album no buttons."""
    if not 2 <= len(photos) <= 10:
        raise ValueError("an album has 2 to 10 photos")
    return {"kind": "album", "photos": list(photos)} | ({"text": text} if text else {})


def venue(latitude: float, longitude: float, title: Phrase, address: Phrase) -> Parcel:
    """A place on the map with its name."""
    return {
        "kind": "venue",
        "latitude": latitude,
        "longitude": longitude,
        "title": title,
        "address": address,
    }


def invite_link(group: int, person: int, about: dict[str, Any]) -> Parcel:
    """A single-use link into the Telegram group `group`, asked of Telegram for `person`."""
    return {"kind": "invite_link", "group": group, "person": person, "about": about}


def member(group: int, person: int, about: dict[str, Any]) -> Parcel:
    """How `person` stands in the Telegram group `group`, asked of Telegram."""
    return {"kind": "member", "group": group, "person": person, "about": about}


def approve_join(group: int, person: int, about: dict[str, Any]) -> Parcel:
    """Let `person` into the Telegram group `group`, which they have asked to enter."""
    return {"kind": "approve_join", "group": group, "person": person, "about": about}


def as_edit(parcel: Parcel, message_id: int | None = None, *, or_nothing: bool = False) -> Parcel:
    """The same content as an edit of a message that stands already.

    Where that message is gone a new one takes its place, or nothing does.
    """
    edit = {k: v for k, v in parcel.items() if k in ("text", "buttons")}
    edit["kind"] = "edit"
    if message_id is not None:
        edit["message_id"] = message_id
    if or_nothing:
        edit["or_nothing"] = True
    return edit
