"""The catalogues' keeper: a sentence in the code is in every catalogue, whole, or `check` fails.

    python -m locales.catalogue extract   print the sentences of the code as a .pot
    python -m locales.catalogue update    put new sentences into each .po, drop what is gone
    python -m locales.catalogue check     list what is missing or wrong; exit code 1 if anything

Files name where a sentence is said, never its line or a date, so that a diff shows words only.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from locales import markup
from locales.extraction import Found, NotLiteral, found_in
from locales.languages import LANGUAGES
from locales.messages import FOLDER, holes, stray_brace

ROOT = FOLDER.parent
SOURCE_LANGUAGE = "en"
_ADDRESS = re.compile(r"<[^>]*>|https?://\S+")
_HEADER = """\
# Cabildo: what it says, in "{language}". docs/language.md tells how we speak.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural};\\n"

"""


def template(found: Iterable[Found]) -> Catalog:
    """The sentences of the code as a catalogue without translations."""
    sentences = list(found)
    many = {each.one: each.many for each in sentences if each.many is not None}
    catalog = Catalog(fuzzy=False)
    for each in sentences:
        plural = many.get(each.one)
        key = (each.one, plural) if plural is not None else each.one
        catalog.add(key, locations=[(each.file, each.line)])
    return catalog


def updated(old: Catalog | None, wanted: Catalog, language: str) -> Catalog:
    """`wanted` with the translations that `old` has; new ones are empty, never guessed.

    The source language's translations are the keys themselves until somebody edits them.
    """
    new = Catalog(locale=language, fuzzy=False)
    forms = get_plural(language).num_plurals
    for entry in _entries(wanted):
        known = old.get(_first(entry)) if old is not None else None
        plural = isinstance(entry.id, tuple | list)
        texts = ("",) * (forms if plural else 1)
        comments: Sequence[str] = ()
        if known is not None:
            comments = known.user_comments
            if isinstance(known.id, str) != plural and not known.fuzzy:
                texts = _texts(known.string)
        if language == SOURCE_LANGUAGE and not any(texts):
            texts = _texts(entry.id)
        string = texts if plural else texts[0]
        new.add(entry.id, string, locations=entry.locations, user_comments=comments)
    return new


def written(catalog: Catalog, language: str) -> str:
    """A catalogue as the text of its .po file, in the order in which the code speaks."""
    body = io.BytesIO()
    write_po(body, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    plural = get_plural(language).plural_forms if language else "nplurals=2; plural=(n != 1)"
    header = _HEADER.format(language=language, plural=plural.rstrip(";"))
    return header + body.getvalue().decode("utf-8").strip("\n") + "\n"


def read(path: Path, language: str) -> Catalog:
    """A .po file as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def complaints(catalog: Catalog, wanted: Catalog, language: str) -> list[str]:
    """What is wrong with one language's catalogue, a sentence each; empty if nothing is."""
    found: list[str] = []
    for entry in _entries(wanted):
        known = catalog.get(_first(entry))
        if known is None:
            found.append(f"missing: {_first(entry)!r}")
        else:
            found += [f"{wrong}: {_first(entry)!r}" for wrong in _wrong(entry, known, language)]
    keys = {_first(entry) for entry in _entries(wanted)}
    gone = [_first(entry) for entry in _entries(catalog) if _first(entry) not in keys]
    gone += [str(key) for key in catalog.obsolete]
    return found + [f"no longer said (run update): {key!r}" for key in gone]


def check(root: Path = ROOT, folder: Path = FOLDER) -> list[str]:
    """Everything wrong with the catalogues of `folder` for the code below `root`."""
    try:
        wanted = template(found_in(root))
    except NotLiteral as error:
        return [str(error)]
    found = [
        f"{entry.locations[0][0]}: {wrong}: {text!r}"
        for entry in _entries(wanted)
        for text in _texts(entry.id)
        for wrong in _wrong_text(text)
    ]
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        if not path.exists():
            found.append(f"{path.name}: there is no such file (run update)")
            continue
        catalog = read(path, language)
        found += [f"{path.name}: {each}" for each in complaints(catalog, wanted, language)]
    return found


def update(root: Path = ROOT, folder: Path = FOLDER) -> dict[str, int]:
    """Rewrite each .po for the code of today; how many sentences each still lacks."""
    wanted = template(found_in(root))
    lacking: dict[str, int] = {}
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        old = read(path, language) if path.exists() else None
        new = updated(old, wanted, language)
        path.write_text(written(new, language), "utf-8")
        lacking[language] = sum(not all(_texts(entry.string)) for entry in _entries(new))
    return lacking


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m locales.catalogue", description=__doc__)
    parser.add_argument("do", choices=("extract", "update", "check"))
    verb: str = parser.parse_args(arguments).do
    if verb == "check":
        found = check()
        for each in found:
            print(each)
        print(f"{len(found)} complaints" if found else "catalogues are complete")
        return 1 if found else 0
    try:
        if verb == "extract":
            print(written(template(found_in(ROOT)), ""), end="")
        else:
            for language, lacking in update().items():
                print(f"{language}.po: {lacking} sentences to translate")
    except NotLiteral as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _wrong(entry: Message, known: Message, language: str) -> Iterable[str]:
    if known.fuzzy:
        yield "fuzzy"
    if isinstance(entry.id, str) != isinstance(known.id, str):
        yield "singular and plural do not match the code (run update)"
        return
    texts = _texts(known.string)
    if not all(texts):
        yield "not translated"
        return
    if not isinstance(entry.id, str) and len(texts) != get_plural(language).num_plurals:
        yield "plural forms are missing"
    for text in texts:
        yield from _wrong_text(text)
        if not _same_holes(entry, text):
            yield f"placeholders differ in {text!r}"
        if _edges(text) != _edges(_first(entry)):
            yield f"spaces or line breaks at the ends differ in {text!r}"
        words = _ADDRESS.sub("", text)
        if language == "es" and any(words.count(a) != words.count(b) for a, b in ("¿?", "¡!")):
            yield f"an opening ¿ or ¡ is missing in {text!r}"


def _same_holes(entry: Message, text: str) -> bool:
    names = set(holes(text))
    keys = [set(holes(key)) for key in _texts(entry.id)]
    if len(keys) == 1:
        return names == keys[0]
    # A singular may spell its number out ("one neighbour"), and so may its translation.
    either = set.union(*keys) | {"count"}
    return set.intersection(*keys) - {"count"} <= names <= either


def _wrong_text(text: str) -> list[str]:
    found = markup.complaints(text)
    if stray_brace(text):
        found.append("a brace is neither doubled nor part of a {name}")
    return found


def _edges(text: str) -> tuple[str, str]:
    inner = text.strip()
    start = text.find(inner)
    return text[:start], text[start + len(inner) :]


def _entries(catalog: Catalog) -> list[Message]:
    return [entry for entry in catalog if entry.id]


def _texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def _first(entry: Message) -> str:
    return _texts(entry.id)[0]


if __name__ == "__main__":
    sys.exit(main())
