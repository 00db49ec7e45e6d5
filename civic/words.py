"""Names as people type them: without accents, case or punctuation, so that "Cafe" is "Café"."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case words without accents, one space between them; "" where there are none."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return _NOT_WORDS.sub(" ", bare).strip()


def slug(text: str) -> str:
    """A key made of a name: "La Peña Alta" gives "la-pena-alta"."""
    return fold(text).replace(" ", "-")
