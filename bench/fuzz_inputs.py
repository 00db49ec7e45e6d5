"""What nobody should send: forged buttons, commands and links, and updates that are malformed.

The same seed makes the same inputs. None of them comes from somebody of the team: who an update is
from is Telegram's word, and the one thing in it that is true.
"""

from __future__ import annotations

import copy
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from aiogram.filters.callback_data import CallbackData

from actions import buttons
from civic.lifecycle import CLOSINGS, STATES
from handlers.doors import DOORS
from handlers.start import COMMANDS

Json = dict[str, Any]
Kind = Literal["tap", "text", "start", "update"]

EDGES = ("0", "-1", "1", "2", str(2**31 - 1), str(2**31), str(2**63), "", "²", "1e3", " 1", "0x1")
WORDS = (
    *STATES, *CLOSINGS, "yes", "no", "unsure", "now", "daily", "hourly", "all", "mine", "open",
    "30", "year", "choice", "state", "kind", "place", "list", "filter", "show", "send", "own",
    "discard", "stop", "go_on", "move", "take", "give", "assign", "more", "back", "answer", "ask",
    "note", "after", "redact", "ban", "lift", "merge", "hide", "privacy", "private", "public",
    "history", "originals", "photos", "card", "verdict", "join", "leave", "chat", "lead", "link",
    "unlink",
    "write", "members", "call", "meetings", "gestor", "leader", "admin", "end", "csv", "xlsx",
    "geojson", "erase", "withdraw", "fixed.closed", "received.fixed", "0.1", "1.2", "es", "xx", "x",
)  # fmt: skip
TEXTS = (
    "hola", "sí", "no", "1", "atrás", "cancelar", "R-1001", "<b>{code}</b>", "{0}", "%s%n",
    "\u0000", "\u202e\u2066", "😀" * 200, "a" * 4000, "' OR 1=1 --", "=1+1", "مرحبا", "\ud7ff",
    "/", "//",
    "El poste de la esquina está apagado desde el lunes.", "31/02/2026 25:61", "9" * 60,
)  # fmt: skip
WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**53, -(2**53), 1.5, "", "x", "yesterday", "\u0000", [], {},
    [None], {"id": "x"}, "a" * 5000, [[[]]],
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One of them: what a tap carries, a text, what follows /start, or an update of a kind."""

    kind: Kind
    who: int
    data: str = ""
    update: tuple[str, Json] | None = None


def inputs(seed: int, number: int, who: list[int]) -> Iterator[Input]:
    """So many inputs, each by one of `who` (Telegram numbers)."""
    chance = random.Random(seed)
    for at in range(number):
        person = chance.choice(who)
        part = chance.random()
        if part < 0.65:
            yield Input("tap", person, tap(chance))
        elif part < 0.78:
            yield Input("text", person, text(chance))
        elif part < 0.85:
            yield Input("start", person, payload(chance))
        else:
            yield Input("update", person, update=update(chance, person, at))


def kinds() -> list[type[CallbackData]]:
    """Every kind of button there is."""
    return [
        found
        for found in vars(buttons).values()
        if isinstance(found, type) and issubclass(found, CallbackData) and found is not CallbackData
    ]


KINDS = kinds()


def tap(chance: random.Random) -> str:
    """What a forged button carries, 1 to 64 bytes."""
    kind = chance.choice(KINDS)
    parts = [kind.__prefix__]
    for name, field in kind.model_fields.items():
        parts.append(_field(chance, name, str(field.annotation)))
    data = ":".join(parts)
    if chance.random() < 0.15:
        data = _mangled(chance, data)
    while len(data.encode()) > 64:
        data = data[:-1]
    return data or ":"


def _field(chance: random.Random, name: str, annotation: str) -> str:
    if name == "what":
        return chance.choice(list(DOORS))
    if name == "token":
        return ".".join(chance.choice(("1", "2", "s", "on", "q", "x", "", "9")) for _ in range(3))
    if "bool" in annotation:
        return chance.choice(("0", "1", "x", ""))
    if "int" in annotation:
        # Mostly a row that may well be there.
        return str(chance.randint(1, 12)) if chance.random() < 0.7 else chance.choice(EDGES)
    if chance.random() < 0.15:
        return str(chance.randint(1, 12))
    return chance.choice(WORDS) if chance.random() < 0.9 else _noise(chance, 12)


def _noise(chance: random.Random, most: int) -> str:
    signs = string.ascii_letters + string.digits + ".:-_/\\'\"%{}<>áñ²\u200b😀\n"
    return "".join(chance.choice(signs) for _ in range(chance.randint(0, most)))


def _mangled(chance: random.Random, data: str) -> str:
    at = chance.randrange(len(data) + 1)
    way = chance.randrange(4)
    if way == 0:
        return data[:at]
    if way == 1:
        return data[:at] + _noise(chance, 5) + data[at:]
    if way == 2:
        return data + ":" + chance.choice(WORDS)
    return data[at:] + data[:at]


def text(chance: random.Random) -> str:
    """What somebody writes: a command of anybody's, with anything behind it, or words."""
    if chance.random() < 0.6:
        command = chance.choice(list(COMMANDS))
        return f"/{command} {chance.choice((*WORDS, *EDGES, 'R-1001', 'R-1003'))}".strip()
    return (chance.choice(TEXTS) + _noise(chance, 20)).strip("\u0000\n\u200b ")[:4096] or "x"


def payload(chance: random.Random) -> str:
    """What a made-up link brings: Telegram lets through 64 of these signs."""
    about = chance.choice((*EDGES, *WORDS, "1001"))
    said = f"{chance.choice(list(DOORS))}-{about}"
    return "".join(sign for sign in said if sign.isascii() and (sign.isalnum() or sign in "_-"))[
        :64
    ]


