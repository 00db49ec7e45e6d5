"""Keyboards, checked by hand because nearly every message carries one."""

from __future__ import annotations

from typing import Any

from simulator.errors import bad

Json = dict[str, Any]

MOST_BUTTONS = 100
_INLINE_KINDS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_LINKS = ("http://", "https://", "tg://", "ton://", "tonsite://")


def check_markup(markup: Any) -> Json:
    """The markup as it came; ApiError 400 when Telegram would refuse it."""
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup)
    if "keyboard" in markup:
        return _reply(markup)
    if markup.get("remove_keyboard") or markup.get("force_reply") or not markup:
        return markup
    raise bad("object expected as reply markup")


def is_inline(markup: Json | None) -> bool:
    """Is it an inline keyboard (the only kind that stays with its message)?"""
    return bool(markup) and "inline_keyboard" in (markup or {})


def _rows(value: Any, field: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad(f'field "{field}" of the reply markup must be of type Array')
    count = 0
    for row in value:
        if not isinstance(row, list):
            raise bad(f'field "{field}" must be an Array of Arrays')
        count += len(row)
    if count > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return value


def _inline(markup: Json) -> Json:
    for row in _rows(markup["inline_keyboard"], "inline_keyboard"):
        for button in row:
            if not isinstance(button, dict):
                raise bad(
                    "can't parse inline keyboard button: Text buttons are unallowed in the "
                    "inline keyboard"
                )
            _text(button, "inline keyboard button")
            data = button.get("callback_data")
            if data is not None:
                if not isinstance(data, str):
                    raise bad(
                        "can't parse inline keyboard button: "
                        'Field "callback_data" must be of type String'
                    )
                if not 1 <= len(data.encode()) <= 64:
                    raise bad("BUTTON_DATA_INVALID")
                if len(button) == 2:
                    continue
            kinds = [kind for kind in _INLINE_KINDS if button.get(kind) is not None]
            if len(kinds) != 1:
                raise bad(
                    "can't parse inline keyboard button: Text buttons are unallowed in the "
                    "inline keyboard"
                    if not kinds
                    else "can't parse inline keyboard button: exactly one optional field must "
                    "be used to specify the type of the button"
                )
            url = button.get("url")
            if url is not None and not _is_link(url):
                raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return markup


def _is_link(url: Any) -> bool:
    if not isinstance(url, str) or any(letter.isspace() for letter in url):
        return False
    low = url.lower()
    if low.startswith(_LINKS):
        rest = low.split("://", 1)[1]
        return bool(rest) and not rest.startswith("/")
    return "." in low and "://" not in low and not low.startswith(".")


def _reply(markup: Json) -> Json:
    rows = _rows(markup["keyboard"], "keyboard")
    if not any(rows):
        raise bad("reply markup must have at least one button")
    for row in rows:
        for button in row:
            if isinstance(button, str):
                if not button:
                    raise bad("keyboard button text must be non-empty")
            elif isinstance(button, dict):
                _text(button, "keyboard button")
            else:
                raise bad(
                    "can't parse keyboard button: KeyboardButton must be an Object or a String"
                )
    return markup


def _text(button: Json, what: str) -> None:
    text = button.get("text")
    if not isinstance(text, str):
        raise bad(f'can\'t parse {what}: Field "text" must be of type String')
    if not text.strip():
        raise bad(
            "inline keyboard button text must be non-empty"
            if what.startswith("inline")
            else "keyboard button text must be non-empty"
        )
