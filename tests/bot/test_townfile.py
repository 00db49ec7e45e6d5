"""The town's file: what may be said in it, and the one sentence for what may not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from bot import townfile
from bot.townfile import BadTownFile, plan_of, read
from bot.townform import TownFile
from civic.territory import Atlas, Place
from civic.words import fold

LANGUAGES = {"es", "en", "pt_BR"}
RING = [[-74.0, 4.0], [-73.9, 4.0], [-73.9, 4.1], [-74.0, 4.1], [-74.0, 4.0]]
VOTE = {"key": "v", "question": "q", "options": ["a", "b"]}
GROUP = {"key": "g", "name": "g", "theme": "t", "purpose": "p"}
SQUARE = {"type": "Polygon", "coordinates": [RING]}
CROSSED = {
    "type": "Polygon",
    "coordinates": [[[-74.0, 4.0], [-73.9, 4.1], [-73.9, 4.0], [-74.0, 4.1], [-74.0, 4.0]]],
}


def a_town(**changes: Any) -> dict[str, Any]:
    """The least that a town's file must say."""
    town: dict[str, Any] = {
        "name": "Pueblo",
        "timezone": "America/Lima",
        "emergency": "105",
        "privacy": {"version": 1, "text": {"es": "Guardamos lo que usted nos cuente."}},
        "categories": [{"key": "luz", "names": {"es": "Luz"}}],
    }
    return {key: value for key, value in (town | changes).items() if value is not None}


def written(folder: Path, town: Any) -> Path:
    path = folder / "town.yaml"
    path.write_text(town if isinstance(town, str) else yaml.safe_dump(town, allow_unicode=True))
    return path


def drawn(folder: Path, *features: tuple[dict[str, Any], Any]) -> None:
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
    }
    (folder / "barrios.geojson").write_text(json.dumps(collection))


def test_the_least_a_town_says(tmp_path: Path) -> None:
    town = read(written(tmp_path, a_town()))
    assert (town.name, town.language, town.emergency) == ("Pueblo", "es", "105")
    plan = plan_of(town)
    assert (plan.nudge_minutes, plan.expire_hours, plan.follow_up_days) == (60, 72, 28)
    assert plan.territories is None and plan.votes == []
    assert (plan.weekend, plan.holidays, plan.templates) == ([5, 6], (), [])
    assert plan.dormant_months is None
    light = plan.categories[0]
    assert (light.responsible, light.safety, light.keywords, light.questions) == ({}, {}, [], [])
    assert (light.days_to_resolve, light.radius_m) == (None, 250)


def test_a_category_says_who_when_and_how_near(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
name: Pueblo
timezone: America/Lima
emergency: 105
privacy: {version: 1, text: Guardamos poco.}
categories:
  - key: cables
    names: {es: Cables, en: Wires}
    responsible: Electrificadora
    days_to_resolve: 3
    radius_m: 80
    safety: {es: No lo toque. Llame al 105., en: Do not touch it.}
    keywords: [cable, poste caído]
    questions:
      - {key: poste, text: "¿Qué número tiene el poste?", kind: text}
      - key: chispas
        text: {es: "¿Echa chispas?", en: "Does it spark?"}
        kind: choice
        required: yes
        choices: [{key: s, names: Sí}, {key: n, names: No}]
templates:
  - key: visita
    names: Visita
    text: "{responsible} va a {place} por {code} ({category}), {name}: {expected}."
    states: [confirmed, planned]
    categories: [cables]
  - {key: gracias, names: Gracias, text: Gracias por contarnos.}
""",
    )
    plan = plan_of(read(path))
    cables = plan.categories[0]
    assert cables.responsible == {"es": "Electrificadora"}
    assert (cables.days_to_resolve, cables.radius_m) == (3, 80)
    assert cables.safety == {"es": "No lo toque. Llame al 105.", "en": "Do not touch it."}
    assert cables.keywords == ["cable", "poste caído"]
    assert cables.questions == [
        {
            "key": "poste",
            "text": {"es": "¿Qué número tiene el poste?"},
            "kind": "text",
            "required": False,
            "choices": [],
        },
        {
            "key": "chispas",
            "text": {"es": "¿Echa chispas?", "en": "Does it spark?"},
            "kind": "choice",
            "required": True,
            "choices": [{"key": "s", "names": {"es": "Sí"}}, {"key": "n", "names": {"es": "No"}}],
        },
    ]
    assert [(t["states"], t["categories"]) for t in plan.templates] == [
        (["confirmed", "planned"], ["cables"]),
        ([], []),
    ]
    assert plan.templates[1] == {
        "key": "gracias",
        "names": {"es": "Gracias"},
        "text": {"es": "Gracias por contarnos."},
        "states": [],
        "categories": [],
    }


@pytest.mark.parametrize(
    ("written_days", "days"),
    [
        (["sábado", "DOMINGO"], [5, 6]),
        (["friday", "sexta-feira", "Viernes"], [4]),
        (["7", "1"], [0, 6]),
        (["terça", "miércoles"], [1, 2]),
        ([], []),
    ],
)
def test_days_off_by_name_or_number(
    tmp_path: Path, written_days: list[str], days: list[int]
) -> None:
    holidays = ["2027-01-01", "2026-12-25"]
    town = a_town(weekend=written_days, holidays=holidays, timings={"dormant_months": 24})
    plan = plan_of(read(written(tmp_path, town)))
    assert plan.weekend == days
    assert plan.holidays == (date(2026, 12, 25), date(2027, 1, 1))
    assert plan.dormant_months == 24


def test_without_places_a_group_says_what_the_database_may_know(tmp_path: Path) -> None:
    vote = VOTE | {"audience": {"territory": "Caballito"}}
    town = a_town(groups=[GROUP | {"territory": "La Loma"}], votes=[vote])
    plan = plan_of(read(written(tmp_path, town)))
    assert plan.territories is None
    assert plan.groups[0].territory == "La Loma"
    assert plan.votes[0].audience == ("territory", "Caballito")


def test_text_stays_text(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
name: No
timezone: America/Lima
emergency: 0123
privacy: {version: 2, text: Guardamos poco.}
territories: [Sí, No, 1810, 12:30]
categories: [{key: luz, names: Luz}]
""",
    )
    town = read(path)
    assert (town.name, town.emergency) == ("No", "0123")
    assert town.territories is not None
    assert [entry.name for entry in town.territories] == ["Sí", "No", "1810", "12:30"]
    assert town.privacy.text == {"es": "Guardamos poco."}


