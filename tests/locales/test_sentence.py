"""A phrase becomes one sentence: values are data, only the catalogues speak markup."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from locales import messages, sentence, speech

Key = str | tuple[str, str]
"""A sentence, or the pair of its singular and its plural."""
PO: dict[str, dict[Key, Key]] = {
    "es": {
        "Hello {name}": "Hola {name}",
        "Your <b>report</b> is <code>{code}</code>.": "Su <b>reporte</b> es <code>{code}</code>.",
        "Fish & chips < 5 &lt; 6": "Pescado & papas < 5 &lt; 6",
        '<a href="{url}">Map</a> of {place}': '<a href="{url}">Mapa</a> de {place}',
        "Write {{code}}": "Escriba {{code}}",
        "Open on {when}": "Abre el {when}",
        ("{count} neighbour of {barrio}", "{count} neighbours of {barrio}"): (
            "{count} vecina de {barrio}",
            "{count} vecinas de {barrio}",
        ),
    },
    "en": {"Hello {name}": "Hello {name}"},
    "pt_BR": {("{count} day", "{count} days"): ("{count} dia", "{count} dias")},
}


@pytest.fixture(autouse=True)
def small_catalogues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from babel.messages.catalog import Catalog

    def read(language: str) -> messages.Catalogue:
        catalog = Catalog(locale=language)
        for key, text in PO[language].items():
            catalog.add(key, text)
        return messages.Catalogue(catalog)

    kept = {language: read(language) for language in locales.LANGUAGES}
    monkeypatch.setattr(speech, "catalogue", kept.__getitem__)
    speech._known_voice.cache_clear()
    speech._voice.cache_clear()
    was = locales.strict()
    yield
    locales.strict(was)
    speech._known_voice.cache_clear()
    speech._voice.cache_clear()


def say(key: str, **values: object) -> dict[str, object]:
    return {"key": key, "values": values}


def test_values_are_escaped_and_markup_of_the_catalogue_is_kept() -> None:
    hostile = '<b>&"{name}'
    assert sentence(say("Hello {name}", name=hostile), "es") == "Hola &lt;b&gt;&amp;&quot;{name}"
    assert sentence(say("Hello {name}", name=hostile), "es", markup=False) == f"Hola {hostile}"
    key = "Your <b>report</b> is <code>{code}</code>."
    assert sentence(say(key, code="A-1"), "es") == "Su <b>reporte</b> es <code>A-1</code>."
    assert sentence(say(key, code="A-1"), "es", markup=False) == "Su reporte es A-1."


def test_a_stray_sign_in_a_catalogue_cannot_break_the_html() -> None:
    key = say("Fish & chips < 5 &lt; 6")
    assert sentence(key, "es") == "Pescado &amp; papas &lt; 5 &lt; 6"
    assert sentence(key, "es", markup=False) == "Pescado & papas < 5 < 6"


def test_an_address_takes_text_only() -> None:
    phrase = say(
        '<a href="{url}">Map</a> of {place}',
        url={"row": ['https://x.org/?a=1&b="', "<i>"]},
        place=say("Hello {name}", name="<i>"),
    )
    assert sentence(phrase, "es") == (
        '<a href="https://x.org/?a=1&amp;b=&quot; &lt;i&gt;">Mapa</a> de Hola &lt;i&gt;'
    )
    assert sentence(phrase, "es", markup=False) == "Mapa de Hola <i>"


def test_doubled_braces_are_braces() -> None:
    assert sentence(say("Write {{code}}"), "es") == "Escriba {code}"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 vecinas"), (1, "1 vecina"), (2, "2 vecinas"), (12345, "12.345 vecinas")],
)
def test_a_number_chooses_its_form(number: int, text: str) -> None:
    phrase = {
        "key": "{count} neighbour of {barrio}",
        "plural": "{count} neighbours of {barrio}",
        "count": number,
        "values": {"barrio": "La Loma"},
    }
    assert sentence(phrase, "es") == f"{text} de La Loma"


def test_each_language_has_its_own_plural_rule() -> None:
    phrase = {"key": "{count} day", "plural": "{count} days", "count": 0}
    assert sentence(phrase, "pt_BR") == "0 dia"
    assert sentence({**phrase, "count": 1.5}, "pt_BR") == "1,5 dias"


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("es", "long", "jueves, 5 de marzo, 18:30"),
        ("es", "full", "jueves, 5 de marzo de 2026, 18:30"),
        ("es", "medium", "jue, 5 mar, 18:30"),
        ("es", "short", "5 mar, 18:30"),
        ("es", "time", "18:30"),
        ("en", "time", "18:30"),
        ("es", "pattern:MMMM yyyy", "marzo 2026"),
        ("en", "long", "Thursday, March 5, 18:30"),
        ("pt_BR", "long", "quinta-feira, 5 de março, 18:30"),
    ],
)
def test_a_moment_stands_on_the_towns_clock(language: str, style: str, text: str) -> None:
    phrase = {"time": "2026-03-05T23:30:00+00:00", "style": style}
    assert sentence(phrase, language, "America/Bogota") == text
    assert sentence(phrase, language, ZoneInfo("America/Bogota")) == text


def test_a_moment_without_offset_is_the_towns_own() -> None:
    assert sentence({"time": "2026-03-05T18:30", "style": "time"}, "es", "Asia/Tokyo") == "18:30"


def test_spanish_days_are_those_of_latin_america() -> None:
    wednesday = {"date": "2026-03-04", "style": "pattern:ccccc"}
    assert sentence(wednesday, "es") == "M"
    assert sentence({**wednesday, "style": "pattern:EEE d MMM"}, "es") == "mié 4 mar"
    assert sentence({**wednesday, "style": "pattern:LLLL y"}, "es") == "marzo 2026"


def test_days_lists_names_and_lines() -> None:
    assert sentence({"date": "2026-05-01"}, "es") == "1 de mayo de 2026"
    assert sentence({"date": "2026-05-01", "style": "pattern:EEEEEE"}, "es") == "VI"
    assert sentence({"list": ["agua", "luz", "{0} <b>"]}, "es") == "agua, luz y {0} &lt;b&gt;"
    assert sentence({"list": ["agua", "internet"]}, "es") == "agua e internet"
    assert sentence({"list": ["agua", "hielo"]}, "es") == "agua y hielo"
    assert sentence({"list": ["water", "ice"]}, "en") == "water and ice"
    assert sentence({"list": []}, "es") == ""
    names = {"names": {"es": "Bache", "en": "Pothole <1>", "pt": "Buraco"}}
    assert [sentence(names, each) for each in locales.LANGUAGES] == [
        "Bache",
        "Pothole &lt;1&gt;",
        "Buraco",
    ]
    assert sentence({"names": {"qu": "T'uqu"}}, "pt_BR") == "T'uqu"
    assert sentence({"lines": ["a", "", {"row": ["b", "", 1234.5]}]}, "es") == "a\n\nb 1234,5"


def test_numbers_as_the_language_writes_them() -> None:
    assert [sentence(12345.5, each) for each in locales.LANGUAGES] == [
        "12.345,5",
        "12,345.5",
        "12.345,5",
    ]
    assert [sentence(each, "es") for each in (1234, 1234.0, 1234.5)] == ["1234", "1234", "1234,5"]
    assert sentence(-7, "es") == "-7"


def test_text_from_right_to_left_stays_in_its_place() -> None:
    said = sentence(say("Hello {name}", name="شارع\u202e 5"), "es")
    assert said == "Hola \u2068شارع 5\u2069"
    assert sentence(say("Hello {name}", name="Ñandú 🌳"), "es") == "Hola Ñandú 🌳"


@pytest.mark.parametrize(
    "phrase",
    [
        say("Nobody wrote this"),
        say("Hello {name}"),
        say("Hello {name}", name=None),
        {"key": "Hello {name}", "plural": "Hellos", "count": 2, "values": {"name": "x"}},
        {"names": {}},
        {"unheard": 1},
        None,
        True,
    ],
)
def test_what_is_missing_raises_in_strict_mode(phrase: object) -> None:
    with pytest.raises(locales.MissingText):
        sentence(phrase, "es")


def test_what_is_missing_falls_back_and_is_logged_once_without_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    locales.strict(False)
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert sentence(say("Open on {when}", when="secret"), "en") == "Abre el secret"
            assert sentence(say("Unknown <b>{who}</b>", who="secret"), "en") == (
                "Unknown <b>secret</b>"
            )
            assert sentence(say("Hello {name}"), "es") == "Hola "
    assert len(caplog.records) == 3
    assert "secret" not in caplog.text


def test_an_unknown_language_is_answered_in_a_known_one() -> None:
    assert sentence(say("Hello {name}", name="x"), "es-419") == "Hola x"
    assert sentence(say("Hello {name}", name="x"), "qu") == "Hola x"


@given(st.text())
def test_any_value_comes_back_as_it_was(value: str) -> None:
    said = sentence(say("Hello {name}", name=value), "es")
    shown = html.unescape(re.sub("<.*?>", "<tag>", said)).removeprefix("Hola ")
    turns = "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    assert re.sub(turns, "", shown) == re.sub(turns, "", value)
    assert sentence(value, "es", markup=False) == value
