"""What Telegram finds in a text without being told: commands, mentions, hashtags, links."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "/",
        "bot_command",
        re.compile(r"(?<![\w/<>.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    (
        "@",
        "email",
        re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
    ),
    ("@", "mention", re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("#", "hashtag", re.compile(r"(?<![\w#/])#(?=\w*[^\W\d])\w{1,255}")),
    (
        "://",
        "url",
        re.compile(r"(?:https?|tg|ftp)://[^\s<>\"'»]*[^\s<>\"'».,:;!?)\]]", re.IGNORECASE),
    ),
    (
        "t.me/",
        "url",
        re.compile(r"(?<![\w./])t\.me/[^\s<>\"'»]*[^\s<>\"'».,:;!?)\]]", re.IGNORECASE),
    ),
    ("www.", "url", re.compile(r"(?<![\w./])www\.[^\s<>\"'»]*[^\s<>\"'».,:;!?)\]]", re.IGNORECASE)),
)


def detect(text: str, entities: list[Json]) -> list[Json]:
    """The entities given, and those found outside links and code."""
    found: list[Json] = []
    for sign, kind, pattern in _PATTERNS:
        if sign not in text:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if not text.isascii():
                start, end = _units(text[:start]), _units(text[:end])
            if not any(_clash(e, start, end) for e in (*entities, *found)):
                found.append({"type": kind, "offset": start, "length": end - start})
    return [*entities, *found] if found else entities


_SOLID = frozenset({"text_link", "text_mention", "code", "pre", "url", "email", "mention"})


def _clash(entity: Json, start: int, end: int) -> bool:
    begins, ends = entity["offset"], entity["offset"] + entity["length"]
    if start >= ends or begins >= end:
        return False
    nested = (begins <= start and end <= ends) or (start <= begins and ends <= end)
    return entity["type"] in _SOLID or not nested


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