def test_places_by_name_and_by_key(tmp_path: Path) -> None:
    territories = [
        {"name": "La Peña", "parent": "Comuna Sur"},
        {"key": "sur", "name": "Comuna Sur", "kind": "comuna", "outline": SQUARE},
        {"name": "El Alto", "parent": "sur"},
    ]
    plan = plan_of(read(written(tmp_path, a_town(territories=territories))))
    assert plan.territories is not None
    assert [(t.key, t.kind, t.parent) for t in plan.territories] == [
        ("la-pena", "barrio", "sur"),
        ("sur", "comuna", None),
        ("el-alto", "barrio", "sur"),
    ]
    assert plan.territories[1].outline == SQUARE


def test_places_drawn_in_a_file(tmp_path: Path) -> None:
    east = {"type": "Polygon", "coordinates": [[[x + 0.1, y, 2600] for x, y in RING]]}
    drawn(
        tmp_path,
        ({"N": "Norte", "C": 15.0}, SQUARE),
        ({"N": "Oriente", "C": 15.0}, east),
        ({"N": "Vereda", "C": None}, {"type": "MultiPolygon", "coordinates": [[RING]]}),
    )
    source = {"file": "barrios.geojson", "name": "N", "parent": "C", "parent_label": "Comuna {}"}
    plan = plan_of(read(written(tmp_path, a_town(territories=source))))
    assert plan.territories is not None
    assert [(t.key, t.name, t.kind, t.parent) for t in plan.territories] == [
        ("comuna-15", "Comuna 15", "comuna", None),
        ("norte", "Norte", "barrio", "comuna-15"),
        ("oriente", "Oriente", "barrio", "comuna-15"),
        ("vereda", "Vereda", "barrio", None),
    ]
    whole = shape(plan.territories[0].outline)
    assert whole.area == pytest.approx(0.02)
    # Heights are left out.
    assert plan.territories[2].outline is not None
    assert len(plan.territories[2].outline["coordinates"][0][0]) == 2


def test_a_parent_that_is_a_feature_itself(tmp_path: Path) -> None:
    drawn(tmp_path, ({"N": "Todo", "C": None}, SQUARE), ({"N": "Parte", "C": "Todo"}, SQUARE))
    source = {"file": "barrios.geojson", "name": "N", "parent": "C"}
    plan = plan_of(read(written(tmp_path, a_town(territories=source))))
    assert plan.territories is not None
    assert [(t.key, t.parent) for t in plan.territories] == [("todo", None), ("parte", "todo")]


def test_groups_and_votes_find_what_they_name(tmp_path: Path) -> None:
    group = {
        "key": "g",
        "name": "Mesa",
        "theme": "Agua",
        "purpose": "Cuidar",
        "territory": "el alto",
    }
    vote = {"key": "v", "question": "¿Qué?", "options": ["a", "b"], "at_most": 2}
    votes = [
        vote | {"audience": "all"},
        vote | {"key": "w", "audience": {"territory": "El Alto"}},
        vote | {"key": "x", "audience": {"group": "Mesa"}},
        vote | {"key": "y"},
    ]
    town = a_town(territories=["El Alto"], groups=[group], votes=votes)
    plan = plan_of(read(written(tmp_path, town)))
    assert plan.groups[0].territory == "el-alto"
    assert [v.audience for v in plan.votes] == [
        ("all", None),
        ("territory", "el-alto"),
        ("group", "g"),
        ("all", None),
    ]


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


