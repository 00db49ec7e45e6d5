"""Names as people type them: without accents, case or punctuation, so that "Cafe" is "Café"."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case words without accents, one space between them; "" where there are none."""
    bare = text.casefold()
    # Somebody waits while hundreds of texts are compared: the few accents of our languages first.
    if not bare.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", bare))
    if not bare.isascii():
        bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NOT_WORDS.sub(" ", bare).strip()


def slug(text: str) -> str:
    """A key made of a name: "La Peña Alta" gives "la-pena-alta"."""
    return fold(text).replace(" ", "-")
