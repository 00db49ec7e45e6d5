"""The keeper of the catalogues finds every sentence, keeps translations and lets nothing by."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import locales
from locales import LANGUAGES, catalogue, sentence
from locales.extraction import Found, NotLiteral, found_in, found_in_source
from locales.messages import holes

CODE = """
from flows.phrase import N_, count, say

TITLE = N_("Report a problem")
LONG = N_(
    "Tell us "
    "in your own words."
)
GREETING = say("Hello {name}", name="x")
AGAIN = say(TITLE)
MANY = count(N_("{count} vote"), N_("{count} votes"), 3)
BARE = count("one day", "{count} days", 3)
WHOLE = {"key": "one {thing}", "plural": "{count} {thing}", "count": 2}
NOTHING = "a.b".count(".")
"""

Key = str | tuple[str, str]
"""A sentence, or the pair of its singular and its plural."""
COMPLETE: dict[Key, Key] = {
    "Report a problem": "Reportar un problema",
    "Tell us in your own words.": "Cuéntenos con sus palabras.",
    "Hello {name}": "Hola {name}",
    ("{count} vote", "{count} votes"): ("{count} voto", "{count} votos"),
    ("one day", "{count} days"): ("un día", "{count} días"),
    ("one {thing}", "{count} {thing}"): ("un {thing}", "{count} {thing}"),
}


def wanted(code: str = CODE) -> Catalog:
    return catalogue.template(found_in_source(code, "flows/x.py"))


def filled(texts: dict[Key, Key], code: str = CODE) -> Catalog:
    catalog = Catalog(locale="es", fuzzy=False)
    for key, text in texts.items():
        catalog.add(key, text)
    return catalogue.updated(catalog, wanted(code), "es")


def test_every_sentence_is_found_once() -> None:
    assert found_in_source(CODE, "flows/x.py") == [
        Found("Report a problem", None, "flows/x.py", 4),
        Found("Tell us in your own words.", None, "flows/x.py", 5),
        Found("Hello {name}", None, "flows/x.py", 9),
        Found("{count} vote", "{count} votes", "flows/x.py", 11),
        Found("one day", "{count} days", "flows/x.py", 12),
        Found("one {thing}", "{count} {thing}", "flows/x.py", 13),
    ]


@pytest.mark.parametrize(
    "code", ['N_(f"Hello {name}")', "N_(text)", 'N_("")', 'count(N_("one"), many, 3)']
)
def test_a_key_that_is_no_literal_is_refused(code: str) -> None:
    with pytest.raises(NotLiteral, match=r"flows/x\.py:1"):
        found_in_source(code, "flows/x.py")


def test_a_complete_catalogue_has_no_complaints() -> None:
    assert catalogue.complaints(filled(COMPLETE), wanted(), "es") == []


@pytest.mark.parametrize(
    ("key", "text", "complaint"),
    [
        ("Report a problem", "", "not translated"),
        ("Hello {name}", "Hola {nombre}", "placeholders differ"),
        ("Hello {name}", "Hola", "placeholders differ"),
        ("Hello {name}", "Hola {name.__class__}", "a brace is neither"),
        ("Hello {name}", "Hola {name:>999}", "a brace is neither"),
        ("Hello {name}", "Hola {name}\n", "line breaks at the ends"),
        ("Hello {name}", "<b>Hola {name}", "<b> is not closed"),
        ("Hello {name}", "<b><i>Hola {name}</b></i>", "</b> closes nothing"),
        ("Hello {name}", "<script>Hola {name}</script>", "not a tag that may be used"),
        ("Hello {name}", '<b onclick="x">Hola {name}</b>', "not a tag that may be used"),
        ("Hello {name}", "Hola < {name}", 'a "<" belongs to no tag'),
        ("Hello {name}", "Hola {name}?", "an opening ¿ or ¡ is missing"),
        (("{count} vote", "{count} votes"), ("{count} voto", ""), "not translated"),
        (("one {thing}", "{count} {thing}"), ("un {thing}", "{count}"), "placeholders differ"),
    ],
)
def test_what_is_wrong_is_said(key: Key, text: Key, complaint: str) -> None:
    found = catalogue.complaints(filled({**COMPLETE, key: text}), wanted(), "es")
    assert any(complaint in each for each in found), found


def test_a_singular_may_spell_its_number_out() -> None:
    texts = {**COMPLETE, ("{count} vote", "{count} votes"): ("un voto", "{count} votos")}
    assert catalogue.complaints(filled(texts), wanted(), "es") == []


def test_missing_fuzzy_and_obsolete_are_complaints() -> None:
    fewer = CODE.replace('N_("Report a problem")', "None")
    assert any(
        each.startswith("missing: 'Report")
        for each in catalogue.complaints(filled(COMPLETE, fewer), wanted(), "es")
    )
    assert catalogue.complaints(filled(COMPLETE), wanted(fewer), "es") == [
        "no longer said (run update): 'Report a problem'"
    ]
    fuzzy = filled(COMPLETE)
    entry = fuzzy.get("Report a problem")
    assert entry is not None
    entry.flags.add("fuzzy")
    assert catalogue.complaints(fuzzy, wanted(), "es") == ["fuzzy: 'Report a problem'"]


def test_a_sentence_that_becomes_plural_is_asked_for_again() -> None:
    old = filled({"Report a problem": "Reportar"})
    code = 'count(N_("Report a problem"), N_("Report {count} problems"), 2)'
    new = catalogue.updated(old, wanted(code), "es")
    assert catalogue.complaints(new, wanted(code), "es") == ["not translated: 'Report a problem'"]
    assert "match the code" in catalogue.complaints(old, wanted(code), "es")[0]


def test_update_keeps_translations_and_writes_the_same_file_twice(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "x.py").write_text(CODE, "utf-8")
    assert catalogue.update(tmp_path, tmp_path) == {"es": 6, "en": 0, "pt_BR": 6}
    spanish = tmp_path / "es.po"
    spanish.write_text(catalogue.written(filled(COMPLETE), "es"), "utf-8")
    assert catalogue.update(tmp_path, tmp_path) == {"es": 0, "en": 0, "pt_BR": 6}
    once = spanish.read_text("utf-8")
    catalogue.update(tmp_path, tmp_path)
    assert spanish.read_text("utf-8") == once
    assert "Cuéntenos con sus palabras." in once
    assert "#: flows/x.py\n" in once
    assert str(tmp_path) not in once
    assert not any(year in once for year in ("Date", "202"))
    found = catalogue.check(tmp_path, tmp_path)
    assert len(found) == 6
    assert all(each.startswith("pt_BR.po: not translated") for each in found)


def test_a_missing_file_and_a_wrong_key_are_complaints(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "x.py").write_text('N_("<b>Hello")', "utf-8")
    found = catalogue.check(tmp_path, tmp_path)
    assert "flows/x.py: <b> is not closed: '<b>Hello'" in found
    assert "es.po: there is no such file (run update)" in found


def test_the_catalogues_are_complete() -> None:
    assert catalogue.check() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    was = locales.strict()
    try:
        for entry in catalogue.template(found_in(catalogue.ROOT)):
            if not entry.id:
                continue
            keys = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
            values = dict.fromkeys({hole for key in keys for hole in holes(key)}, "x")
            phrase: dict[str, object] = {"key": keys[0], "values": values}
            for count in (0, 1, 2, 5, 1_000_000) if len(keys) > 1 else (None,):
                if count is not None:
                    phrase |= {"plural": keys[1], "count": count}
                said = sentence(phrase, language)
                assert said
    finally:
        locales.strict(was)