@pytest.mark.parametrize(
    ("features", "source", "sentence"),
    [
        (None, {}, "territories: barrios.geojson is not there"),
        ("{", {}, "territories: barrios.geojson is not GeoJSON"),
        ("[]", {}, "is not a GeoJSON FeatureCollection"),
        ([({"N": "A"}, SQUARE)], {"name": ""}, "territories.name: must not be empty"),
        ([({"N": "A"}, SQUARE)], {"extra": "x"}, "territories.extra: is not a setting"),
        ([({"N": "A"}, SQUARE)], {"parent_label": "x"}, "territories.parent_label: must hold {}"),
        (
            [({"N": "A", "n": 1}, SQUARE)],
            {"key": "K"},
            "territories: barrios.geojson: there is no property K: the features have N, n",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "B", "K": "b"}, SQUARE)],
            {"key": "K"},
            "feature 1 (A): the property K is missing",
        ),
        ([({"Nom": "A"}, SQUARE)], {"name": "nom"}, "no property nom (is it Nom?): the features"),
        ([({}, SQUARE)], {}, "there is no property N, since the features have none"),
        ([({"N": "x" * 65}, SQUARE)], {}, "feature 1: the name has 65 characters, over 64"),
        (
            [({"N": "A"}, SQUARE), ({"M": "B"}, SQUARE)],
            {},
            "territories: barrios.geojson, feature 2: the property N is missing",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "La Loma"}, CROSSED)],
            {},
            "territories: barrios.geojson, feature 2 (La Loma): the outline is not a valid outline",
        ),
        ([({"N": "A"}, None)], {}, "feature 1 (A): the outline is missing: the geometry is null"),
        ([({"N": "A"}, "x")], {}, "feature 1 (A): the outline must be a GeoJSON geometry"),
        ([({"N": "A"}, {"type": ["Polygon"]})], {}, "(A): the outline must be a GeoJSON geometry"),
        ([({"N": "A"}, {"type": ""})], {}, "(A): the outline must be a Polygon or a MultiPolygon"),
        (
            [({"N": "A"}, {"type": "GeometryCollection", "geometries": [SQUARE]})],
            {},
            "the outline must be a Polygon or a MultiPolygon, not GeometryCollection",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [RING, []]})],
            {},
            "feature 1 (A): the outline is not a polygon: a ring needs at least four points",
        ),
        (
            [({"N": "A"}, {"type": "MultiPolygon", "coordinates": [[RING], [[]]]})],
            {},
            "feature 1 (A): the outline is not a polygon: a ring needs at least four points",
        ),
        (
            [({"N": "A"}, {"type": "MultiPolygon", "coordinates": [[RING], []]})],
            {},
            "feature 1 (A): the outline is not a polygon: a part of it has no ring",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[[[]], 0]]]})],
            {},
            "feature 1 (A): the outline has a longitude that is no number",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [RING[:-1]]})],
            {},
            "feature 1 (A): the outline is not closed: a ring must end at the point where it began",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[363000.5, 6168000.0]]]})],
            {},
            "the outline has the longitude 363000: coordinates must be longitude and latitude in "
            "degrees (WGS 84), in this order; these look like metres on a map",
        ),
        (
            [({"N": "A"}, {"type": "Polygon", "coordinates": [[[10**400, 0]]]})],
            {},
            "the outline has a longitude that is no number",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "La \ud800Loma"}, SQUARE)],
            {},
            "barrios.geojson, feature 2: the property N holds the character U+D800, which cannot",
        ),
        (
            [({"N": "A", "C": "1\0"}, SQUARE)],
            {"parent": "C"},
            "barrios.geojson, feature 1: the property C holds the character U+0000, which cannot",
        ),
        (
            [({"N": "A", "K": "\x07a"}, SQUARE)],
            {"key": "K"},
            "barrios.geojson, feature 1: the property K holds the character U+0007, which cannot",
        ),
        (
            [({"N": "A"}, SQUARE), ({"N": "A"}, SQUARE)],
            {},
            "territories[1].key: a is the key of territories[0] too",
        ),
    ],
)
def test_drawings_that_cannot_be_used(
    tmp_path: Path, features: Any, source: dict[str, Any], sentence: str
) -> None:
    if isinstance(features, str):
        (tmp_path / "barrios.geojson").write_text(features)
    elif features:
        drawn(tmp_path, *features)
    territories = {"file": "barrios.geojson", "name": "N"} | source
    with pytest.raises(BadTownFile) as refused:
        read(written(tmp_path, a_town(territories=territories)))
    assert sentence in str(refused.value)


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