def update(chance: random.Random, who: int, number: int) -> tuple[str, Json]:
    """An update of some kind in which up to four things are not as they should be."""
    kind = chance.choice(list(TEMPLATES))
    made = copy.deepcopy(TEMPLATES[kind])
    _from(made, who, number)
    for _ in range(chance.randint(0, 4)):
        _spoil(chance, made)
    return kind.partition(" ")[0], made


def _from(made: Any, who: int, number: int) -> None:
    """Who it is from, in every place that says so; and what is numbered."""
    if isinstance(made, dict):
        for key, value in made.items():
            if value == "WHO":
                made[key] = who
            elif value == "NUMBER":
                made[key] = f"forged{number}"
            else:
                _from(value, who, number)
    elif isinstance(made, list):
        for value in made:
            _from(value, who, number)


def _spoil(chance: random.Random, made: Json) -> None:
    """Something, at any depth, is missing or of another kind."""
    place: Any = made
    for _ in range(6):
        keys = list(place) if isinstance(place, dict) else range(len(place))
        if not keys:
            return
        key = chance.choice(list(keys))
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.7:
            place = place[key]
            continue
        if isinstance(place, dict) and chance.random() < 0.3:
            del place[key]
        else:
            place[key] = copy.deepcopy(chance.choice(WRONG))
        return


USER: Json = {"id": "WHO", "is_bot": False, "first_name": "V", "language_code": "es"}
PRIVATE: Json = {"id": "WHO", "type": "private", "first_name": "V"}
GROUP: Json = {"id": -100_777_000_111, "type": "supergroup", "title": "G"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
BOT: Json = {"id": 7_000_000_006, "is_bot": True, "first_name": "Fuzz", "username": "fuzz_bot"}
_BASE: Json = {"message_id": 77, "date": 1_767_225_600, "chat": PRIVATE, "from": USER}
_MEMBER: Json = {"user": BOT, "status": "member"}
_LEFT: Json = {"user": BOT, "status": "left"}

TEMPLATES: dict[str, Json] = {
    "message text": {
        **_BASE, "text": "hola", "entities": [{"type": "bold", "offset": 0, "length": 4}],
    },
    "message command": {
        **_BASE, "text": "/bandeja",
        "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
    },
    "message photo": {
        **_BASE, "caption": "x", "media_group_id": "1",
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 10, "height": 10}],
    },
    "message voice": {
        **_BASE, "voice": {"file_id": "f", "file_unique_id": "u", "duration": 3},
    },
    "message place": {**_BASE, "location": {"latitude": 4.6, "longitude": -74.1}},
    "message venue": {
        **_BASE,
        "venue": {"location": {"latitude": 4.6, "longitude": -74.1}, "title": "t", "address": "a"},
        "location": {"latitude": 4.6, "longitude": -74.1},
    },
    "message contact": {**_BASE, "contact": {"phone_number": "1", "first_name": "x"}},
    "message document": {
        **_BASE,
        "document": {
            "file_id": "f", "file_unique_id": "u", "file_name": "a.jpg", "mime_type": "image/jpeg",
        },
    },
    "message reply": {**_BASE, "text": "x", "reply_to_message": {**_BASE, "text": "y"}},
    "message group": {**_BASE, "chat": GROUP, "text": "/vincular 1"},
    "message team": {**_BASE, "chat": GROUP, "text": "/equipo"},
    "message anonymous": {
        **_BASE, "chat": GROUP, "from": ANONYMOUS, "sender_chat": GROUP, "text": "/equipo",
    },
    "message moved": {**_BASE, "chat": GROUP, "migrate_to_chat_id": -100_777_000_112},
    "edited_message text": {**_BASE, "edit_date": 1_767_225_700, "text": "otra cosa"},
    "callback_query tap": {
        "id": "NUMBER", "from": USER, "chat_instance": "1", "data": "r:move:1:received.fixed",
        "message": {**_BASE, "from": BOT, "text": "x"},
    },
    "callback_query old": {
        "id": "NUMBER", "from": USER, "chat_instance": "1", "data": "r:take:1:0",
        "message": {"chat": PRIVATE, "message_id": 5, "date": 0},
    },
    "callback_query inline": {
        "id": "NUMBER", "from": USER, "chat_instance": "1", "inline_message_id": "9",
        "data": "x:csv:all:all:0:0:1:1:0",
    },
    "callback_query group": {
        "id": "NUMBER", "from": USER, "chat_instance": "1", "data": "s:link",
        "message": {**_BASE, "chat": GROUP, "from": BOT, "text": "x"},
    },
    "my_chat_member added": {
        "chat": GROUP, "from": USER, "date": 1_767_225_600,
        "old_chat_member": _LEFT, "new_chat_member": _MEMBER,
    },
    "my_chat_member blocked": {
        "chat": PRIVATE, "from": USER, "date": 1_767_225_600,
        "old_chat_member": _MEMBER,
        "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
    },
    "chat_join_request asked": {
        "chat": GROUP, "from": USER, "user_chat_id": "WHO", "date": 1_767_225_600,
    },
    "poll_answer x": {"poll_id": "1", "user": USER, "option_ids": [0]},
    "inline_query x": {"id": "NUMBER", "from": USER, "query": "x", "offset": ""},
    "channel_post x": {**_BASE, "chat": {**GROUP, "type": "channel"}, "text": "x"},
}  # fmt: skip
"""Updates as Telegram sends them, by kind and a word about them."""
