"""Where a text names somebody: their name as people write it, and never a part of another word.

Accents do not matter, nor, to a name of several words, do capitals. One word alone ("Luz", "Rosa")
is in every language an ordinary word as well: it is a name where it is written with a capital.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 3
"""A name of fewer letters is looked for nowhere: it is in half of all texts."""

OFFICIAL: Final = frozenset(
    {
        "alcalde", "alcaldesa", "alcaldia", "ayuntamiento", "gobernacion", "gobierno", "governo",
        "government", "intendencia", "municipalidad", "municipality", "police", "policia",
        "prefectura", "prefeita", "prefeito", "prefeitura",
    }
)  # fmt: skip
"""Words by which an office calls itself, without accents: nobody is one."""

_ALIKE: Final = {
    "a": "aáàâãä", "c": "cç", "e": "eéèêë", "i": "iíìîï", "n": "nñ", "o": "oóòôõö", "u": "uúùûü",
}  # fmt: skip
_NO_NAMES: Final = frozenset({"das", "del", "dos", "las", "los", "san", "the", "und", "von"})
"""Words of names that alone name nobody."""


def whole(*names: str | None) -> list[str]:
    """The names worth looking for, the longest first: one may be a part of the other."""
    found = {" ".join(name.split()) for name in names if name}
    return sorted((n for n in found if len(n) >= SHORTEST), key=lambda n: (-len(n), n))


def of_several_words(name: str) -> bool:
    """Whether a name says by itself whom it means: of two words or more, each with letters."""
    return sum(any(map(str.isalpha, word)) for word in name.split()) >= 2


def words(names: Iterable[str]) -> list[str]:
    """What somebody may be called by those who know their names: each word of them."""
    found = {word.strip(".,'’()&-") for name in names for word in name.split()}
    return whole(*(word for word in found if word.isalpha() and word.lower() not in _NO_NAMES))


def pattern(names: Iterable[str], *, any_case: bool = False) -> re.Pattern[str] | None:
    """What finds these names in a text; None where there is nothing to look for.

    any_case: where one word is sure to be the name, however it is written.
    """
    found = [_spelled(name, any_case or " " in name) for name in names]
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)") if found else None


def _spelled(name: str, any_case: bool) -> str:
    letters = [_letter(letter) for letter in unicodedata.normalize("NFC", name)]
    if any_case:
        return f"(?i:{''.join(letters)})"
    first = letters[0].upper() if name[0].isalpha() else letters[0]
    return f"{first}(?i:{''.join(letters[1:])})"


def _letter(letter: str) -> str:
    if letter.isspace():
        return r"\s+"
    bare = _bare(letter)
    return f"[{_ALIKE[bare]}]" if bare in _ALIKE else re.escape(letter)


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


def roughly(name: str) -> str:
    """A pattern for LIKE that finds every text that may hold a name: `_` is any one letter."""
    return "%" + "%".join("".join(map(_rough, word)) for word in name.split()) + "%"


def _rough(letter: str) -> str:
    if letter in '"\\':
        # Written with one letter more in JSON.
        return "%"
    if _bare(letter) in _ALIKE or not letter.isascii() or not letter.isalnum():
        return "_"
    return letter.lower()