# The demo's town.


def demo_atlas() -> tuple[Atlas, dict[str, int]]:
    plan = plan_of(read(townfile.DEMO))
    assert plan.territories is not None
    ids = {t.key: number for number, t in enumerate(plan.territories, start=1)}
    places = [
        Place(ids[t.key], t.key, t.name, ids[t.parent] if t.parent else None, t.outline)
        for t in plan.territories
    ]
    return Atlas(places), ids


def test_the_demo_town_is_complete() -> None:
    town = read(townfile.DEMO)
    plan = plan_of(town)
    assert plan.territories is not None
    assert [t.kind for t in plan.territories].count("comuna") == 2
    assert [t.kind for t in plan.territories].count("barrio") == 6
    assert len(plan.groups) == 3 and len(plan.categories) == 10
    assert [(len(v.options), v.at_most, v.closes_in_days) for v in plan.votes] == [(5, 2, 7)]
    assert set(plan.privacy) == set(plan.welcome) == LANGUAGES
    assert all(set(c.names) == LANGUAGES and c.emoji for c in plan.categories)
    assert all(set(c["name"]) == LANGUAGES for c in plan.contacts)
    assert all("/misdatos" in text for text in plan.privacy.values())
    for category in plan.categories:
        assert set(category.responsible) == LANGUAGES and category.days_to_resolve
        assert not category.safety or set(category.safety) == LANGUAGES
        assert len({fold(word) for word in category.keywords}) == len(category.keywords)
        for question in category.questions:
            assert set(question["text"]) == LANGUAGES
            assert all(set(choice["names"]) == LANGUAGES for choice in question["choices"])
    dangerous = [c.key for c in plan.categories if c.safety]
    assert dangerous == ["alumbrado", "alcantarillado", "animales"]
    assert {q["kind"] for c in plan.categories for q in c.questions} == {
        "text", "number", "choice", "yes_no", "date"
    }  # fmt: skip
    assert len(plan.templates) == 6
    assert all(set(t["text"]) == set(t["names"]) == LANGUAGES for t in plan.templates)
    assert {day.year for day in plan.holidays} == {2026, 2027}
    assert len(plan.holidays) == 2 * 18 and plan.dormant_months == 24
    for place in plan.territories:
        assert place.outline is not None
        assert (place.parent is None) == (place.kind == "comuna")


def test_every_barrio_of_the_demo_is_found_by_a_point_in_it() -> None:
    atlas, ids = demo_atlas()
    for place in atlas.places:
        inside = shape(place.outline).representative_point()
        found = atlas.locate(inside.y, inside.x)
        assert found is not None
        if place.parent_id is None:
            assert found.id in atlas.below(place.id) - {place.id}
        else:
            assert found.id == place.id
    assert len(ids) == 8


def test_the_demos_barrios_touch_and_do_not_overlap() -> None:
    atlas, _ = demo_atlas()
    barrios = [shape(p.outline) for p in atlas.places if p.parent_id is not None]
    comunas = [shape(p.outline) for p in atlas.places if p.parent_id is None]
    for group in (barrios, comunas):
        for i, one in enumerate(group):
            for other in group[:i]:
                assert one.intersection(other).area < 1e-12
    assert comunas[0].intersection(comunas[1]).length > 0.02
    # Without gaps: the comunas are what their barrios are, in one piece.
    for place in (p for p in atlas.places if p.parent_id is None):
        children = [shape(child.outline) for child in atlas.children(place.id)]
        assert shape(place.outline).area == pytest.approx(sum(c.area for c in children), rel=1e-6)
        assert shape(place.outline).geom_type == "Polygon"
        assert not shape(place.outline).interiors


def test_the_demos_map_and_places() -> None:
    atlas, _ = demo_atlas()
    names = [feature["properties"]["name"] for feature in townfile.demo_map()["features"]]
    assert names == [p.name for p in atlas.places if p.parent_id is not None] + ["Río Sereno"]
    places = townfile.demo_places()
    assert {"Parque Central", "Puesto de Salud"} <= {place["name"] for place in places}
    found = {}
    for place in places:
        barrio = atlas.locate(place["latitude"], place["longitude"])
        assert barrio is not None, place["name"]
        found[place["name"]] = barrio.name
    assert found["Parque Central"] == "Centro"
    assert found["Mirador de La Loma"] == "La Loma"
    assert found["Biblioteca Las Acacias"] == "Las Acacias"
    assert set(found.values()) == {p.name for p in atlas.places if p.parent_id is not None}
