"""People's text is data: any writing passes, only what nobody can see or store is taken out."""

from __future__ import annotations

import re
import unicodedata

# Controls (but line feed and tab) and lone surrogates: PostgreSQL refuses NUL, UTF-8 the others.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Characters that leave no mark alone; inside a text they join emoji and turn Arabic around.
_UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff]+"
)
_GAPS = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


def clean(text: str) -> str:
    """The text as it is kept: composed (NFC), stripped, at most one empty line in a row.

    Gives "" when nothing in it can be seen.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSTORABLE.sub("", text).strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if not _UNSEEN.sub("", text):
            return ""
    return _GAPS.sub("\n\n", text)


def length(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units, so most emoji count two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def trim(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `most` UTF-16 units."""
    if length(text) <= most:
        return text
    kept = text[: most - 1]
    while length(kept) > most - 1:
        kept = kept[: len(kept) - max(1, (length(kept) - most + 1) // 2)]
    return kept.rstrip() + "…"


def one_line(text: str, most: int) -> str:
    """The text on one line, trimmed."""
    return trim(" ".join(text[: most * 4].split()), most)
