"""Markup: only the catalogues may hold it, and only the few tags that Telegram shows.

A catalogue's text is cut once into pieces; what is not one of the known tags is text and is
escaped, so a stray "<" or "&" in a translation cannot make Telegram refuse a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote"})

_TAG = re.compile(r"<(/?)([a-z]+)((?:\s+[a-z]+=\"[^\"<>]*\")*)\s*>")
_LINK = re.compile(r'\s+href="[^"]+"')
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|#\d{1,6});)")
_HREF_VALUE = re.compile(r'href="([^"]*)"')


def escape(text: str) -> str:
    """Data made safe for Telegram's HTML, in text and inside an attribute."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a catalogue's text into (piece, is_tag), in order."""
    at = 0
    for tag in _TAG.finditer(text):
        if not _known(tag):
            continue
        if tag.start() > at:
            yield text[at : tag.start()], False
        yield tag.group(), True
        at = tag.end()
    if at < len(text):
        yield text[at:], False


def kept(text: str) -> str:
    """A catalogue's text outside tags, as HTML: entities it already has stay as they are."""
    text = _BARE_AMPERSAND.sub("&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def stripped(text: str) -> str:
    """A catalogue's text outside tags, as plain text."""
    return unescape(text) if "&" in text else text


def complaints(text: str) -> list[str]:
    """What is wrong with the markup of a catalogue's text, in words; empty if nothing is."""
    found: list[str] = []
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        closing, name = tag.group(1), tag.group(2)
        if not _known(tag):
            found.append(f"{tag.group()} is not a tag that may be used")
        elif not closing:
            open_tags.append(name)
        elif open_tags and open_tags[-1] == name:
            open_tags.pop()
        else:
            found.append(f"{tag.group()} closes nothing")
    found += [f"<{name}> is not closed" for name in open_tags]
    if "<" in _TAG.sub("", text):
        found.append('a "<" belongs to no tag (write &lt;)')
    return found


def addresses(tag: str) -> list[str]:
    """The href values inside one tag."""
    return _HREF_VALUE.findall(tag)


def _known(tag: re.Match[str]) -> bool:
    closing, name, attributes = tag.groups()
    if name not in TAGS or (closing and attributes):
        return False
    if name == "a" and not closing:
        return _LINK.fullmatch(attributes) is not None
    return not attributes
