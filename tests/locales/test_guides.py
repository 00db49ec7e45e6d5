"""The guides name buttons and commands as they are: a key in a guide says what its button says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.start import COMMANDS
from locales import catalogue

ROOT = Path(__file__).parents[2]
GUIDES = {
    "docs/guias/vecindario.md": "es",
    "docs/guias/gestores.md": "es",
    "docs/guias/neighbours.md": "en",
    "docs/guias/gestores-en.md": "en",
    "docs/exports.md": "en",
}
ELSEWHERE = {"cancelar", "cancel"}
"""What opens no door."""


def labels(language: str) -> set[str]:
    """Everything the bot says in a language, as a button shows it: without tags, and only what has
    nothing to fill in."""
    said: set[str] = set()
    for entry in catalogue.read(ROOT / "locales" / f"{language}.po", language):
        forms = entry.string if isinstance(entry.string, list | tuple) else [entry.string]
        said.update(re.sub("<[^>]*>", "", form) for form in forms if form and "{" not in form)
    return said


def text_of(guide: str) -> str:
    """A guide as one line, so that a label that is wrapped is whole."""
    return " ".join((ROOT / guide).read_text("utf-8").split())


@pytest.mark.parametrize("guide", GUIDES)
def test_every_key_is_a_button(guide: str) -> None:
    keys = re.findall("<kbd>(.*?)</kbd>", text_of(guide))
    assert keys
    assert set(keys) - labels(GUIDES[guide]) == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_no_button_is_named_but_as_a_key(guide: str) -> None:
    emphasised = re.findall(r"\*{1,2}([^*]+)\*{1,2}", text_of(guide))
    # Letters of our languages come before such signs.
    assert [words for words in emphasised if ord(words[0]) >= 0x2000] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_is_one(guide: str) -> None:
    commands = set(re.findall(r"`/(\w+)", text_of(guide)))
    assert commands - {*COMMANDS, *ELSEWHERE} == set()


PICTURE = re.compile(r'<img alt="[^"]+" src="\.\./images/guias/([^"]+)" width="365">')


def test_every_picture_is_there_and_shown() -> None:
    shown = {guide: set(PICTURE.findall(text_of(guide))) for guide in GUIDES}
    assert set().union(*shown.values()) == {
        one.name for one in (ROOT / "docs/images/guias").iterdir()
    }
    assert shown["docs/guias/vecindario.md"] == shown["docs/guias/neighbours.md"] != set()
    assert shown["docs/guias/gestores.md"] == shown["docs/guias/gestores-en.md"] != set()


@pytest.mark.parametrize("guide", GUIDES)
def test_no_picture_is_shown_otherwise(guide: str) -> None:
    assert len(re.findall(r"<img|!\[", text_of(guide))) == len(PICTURE.findall(text_of(guide)))
