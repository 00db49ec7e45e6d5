"""The one sentence for what a town's file may not say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.townfile import BadTownFile, read
from bot.townform import TownFile
from tests.bot.towns import CROSSED, GROUP, VOTE, a_town, written


def a_category(**changes: Any) -> dict[str, Any]:
    return {"categories": [{"key": "a", "names": "x"} | changes]}


def asking(**changes: Any) -> dict[str, Any]:
    return a_category(questions=[{"key": "q", "text": "¿?", "kind": "text"} | changes])


def answering(**changes: Any) -> dict[str, Any]:
    return {"templates": [{"key": "t", "names": "x", "text": "Gracias."} | changes]}


CHOICE = {"key": "s", "names": "Sí"}
OTHER = {"key": "n", "names": "No"}

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "name: is missing"),
    ({"name": " "}, "name: must not be empty"),
    ({"name": "x" * 65}, "name: must have at most 64 characters"),
    ({"name": ["a"]}, "name: must be text"),
    ({"nmae": "x"}, "nmae: is not a setting there is (is it name?)"),
    ({"timezone": None}, "timezone: is missing"),
    ({"timezone": "Bogota"}, "timezone: is not a time zone such as America/Bogota "),
    ({"timezone": "Marte"}, "timezone: is not a time zone"),
    ({"language": "fr"}, "language: must be 'es', 'en' or 'pt_BR'"),
    ({"language": ["es"]} | a_category(), "language: must be 'es', 'en' or 'pt_BR'"),
    ({"emergency": "call us"}, "emergency: must be a telephone number"),
    ({"privacy": "text"}, "privacy: must hold settings"),
    ({"privacy": {"version": 0, "text": "x"}}, "privacy.version: must be at least 1"),
    ({"privacy": {"version": "one", "text": "x"}}, "privacy.version: must be a whole number"),
    ({"privacy": {"version": 1}}, "privacy.text: is missing"),
    ({"privacy": {"version": 1, "text": {"en": "x"}}}, "privacy.text: must be said in the town's"),
    ({"privacy": {"version": 1, "text": {"es": "x", "fr": "y"}}}, "privacy.text.fr: must be 'es',"),
    ({"privacy": {"version": 1, "text": "x" * 3001}}, "privacy.text.es: must have at most 3000"),
    ({"contacts": [{"name": "x", "phone": "?"}]}, "contacts[0].phone: must be a telephone number"),
    ({"contacts": {"name": "x"}}, "contacts: must be a list"),
    ({"timings": {"nudge_minutes": 0}}, "timings.nudge_minutes: must be at least 1"),
    ({"timings": {"expire": 5}}, "timings.expire: is not a setting there is"),
    ({"categories": []}, "categories: must have at least 1 entries"),
    ({"categories": [{"key": "a b", "names": "x"}]}, "categories[0].key: must be a key"),
    ({"categories": [{"key": "a", "names": "x", "follow_up_days": 0}]}, "follow_up_days: must be"),
    (a_category(responsable="x"), "categories[0].responsable: is not a setting there is (is it re"),
    (a_category(responsible={"en": "x"}), "categories[0].responsible: must be said in the town's"),
    (a_category(responsible=""), "categories[0].responsible.es: must not be empty"),
    (a_category(days_to_resolve=0), "categories[0].days_to_resolve: must be at least 1"),
    (a_category(days_to_resolve="soon"), "categories[0].days_to_resolve: must be a whole number"),
    (a_category(radius_m=49), "categories[0].radius_m: must be at least 50"),
    (a_category(radius_m=5001), "categories[0].radius_m: must be at most 5000"),
    (a_category(safety="x" * 601), "categories[0].safety.es: must have at most 600 characters"),
    (a_category(keywords="luz"), "categories[0].keywords: must be a list"),
    (a_category(keywords=["¡!"]), "categories[0].keywords[0]: must hold letters or digits"),
    (a_category(questions=["¿?"]), "categories[0].questions[0]: must hold settings"),
    (
        asking(kind="colour"),
        "categories[0].questions[0].kind: must be 'text', 'number', 'yes_no', ",
    ),
    (asking(text=""), "categories[0].questions[0].text.es: must not be empty"),
    (asking(required="maybe"), "categories[0].questions[0].required: must be yes or no"),
    (asking(choices=[CHOICE, OTHER]), "questions[0]: has choices, which a question of kind text"),
    (asking(kind="choice"), "questions[0]: a question of kind choice needs 2 to 20 choices, not 0"),
    (asking(kind="choices", choices=[CHOICE]), "kind choices needs 2 to 20 choices, not 1"),
    (
        asking(kind="choice", choices=[{"key": f"k{i}", "names": f"n{i}"} for i in range(21)]),
        "kind choice needs 2 to 20 choices, not 21",
    ),
    (
        asking(kind="choice", choices=[CHOICE, OTHER | {"key": "s"}]),
        "questions[0]: choices[1].key: s is the key of choices[0] too",
    ),
    (asking(kind="choice", choices=[CHOICE, OTHER | {"names": "si"}]), "has the choice si twice"),
    (
        a_category(questions=[{"key": "q", "text": "¿?", "kind": "date"}] * 2),
        "categories[0]: questions[1].key: q is the key of questions[0] too",
    ),
    (
        a_category(questions=[{"key": f"q{i}", "text": "¿?", "kind": "text"} for i in range(7)]),
        "categories[0].questions: must have at most 6 entries",
    ),
    ({"weekend": ["1", "2", "3", "4", "5", "6", "7"]}, "weekend: must leave a day to work"),
    ({"weekend": ["0"]}, "weekend[0]: must be a day such as saturday, or a number from 1"),
    ({"weekend": ["sabadoo"]}, "weekend[0]: must be a day such as saturday"),
    ({"weekend": "saturday"}, "weekend: must be a list"),
    ({"holidays": ["25/12/2026"]}, "holidays[0]: must be a date such as 2026-12-25"),
    ({"holidays": ["2026-02-30"]}, "holidays[0]: must be a date such as 2026-12-25"),
    ({"holidays": ["20261225"]}, "holidays[0]: must be a date such as 2026-12-25"),
    ({"holidays": ["2026-12-25", "2026-12-25"]}, "holidays: 2026-12-25 is there twice"),
    ({"timings": {"dormant_months": 2}}, "timings.dormant_months: must be at least 3"),
    (answering(text="{cde} ya"), "templates[0].text.es: holds {cde}, and can only hold {code}"),
    (answering(text="{} ya"), "templates[0].text.es: holds {}, and can only hold {code}, {categ"),
    (answering(text="{code!r} ya"), "templates[0].text.es: holds {code!r}"),
    (answering(text="{{code}} ya"), "templates[0].text.es: holds a brace without its pair"),
    (answering(text="ya } ya"), "templates[0].text.es: holds a brace without its pair"),
    (answering(text="x" * 801), "templates[0].text.es: must have at most 800 characters"),
    (answering(text="ya"), "templates[0].text.es: must have at least 3 characters"),
    (answering(states=["done"]), "templates[0].states[0]: must be 'received', 'confirmed',"),
    (
        answering(categories=["lux"]),
        "templates[0].categories[0]: there is no category lux (is it luz",
    ),
    (
        {"templates": answering()["templates"] * 2},
        "templates[1].key: t is the key of templates[0] too",
    ),
    (
        {"categories": [{"key": "a", "names": "x"}, {"key": "a", "names": "y"}]},
        "categories[1].key: a is the key of categories[0] too",
    ),
    ({"territories": "Centro"}, "territories: must be a list"),
    ({"territories": ["A", "a"]}, "territories[1].key: a is the key of territories[0] too"),
    ({"territories": ["🙂"]}, "territories[0].key: is missing, since the name gives none"),
    ({"territories": [{"name": "A", "parent": "B"}]}, "territories[0].parent: there is no territ"),
    (
        {"territories": [{"name": "A", "parent": "B"}, {"name": "B", "parent": "A"}]},
        "territories[0].parent: a is inside itself",
    ),
    (
        {
            "territories": [
                {"key": "x", "name": "A"},
                {"key": "y", "name": "A"},
                {"name": "B", "parent": "a"},
            ]
        },
        "territories[2].parent: several are called a, use a key: x, y",
    ),
    ({"territories": [{"name": "A", "outline": "x"}]}, "territories[0].outline: must be a GeoJSON"),
    (
        {"territories": ["B", {"name": "A", "outline": {"type": "Point", "coordinates": [0, 0]}}]},
        "territories[1].outline: must be a Polygon or a MultiPolygon, not Point",
    ),
    (
        {"territories": [{"name": "A", "outline": CROSSED}]},
        "outline: is not a valid outline: self-",
    ),
    (
        {"territories": [{"name": "A", "outline": {"type": "Polygon", "coordinates": [[[1, 2]]]}}]},
        "territories[0].outline: is not a polygon",
    ),
    (
        {"territories": [{"name": "A", "outline": {"type": "Polygon", "coordinates": [1]}}]},
        "territories[0].outline: needs coordinates",
    ),
    (
        {"territories": [{"name": "A", "outline": {"type": "Polygon", "coordinates": []}}]},
        "territories[0].outline: is empty",
    ),
    (
        {
            "territories": [
                {"name": "A", "outline": {"type": "Polygon", "coordinates": [[[4, 740]]]}}
            ]
        },
        "territories[0].outline: has the latitude 740: coordinates must be longitude and latitude",
    ),
    (
        {
            "territories": [
                {"name": "A", "outline": {"type": "Polygon", "coordinates": [[["a", "b"]]]}}
            ]
        },
        "territories[0].outline: has a longitude that is no number: 'a'",
    ),
    (
        {"territories": ["A"], "groups": [GROUP | {"territory": "Z"}]},
        "groups[0].territory: there is no territory called",
    ),
    ({"groups": [GROUP, GROUP]}, "groups[1].key: g is the key of groups[0] too"),
    ({"votes": [VOTE | {"options": ["a"]}]}, "votes[0].options: must have at least 2 entries"),
    ({"votes": [VOTE | {"options": ["a", "Á"]}]}, "votes[0]: has the same option twice"),
    ({"votes": [VOTE | {"at_most": 3}]}, "votes[0]: at_most must not exceed the number of options"),
    ({"votes": [VOTE | {"audience": {}}]}, "votes[0].audience: must name a territory or a group"),
    ({"votes": [VOTE | {"audience": "some"}]}, "votes[0].audience: must hold settings"),
    (
        {"votes": [VOTE | {"audience": {"group": "Z"}}]},
        "votes[0].audience.group: there is no group",
    ),
    ({"votes": [VOTE, VOTE]}, "votes[1].key: v is the key of votes[0] too"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_one_sentence_names_what_is_wrong(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadTownFile) as refused:
        read(written(tmp_path, a_town(**changes)))
    said = str(refused.value)
    assert said.startswith("town.yaml: ")
    assert sentence in said
    assert "\n" not in said and "pydantic" not in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file must hold settings"),
        ("- a", "the file must hold settings"),
        ("name: [", "town.yaml: line 1, column 8"),
        ("name: a\nname: b", "line 2, column 1: name is said twice"),
        ("name: 'a", "town.yaml: line 1, column 9"),
        ("a: &a [*a]", "recursive"),
        ("name: \x00", "the file is not YAML"),
        (
            'a: b\nname: "x\\0"',
            "town.yaml: line 2, column 7: holds the character U+0000, which can",
        ),
        ('votes: [{options: ["a\\ud800"]}]', "line 1, column 20: holds the character U+D800"),
        ('"\\x9f": x', "town.yaml: line 1, column 1: holds the character U+009F"),
        ("? [a]\n: b", "town.yaml: line 1, column 3"),
    ],
)
def test_what_is_no_yaml(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BadTownFile) as refused:
        read(written(tmp_path, text))
    assert sentence in str(refused.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadTownFile, match=r"^none\.yaml: there is no such file$"):
        read(tmp_path / "none.yaml")
    with pytest.raises(BadTownFile, match="cannot be read"):
        read(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("name: Peña".encode("latin-1"))
    with pytest.raises(BadTownFile, match=r"^latin\.yaml: the file is not UTF-8 text$"):
        read(tmp_path / "latin.yaml")


ANYTHING = st.recursive(
    st.text(max_size=8) | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from([*TownFile.model_fields, "other"]), ANYTHING)
@example("welcome", {"\n": None})
@example("a\nb", "x")
def test_whatever_is_written_the_answer_is_a_sentence(
    tmp_path: Path, setting: str, value: Any
) -> None:
    path = tmp_path / "town.yaml"
    path.write_text(json.dumps(a_town() | {setting: value}))
    try:
        read(path)
    except BadTownFile as refused:
        assert "\n" not in str(refused)
