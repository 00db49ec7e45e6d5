"""What may be said in a town's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.townfile import plan_of, read
from tests.bot.towns import GROUP, SQUARE, VOTE, a_town, written


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
