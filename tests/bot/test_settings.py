"""A wrong setting is one sentence that names it and gives no secret away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, WrongSetting, load

TOKEN = "123456:AAbb-cc_dd"
SECRET = "0123456789abcdef"


def given(monkeypatch: pytest.MonkeyPatch, **names: str) -> Settings:
    for name, value in names.items():
        monkeypatch.setenv(f"CABILDO_{name.upper()}", value)
    return load(None)


def test_nothing_is_needed_to_load() -> None:
    settings = load(None)
    assert settings.token is None
    assert settings.database_url == "sqlite:///cabildo.sqlite"
    assert settings.language == "es"
    assert settings.admins == frozenset()


def test_everything_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch,
        token=TOKEN,
        api_base="http://127.0.0.1:8081/",
        database_url="postgresql://u:p@localhost/cabildo",
        admins=" 11, 22 ,",
        timezone="America/Bogota",
        language="pt-BR",
        secret=SECRET,
        clock="http://127.0.0.1:8000",
        webhook_url="https://town.example/hook",
        webhook_secret=SECRET,
        webhook_host="0.0.0.0",
        webhook_port="9000",
        health_port="9001",
    )
    assert settings.token and settings.token.get_secret_value() == TOKEN
    assert settings.api_base == "http://127.0.0.1:8081"
    assert settings.admins == {11, 22}
    assert settings.language == "pt_BR"
    assert (settings.webhook_port, settings.health_port) == (9000, 9001)


def test_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, token="", health_port="", webhook_url="", admins="")
    assert settings == load(None)
    assert settings.health_port is None and settings.webhook_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token", "123456"),
        ("token", "123456:AA bb"),
        ("token", f"bot{TOKEN}"),
        ("token", "  "),
        ("api_base", "127.0.0.1:8081"),
        ("api_base", "http://[half"),
        ("api_base", "http://two words"),
        ("database_url", "mysql://u:p4ssword@h/d"),
        ("database_url", "no address with p4ssword"),
        ("database_url", "sqlite://"),
        ("database_url", "sqlite:///:memory:"),
        ("database_url", "sqlite:////nowhere/at/all/cabildo.sqlite"),
        ("admins", "@rosa"),
        ("admins", "1;2"),
        ("admins", "-5"),
        ("timezone", "Macondo"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "/etc/passwd"),
        ("language", "fr"),
        ("secret", "p4ssword"),
        ("secret", " "),
        ("secret", " " * 40),
        ("clock", "tomorrow"),
        ("webhook_url", "http://town.example/hook"),
        ("webhook_url", "https://"),
        ("webhook_url", "https://town.example:9000/hook"),
        ("webhook_secret", "p4ssword!p4ssword!"),
        ("webhook_secret", " " * 40),
        ("webhook_host", " "),
        ("webhook_port", "0"),
        ("webhook_port", "65536"),
        ("health_port", "eighty"),
    ],
)
def test_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as told:
        given(monkeypatch, **{name: value})
    sentence = str(told.value)
    assert sentence.startswith(f"CABILDO_{name.upper()} ")
    assert sentence.endswith(".") and "\n" not in sentence
    assert "p4ssword" not in sentence and "AA bb" not in sentence


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongSetting, match=r"^CABILDO_WEBHOOK_URL needs CABILDO_WEBHOOK_SECRET"):
        given(monkeypatch, webhook_url="https://town.example/hook")


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("CABILDO_TOKN", "CABILDO_TOKEN"), ("CABILDO_ADMIN", "CABILDO_ADMINS"),
     ("CABILDO_DATABASE", "CABILDO_DATABASE_URL")],
)  # fmt: skip
def test_a_typo_is_pointed_out(monkeypatch: pytest.MonkeyPatch, typo: str, meant: str) -> None:
    monkeypatch.setenv(typo, "1")
    with pytest.raises(WrongSetting, match=f"^{typo} is not a setting: did you mean {meant}"):
        load(None)


def test_a_stranger_is_told_of_and_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, colour="blue", strict_text="1")
    assert settings.unknown == ("CABILDO_COLOUR",)


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("CABILDO_LANGUAGE=en\nCABILDO_TIMEZONE='America/Lima'\nPATH_OF_OTHERS=1\n")
    monkeypatch.setenv("CABILDO_LANGUAGE", "pt_BR")
    settings = load(file)
    assert (settings.language, settings.timezone) == ("pt_BR", "America/Lima")
    assert settings.unknown == ()
    file.write_text("CABILDO_TOKKEN=1\n")
    with pytest.raises(WrongSetting, match="CABILDO_TOKKEN"):
        load(file)
    file.write_bytes(b"CABILDO_TOKEN=\xff\xfe")
    with pytest.raises(WrongSetting, match=re.escape(str(file))):
        load(file)


def test_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(
        monkeypatch,
        token=TOKEN,
        secret=SECRET,
        webhook_secret=SECRET + "x",
        database_url="postgresql://u:p4ssword@localhost/cabildo",
    )
    for shown in (repr(settings), str(settings)):
        assert TOKEN not in shown and SECRET not in shown and "p4ssword" not in shown


def test_the_example_file_sets_nothing_as_it_is() -> None:
    assert load(Path(__file__).parents[2] / ".env.example") == load(None)


def test_the_example_file_names_every_setting() -> None:
    text = (Path(__file__).parents[2] / ".env.example").read_text()
    named = set(re.findall(r"^#?\s*(CABILDO_[A-Z_]+)=", text, re.M))
    assert named == {
        f"CABILDO_{name.upper()}" for name in Settings.model_fields if name != "unknown"
    }
