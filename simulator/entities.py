"""Formatted text to plain text and entities, as Telegram reads HTML; offsets in UTF-16 units.

Errors carry Telegram's wording and give byte offsets into the UTF-8 source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from simulator.errors import ApiError, bad
from simulator.spans import detect

Json = dict[str, Any]
Known = Callable[[int], Json | None]

MOST_ENTITIES = 100
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
}
_TAGS = frozenset(_SIMPLE) | {"a", "span", "tg-emoji"}
_MARK = re.compile(r"[<&]")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d{1,7}|x[0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)(?P<eq>\s*=\s*)?(?:"(?P<dq>[^"]*)"|'(?P<sq>[^']*)'|(?P<bare>[A-Za-z0-9.\-]+))?"""
)
_SPACE = " \t\r\n\v\f"


def units(text: str) -> int:
    """Length in UTF-16 code units, which is what Telegram counts offsets in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cannot(reason: str) -> ApiError:
    """400, as Telegram words what it cannot parse."""
    return bad(f"can't parse entities: {reason}")


def _decode(text: str) -> str:
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    number, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000:
        return chr(code)
    return match.group(0)


def _attributes(source: str, tag: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes from `at` on, and where the tag ends (after ">")."""
    begin = source.rindex("<", 0, at)
    offset = len(source[:begin].encode())
    found: dict[str, str] = {}
    while True:
        while at < len(source) and source[at] in _SPACE:
            at += 1
        if at >= len(source):
            raise cannot(f"Unclosed start tag at byte offset {offset}")
        if source[at] == ">":
            return found, at + 1
        match = _ATTRIBUTE.match(source, at)
        if match is None:
            raise cannot(f'Empty attribute name in the tag "{tag}" at byte offset {offset}')
        if match["eq"] is None:
            raise cannot(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {offset}'
            )
        value = next((v for v in (match["dq"], match["sq"], match["bare"]) if v is not None), None)
        if value is None:
            raise cannot(f'Unclosed start tag "{tag}" at byte offset {offset}')
        found[match["name"].lower()] = _decode(value)
        at = match.end()


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram's HTML style; ApiError when it cannot be read."""
    out: list[str] = []
    entities: list[Json] = []
    open_tags: list[tuple[str, dict[str, str], int, int]] = []
    length = 0
    at = 0
    while (mark := _MARK.search(source, at)) is not None:
        plain = source[at : mark.start()]
        if plain:
            out.append(plain)
            length += units(plain)
        at = mark.start()
        if source[at] == "&":
            entity = _ENTITY.match(source, at)
            text = "&" if entity is None else _character(entity)
            at = at + 1 if entity is None else entity.end()
            out.append(text)
            length += units(text)
            continue
        begin = at
        closing = source.startswith("</", begin)
        at = begin + (2 if closing else 1)
        end = at
        while end < len(source) and source[end] not in _SPACE and source[end] != ">":
            end += 1
        name = source[at:end].lower()
        byte = len(source[:begin].encode())
        if closing:
            if not open_tags:
                raise cannot(f"Unexpected end tag at byte offset {byte}")
            while end < len(source) and source[end] in _SPACE:
                end += 1
            if end >= len(source) or source[end] != ">":
                raise cannot(f"Unclosed end tag at byte offset {byte}")
            tag, attributes, start, _ = open_tags.pop()
            if name and name != tag:
                raise cannot(
                    f'Unmatched end tag at byte offset {byte}, expected "</{tag}>", '
                    f'found "</{name}>"'
                )
            if length > start:
                inner = ""
                if tag == "a" and not attributes.get("href"):
                    inner = cut("".join(out), start, length)
                made = _made(tag, attributes, open_tags, inner, start, length)
                if made is not None:
                    entities.append(made)
            at = end + 1
            continue
        if end >= len(source):
            raise cannot(f"Unclosed start tag at byte offset {byte}")
        if name not in _TAGS:
            raise cannot(f'Unsupported start tag "{name}" at byte offset {byte}')
        attributes = {}
        if source[end] == ">":
            at = end + 1
        else:
            # "expandable" is the one attribute that may stand alone
            rest = re.compile(r"\s+expandable\s*>").match(source, end)
            if name == "blockquote" and rest:
                attributes, at = {"expandable": ""}, rest.end()
            else:
                attributes, at = _attributes(source, name, end)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
        if name == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise cannot("Invalid custom emoji identifier specified")
        open_tags.append((name, attributes, length, begin))
    if open_tags:
        raise cannot(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    out.append(source[at:])
    return "".join(out), entities


def _made(
    tag: str,
    attributes: dict[str, str],
    around: list[tuple[str, dict[str, str], int, int]],
    inner: str,
    start: int,
    end: int,
) -> Json | None:
    entity: Json = {"offset": start, "length": end - start}
    if tag == "a":
        url = attributes.get("href") or inner
        if url.startswith("tg://user?id=") and url[13:].isdigit():
            return {**entity, "type": "text_mention", "user": {"id": int(url[13:])}}
        if not re.match(r"(?:https?|tg|ton)://[^\s/]|mailto:|[^\s/]+\.[^\s]", url, re.IGNORECASE):
            return None
        if "://" not in url and not url.startswith("mailto:"):
            url = f"http://{url}"
        host, slash, path = url.partition("://")[2].partition("/")
        if not slash and url.startswith(("http://", "https://")) and "?" not in host:
            url = f"{url}/{path}"
        return {**entity, "type": "text_link", "url": url}
    if tag == "span":
        return {**entity, "type": "spoiler"}
    if tag == "tg-emoji":
        return {**entity, "type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    if tag == "blockquote" and "expandable" in attributes:
        return {**entity, "type": "expandable_blockquote"}
    if tag == "code":
        if around and around[-1][0] == "pre" and around[-1][2] == start:
            language = attributes.get("class", "")
            if language.startswith("language-"):
                around[-1][1]["language"] = language[9:]
            return None
        return {**entity, "type": "code"}
    if tag == "pre" and attributes.get("language"):
        return {**entity, "type": "pre", "language": attributes["language"]}
    return {**entity, "type": _SIMPLE[tag]}


def cut(text: str, start: int, end: int) -> str:
    """The part of a text between two UTF-16 offsets."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def trim(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without white space at its ends, entities moved and cut to fit."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    lead = units(text[: len(text) - len(text.lstrip())])
    total = units(stripped)
    kept: list[Json] = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(total, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def formatted(
    text: str, mode: str | None, given: list[Json] | None, *, known: Known | None = None
) -> tuple[str, list[Json]]:
    """What Telegram makes of a text: plain text and its sorted entities.

    `mode` is a parse_mode, `given` entities sent instead; `known` gives the user with an id, for
    mentions by id (others lose their mention, as in Telegram).
    """
    entities: list[Json] = []
    if mode:
        style = mode.lower()
        if style == "html":
            text, entities = parse_html(text)
        elif style in ("markdown", "markdownv2"):
            from simulator.markdown import parse_markdown, parse_markdown_v2

            parse = parse_markdown_v2 if style == "markdownv2" else parse_markdown
            text, entities = parse(text)
        else:
            raise bad("unsupported parse_mode")
    elif given:
        total = units(text)
        for entity in given:
            if not 0 <= entity["offset"] < entity["offset"] + entity["length"] <= total:
                continue
            entities.append(dict(entity))
    if entities:
        entities = [e for e in entities if _known(e, known)]
    text, entities = trim(text, entities)
    entities = detect(text, entities)
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return text, entities[:MOST_ENTITIES]


def _known(entity: Json, known: Known | None) -> bool:
    if entity["type"] != "text_mention":
        return True
    user = None if known is None else known(entity["user"]["id"])
    if user is None:
        return False
    entity["user"] = user
    return True
