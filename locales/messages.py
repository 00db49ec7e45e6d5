"""Messages: every sentence is read from its .po file once and cut once into what is filled in.

Reading .po at start costs milliseconds and spares a build step; cutting each message once is
what keeps a sentence at a few microseconds when thousands leave in a second.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from locales import markup
from locales.languages import LANGUAGES

FOLDER = Path(__file__).parent

_log = logging.getLogger(__name__)
_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TOLD_AT_MOST = 1000


class MissingText(LookupError):
    """A sentence, or a value that it needs, is not there. Raised in strict mode only."""


def N_(key: str) -> str:
    """Mark a key for the catalogues, for rooms that do not know the flows."""
    return key


class _Mode:
    strict = os.environ.get("CABILDO_STRICT_TEXT", "") == "1"
    told: set[str] = set()  # noqa: RUF012 - one process, one memory of what was said


def strict(on: bool = True) -> bool:
    """Make missing texts raise `MissingText` (tests) instead of falling back; returns what it was.

    CABILDO_STRICT_TEXT=1 in the environment turns it on from the start.
    """
    was, _Mode.strict = _Mode.strict, on
    return was


def missing(what: str, key: str) -> None:
    """Raise in strict mode, else log once. Only keys are named: a value may be somebody's data."""
    if _Mode.strict:
        raise MissingText(f"{what}: {key!r}")
    line = f"{what}: {key!r}"
    if line not in _Mode.told and len(_Mode.told) < _TOLD_AT_MOST:
        _Mode.told.add(line)
        _log.error("missing text: %s", line)


@dataclass(frozen=True, slots=True)
class Hole:
    """A {name} to fill. Inside a tag's address only text may stand, never more markup."""

    name: str
    in_tag: bool
    then: str


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence cut at its holes, for HTML or for plain text."""

    first: str
    holes: tuple[Hole, ...]


def holes(text: str) -> Iterator[str]:
    """The names a text wants filled, in order."""
    for hole in _HOLE.finditer(text):
        if hole.group(1):
            yield hole.group(1)


def stray_brace(text: str) -> bool:
    """Whether a brace is neither doubled nor part of a {name}."""
    rest = _HOLE.sub("", text)
    return "{" in rest or "}" in rest


def cut(text: str, *, html: bool) -> Message:
    """Cut a catalogue's text into what is fixed and what is filled in."""
    first = ""
    found: list[Hole] = []

    def add(fixed: str) -> None:
        nonlocal first
        if found:
            last = found[-1]
            found[-1] = Hole(last.name, last.in_tag, last.then + fixed)
        else:
            first += fixed

    for piece, is_tag in markup.pieces(text):
        if is_tag and not html:
            continue
        keep: Callable[[str], str] = str
        if not is_tag:
            keep = markup.kept if html else markup.stripped
        at = 0
        for hole in _HOLE.finditer(piece):
            add(keep(piece[at : hole.start()]))
            if hole.group(1):
                found.append(Hole(hole.group(1), is_tag, ""))
            else:
                add(hole.group()[0])
            at = hole.end()
        add(keep(piece[at:]))
    return Message(first, tuple(found))


class Catalogue:
    """One language's sentences: singular by key, plural by key and form."""

    def __init__(self, catalog: Catalog) -> None:
        self.singular: dict[str, str] = {}
        self.plural: dict[str, tuple[str, ...]] = {}
        for entry in catalog:
            if not entry.id or entry.fuzzy:
                continue
            if isinstance(entry.id, str):
                if isinstance(entry.string, str) and entry.string:
                    self.singular[entry.id] = entry.string
            elif isinstance(entry.string, tuple | list) and all(entry.string):
                self.plural[entry.id[0]] = tuple(entry.string)
                self.singular.setdefault(entry.id[0], entry.string[0])
        self._form: Callable[[int], int] = c2py(str(catalog.plural_expr))

    def form(self, number: float) -> int:
        """The plural form for a number; what is not whole is never "one"."""
        whole = abs(int(number))
        return self._form(whole if whole == abs(number) else whole + 2)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """A language's catalogue, read once."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return Catalogue(read_po(file, locale=language))


def load() -> None:
    """Read every catalogue now, so that a broken one stops the start and not a sentence."""
    for language in LANGUAGES:
        catalogue(language)
