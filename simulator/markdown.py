"""Telegram's two Markdown styles to plain text and entities; offsets in UTF-16 units."""

from __future__ import annotations

from typing import Any

from simulator.entities import cannot, units

Json = dict[str, Any]

_RESERVED = "_*[]()~`>#+-=|{}.!"
_V2 = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode())


def _link(text: str, url: str, start: int, end: int) -> Json | None:
    if url.startswith("tg://user?id=") and url[13:].isdigit():
        return {
            "type": "text_mention",
            "offset": start,
            "length": end - start,
            "user": {"id": int(url[13:])},
        }
    if "://" not in url and "." not in url:
        return None
    return {
        "type": "text_link",
        "offset": start,
        "length": end - start,
        "url": url if "://" in url else f"http://{url}/",
    }


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The legacy style: *bold* _italic_ `code` ```pre``` [text](url), no nesting."""
    out: list[str] = []
    entities: list[Json] = []
    length = 0
    at = 0

    def put(text: str) -> None:
        nonlocal length
        out.append(text)
        length += units(text)

    while at < len(source):
        sign = source[at]
        if sign == "\\" and source[at + 1 : at + 2] in tuple("_*`["):
            put(source[at + 1])
            at += 2
            continue
        if sign not in "_*`[":
            put(sign)
            at += 1
            continue
        begin = at
        fence = "```" if source.startswith("```", at) else ("]" if sign == "[" else sign)
        inside = at + (3 if fence == "```" else 1)
        end = source.find(fence, inside)
        if end < 0:
            raise cannot(
                f"Can't find end of the entity starting at byte offset {_byte(source, begin)}"
            )
        start = length
        content = source[inside:end]
        language = ""
        if fence == "```":
            first, newline, rest = content.partition("\n")
            if newline and first and not any(c.isspace() for c in first):
                language, content = first, rest
        put(content)
        at = end + len(fence)
        if sign == "[":
            if source[at : at + 1] == "(":
                close = source.find(")", at)
                if close < 0:
                    raise cannot(
                        "Can't find end of the entity starting at byte offset "
                        f"{_byte(source, begin)}"
                    )
                made = _link(content, source[at + 1 : close], start, length)
                at = close + 1
                if made and length > start:
                    entities.append(made)
            continue
        if length > start:
            kind = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}[fence]
            entity: Json = {"type": kind, "offset": start, "length": length - start}
            if language:
                entity["language"] = language
            entities.append(entity)
    return "".join(out), entities


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """MarkdownV2: nesting allowed, every reserved character escaped or part of an entity."""
    out: list[str] = []
    entities: list[Json] = []
    open_signs: list[tuple[str, int, int]] = []
    length = 0
    at = 0
    quote: int | None = None
    quote_expands = False
    line_start = True

    def put(text: str) -> None:
        nonlocal length
        out.append(text)
        length += units(text)

    def add(kind: str, start: int, **more: Any) -> None:
        if length > start:
            entities.append({"type": kind, "offset": start, "length": length - start, **more})

    while at < len(source):
        sign = source[at]
        if line_start and quote is None and (sign == ">" or source.startswith("**>", at)):
            at += 1 if sign == ">" else 3
            quote, line_start = length, False
            continue
        if line_start and quote is not None:
            line_start = False
            if sign == ">":
                at += 1
                continue
            add("blockquote", quote)
            quote = None
            line_start = True
            continue
        line_start = False
        if sign == "\\" and at + 1 < len(source) and 0 < ord(source[at + 1]) < 127:
            put(source[at + 1])
            at += 2
            continue
        if sign == "\n":
            put(sign)
            line_start = True
            at += 1
            continue
        if sign == "`":
            fence = "```" if source.startswith("```", at) else "`"
            end, body = at + len(fence), []
            while end < len(source) and not source.startswith(fence, end):
                if source[end] == "\\" and end + 1 < len(source):
                    end += 1
                body.append(source[end])
                end += 1
            if end >= len(source):
                kind = "PreCode" if fence == "```" else "Code"
                raise cannot(f"Can't find end of {kind} entity at byte offset {_byte(source, at)}")
            content = "".join(body)
            start = length
            language = ""
            if fence == "```":
                first, newline, rest = content.partition("\n")
                if newline:
                    language, content = first, rest
            put(content)
            if fence == "`":
                add("code", start)
            else:
                add("pre", start, **({"language": language} if language else {}))
            at = end + len(fence)
            continue
        mark = next((t for t in ("||", "__") if source.startswith(t, at)), sign)
        if open_signs and open_signs[-1][0] == "_" and mark == "__":
            mark = "_"
        if mark == "||" and quote is not None and not any(t == "||" for t, _, _ in open_signs):
            after = source[at + 2 : at + 3]
            if after in ("", "\n"):
                quote_expands = True
                add("expandable_blockquote", quote)
                quote = None
                at += 2
                continue
        if mark in _V2:
            if open_signs and open_signs[-1][0] == mark:
                _, start, _ = open_signs.pop()
                add(_V2[mark], start)
            elif any(t == mark for t, _, _ in open_signs):
                name, _, where = open_signs[-1]
                raise cannot(
                    f"Can't find end of {_V2.get(name, 'TextUrl').title()} entity at byte offset "
                    f"{_byte(source, where)}"
                )
            else:
                open_signs.append((mark, length, at))
            at += len(mark)
            continue
        if sign == "[" or source.startswith("![", at):
            open_signs.append(("[" if sign == "[" else "![", length, at))
            at += 1 if sign == "[" else 2
            continue
        if sign == "]" and open_signs and open_signs[-1][0] in ("[", "!["):
            opened, start, _ = open_signs.pop()
            at += 1
            url = ""
            if source[at : at + 1] == "(":
                at += 1
                while at < len(source) and source[at] != ")":
                    if source[at] == "\\" and at + 1 < len(source):
                        at += 1
                    url += source[at]
                    at += 1
                if at >= len(source):
                    raise cannot(f"Can't find end of a URL at byte offset {_byte(source, at)}")
                at += 1
            if opened == "![":
                number = url.partition("tg://emoji?id=")[2]
                if not number.isdigit():
                    raise cannot("Invalid custom emoji URL specified")
                add("custom_emoji", start, custom_emoji_id=number)
            else:
                made = _link("", url, start, length)
                if made and length > start:
                    entities.append(made)
            continue
        if sign in _RESERVED:
            raise cannot(
                f"Character '{sign}' is reserved and must be escaped with the preceding '\\'"
            )
        put(sign)
        at += 1
    if open_signs:
        name, _, where = open_signs[-1]
        kind = _V2.get(name, "text_link").replace("_", " ").title().replace(" ", "")
        raise cannot(f"Can't find end of {kind} entity at byte offset {_byte(source, where)}")
    if quote is not None and not quote_expands:
        add("blockquote", quote)
    return "".join(out), entities
