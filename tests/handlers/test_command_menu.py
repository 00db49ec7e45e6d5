"""The commands Telegram shows say what they do in each of our languages, and all of them open."""

from __future__ import annotations

import pytest

from handlers import COMMAND_MENU
from handlers.start import COMMANDS
from locales import LANGUAGES, sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_command_says_what_it_does(language: str) -> None:
    for command, what in COMMAND_MENU:
        said = sentence(what, language, markup=False)
        english = sentence(what, "en", markup=False)
        assert said.strip() and (said != english) == (language != "en"), command


def test_spanish_comes_in_spanish() -> None:
    menu = {command: sentence(what, "es", markup=False) for command, what in COMMAND_MENU}
    assert menu["reportar"] == "Reportar un problema"


def test_each_command_opens_something() -> None:
    assert {command for command, _ in COMMAND_MENU} <= {*COMMANDS, "cancelar"}
