"""A phrase becomes what Telegram takes: never longer than it allows, never broken markup.

What is too long is shortened inside its longest value, where somebody's own words are; the
sentence around them stays whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Any

import orjson

from locales import sentence

TEXT, CAPTION, TOAST, LABEL, TITLE = 4096, 1024, 200, 128, 200

_TAG = re.compile(r"<[^<>]*>")
# Telegram refuses a message in which nothing can be seen.
_NOTHING = "…"

# A keyboard as the Bot API's JSON.
Markup = dict[str, Any]


def length(html: str) -> int:
    """How long Telegram counts a text: UTF-16 units, after its entities are parsed."""
    return units(unescape(_TAG.sub("", html)))


def units(text: str) -> int:
    """UTF-16 code units of a plain text."""
    return len(text.encode("utf-16-le")) // 2


def html(phrase: Any, language: str, zone: str, limit: int = TEXT) -> str:
    """A phrase as HTML of at most `limit` visible UTF-16 units."""
    text = sentence(phrase, language, zone)
    # No character counts for more than two units, and no entity is shorter than what it shows.
    if 2 * len(text) <= limit:
        return text if text.strip() else _NOTHING
    for _ in range(50):
        over = length(text) - limit
        if over <= 0:
            return text
        shorter = _shortened(phrase, over + 1)
        if shorter is None:
            break
        phrase = shorter
        text = sentence(phrase, language, zone)
    bare = cut(sentence(phrase, language, zone, markup=False), limit)
    return sentence(bare, language, zone)


def plain(phrase: Any, language: str, zone: str, limit: int) -> str:
    """A phrase as plain text of at most `limit` UTF-16 units; never empty."""
    text = cut(sentence(phrase, language, zone, markup=False), limit)
    return text if text.strip() else _NOTHING


def cut(text: str, limit: int) -> str:
    """The beginning of a text, with an ellipsis where something was left out."""
    # No character counts for more than two units.
    if 2 * len(text) <= limit or units(text) <= limit:
        return text
    kept, room = [], limit - 1
    for character in text:
        room -= 2 if ord(character) > 0xFFFF else 1
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _shortened(phrase: Any, by: int) -> Any:
    """The phrase with its longest words (data, never a key) shorter by up to `by` units."""
    path, words = _longest(phrase, ())
    size = units(words)
    if size < 2:
        return None
    return _replaced(phrase, path, cut(words, max(1, size - by)))


def _longest(phrase: Any, path: tuple[Any, ...]) -> tuple[tuple[Any, ...], str]:
    if isinstance(phrase, str):
        return path, phrase
    found: tuple[tuple[Any, ...], str] = (path, "")
    for step, part in _parts(phrase):
        inner = _longest(part, (*path, *step))
        if len(inner[1]) > len(found[1]):
            found = inner
    return found


def _parts(phrase: Any) -> list[tuple[tuple[Any, ...], Any]]:
    if not isinstance(phrase, dict):
        return []
    if "key" in phrase:
        return [(("values", name), part) for name, part in (phrase.get("values") or {}).items()]
    if "names" in phrase:
        return [(("names", code), part) for code, part in phrase["names"].items()]
    for kind in ("lines", "row", "list"):
        if kind in phrase:
            return [((kind, at), part) for at, part in enumerate(phrase[kind])]
    return []


def _replaced(phrase: Any, path: tuple[Any, ...], words: str) -> Any:
    if not path:
        return words
    step, rest = path[0], path[1:]
    copy = list(phrase) if isinstance(phrase, list) else dict(phrase)
    copy[step] = _replaced(copy[step], rest, words)
    return copy


def inline(buttons: list[list[dict[str, Any]]], language: str, zone: str) -> Markup:
    """Buttons under a message: {"label", "data"} or {"label", "url"} each."""
    return {
        "inline_keyboard": [[_button(button, language, zone) for button in row] for row in buttons]
    }


# The same few labels are under most messages: a look is a tenth of saying them anew.
@lru_cache(maxsize=4096)
def _label(phrase: bytes, language: str, zone: str) -> str:
    return plain(orjson.loads(phrase), language, zone, LABEL)


def _button(button: dict[str, Any], language: str, zone: str) -> dict[str, Any]:
    shown = {"text": _label(orjson.dumps(button["label"]), language, zone)}
    if "url" in button:
        shown["url"] = button["url"]
    else:
        shown["callback_data"] = button["data"]
    return shown


def _key(key: dict[str, Any], language: str, zone: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": _label(orjson.dumps(key["label"]), language, zone)}
    if key.get("asks") in ("location", "contact"):
        shown[f"request_{key['asks']}"] = True
    return shown


def markup(parcel: dict[str, Any], language: str, zone: str) -> Markup | None:
    """What a parcel puts under its message: buttons, keys, or the end of the keys.

    A key is {"label"} with "asks": "location" or "contact" where it shares something.
    """
    if parcel.get("buttons"):
        return inline(parcel["buttons"], language, zone)
    if parcel.get("keys"):
        keyboard: Markup = {
            "keyboard": [[_key(key, language, zone) for key in row] for row in parcel["keys"]],
            "resize_keyboard": True,
        }
        keyboard["is_persistent" if parcel.get("menu") else "one_time_keyboard"] = True
        return keyboard
    if parcel.get("clear_keys"):
        return {"remove_keyboard": True}
    return None
