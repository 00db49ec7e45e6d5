"""What somebody typed finds an option without guessing: name, number, or a beginning only one
has. Accents, capitals, punctuation and emoji do not matter; near misses are asked about."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

# Beyond this a text is a story, not the name of an option.
LONGEST_NAME = 120
LIKENESS = 0.72


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    letters = (
        character if character.isalnum() else " "
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    return " ".join("".join(letters).split()) or text.casefold().strip()


def plain(text: str) -> str:
    """Text for comparing: no accents, capitals, punctuation or emoji (unless it is all emoji)."""
    return _plain(text[:LONGEST_NAME])


def exact(text: str, labels: Sequence[str]) -> int | None:
    """Position of the only label that says the same, or None."""
    wanted = plain(text)
    found = [i for i, label in enumerate(labels) if plain(label) == wanted]
    return found[0] if len(found) == 1 and wanted else None


def find(text: str, labels: Sequence[str]) -> int | None:
    """Position of the option meant by its name, its number (from 1) or a beginning only it has."""
    if len(text) > LONGEST_NAME:
        return None
    position = exact(text, labels)
    if position is not None:
        return position
    wanted = plain(text)
    if wanted.isdecimal() and len(wanted) < 5:
        number = int(wanted)
        return number - 1 if 1 <= number <= len(labels) else None
    if len(wanted) < 2:
        return None
    names = [plain(label) for label in labels]
    for matches in (
        [i for i, name in enumerate(names) if name.startswith(wanted)],
        [i for i, name in enumerate(names) if f" {wanted}" in f" {name}"],
    ):
        if len(matches) == 1:
            return matches[0]
    return None


def near(text: str, labels: Sequence[str]) -> int | None:
    """Position of the option somebody may have meant, to be asked about; None if none is near."""
    if len(text) > LONGEST_NAME:
        return None
    names = [plain(label) for label in labels]
    close = difflib.get_close_matches(plain(text), names, n=1, cutoff=LIKENESS)
    return names.index(close[0]) if close else None
