"""What a text is about, by the words in it: a category is suggested, never chosen for anybody.

Accents and capitals do not matter, and a letter or two may be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from civic.words import fold

ALIKE: Final = 85.0
"""From this likeness (0 to 100) on a mistyped word is taken for the one it resembles."""
SHORTEST: Final = 4
"""Shorter words must be typed exactly: "luz" is too near to "cruz"."""
A_STORY: Final = 4
"""So many words are somebody telling something; fewer are a greeting or a mistyped command."""
LONGEST: Final = 1000
"""Characters that are looked at: the point is made by then."""

_KEYWORD, _NAME = 3, 2
_GLUE: Final = (
    "a al algo and as con da das de del do dos e el en for hay in it la las lo los na no o of on "
    "os otra otro para por que se sin something the to um uma un una y"
)
_LITTLE: Final = frozenset(_GLUE.split())


@dataclass(frozen=True)
class Topic:
    """A category as it is looked for: its key, its names in every language, and its keywords."""

    key: str
    names: tuple[str, ...]
    keywords: tuple[str, ...]


def topic(key: str, names: Mapping[str, str], keywords: Sequence[str]) -> Topic:
    """A topic of what a category is called and which words it is told in."""
    return Topic(key, tuple(names.values()), tuple(keywords))


def suggest(text: str, topics: Sequence[Topic]) -> str | None:
    """The key of the topic that a text is about; None when there is none, or several alike."""
    words = fold(text[:LONGEST]).split()
    if not words:
        return None
    scores = sorted(((_score(words, one), one.key) for one in topics), reverse=True)
    if not scores or scores[0][0] <= 0:
        return None
    if len(scores) > 1 and scores[0][0] == scores[1][0]:
        return None
    return scores[0][1]


def is_story(text: str) -> bool:
    """Whether a text is long enough to tell of something."""
    return len(fold(text[:LONGEST]).split()) >= A_STORY


def _score(words: Sequence[str], one: Topic) -> int:
    """Whole keywords count most; of a name each word of its own counts."""
    score = 0
    for keyword in _phrases(one.keywords):
        if _holds(words, keyword):
            # "poste caido" says more than "poste".
            score += _KEYWORD * len(keyword)
    for word in _words(one.names):
        if _holds(words, (word,)):
            score += _NAME
    return score


@lru_cache(maxsize=1024)
def _phrases(keywords: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple({tuple(fold(keyword).split()): None for keyword in keywords if fold(keyword)})


@lru_cache(maxsize=1024)
def _words(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        {word: None for name in names for word in fold(name).split() if word not in _LITTLE}
    )


def _holds(words: Sequence[str], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(
        all(_same(word, part) for word, part in zip(words[i : i + size], wanted, strict=True))
        for i in range(len(words) - size + 1)
    )


def _same(word: str, wanted: str) -> bool:
    if word == wanted or (len(wanted) >= SHORTEST and word in (wanted + "s", wanted + "es")):
        return True
    if min(len(word), len(wanted)) < SHORTEST:
        return False
    return fuzz.ratio(word, wanted) >= ALIKE
