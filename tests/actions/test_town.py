"""Setting up a town: the same file twice changes nothing, and nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from actions import audiences, people
from actions.act import Refused
from actions.town import Counts, Tally, TownRefused, set_up
from actions.townplan import CategoryPlan, GroupPlan, TerritoryPlan, TownPlan, VotePlan
from actions.world import World
from storage.audit import Audit
from storage.database import Database
from storage.due import Due
from storage.group import WorkingGroup
from storage.town import Category, Territory, categories, territories, the_town
from storage.turn import Turn
from storage.vote import Vote, VoteOption
from tests.actions.stage import Stage, the_plan
from tests.conftest import TownClock

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-74.0, 4.0], [-73.9, 4.0], [-73.9, 4.1], [-74.0, 4.0]]],
}
PLAN = TownPlan(
    name="Pueblo",
    timezone="America/Lima",
    language="es",
    emergency="105",
    privacy_version=2,
    privacy={"es": "Guardamos poco."},
    contacts=[{"name": {"es": "Alcaldía"}, "phone": "1 23"}],
    territories=[
        # A child before its parent: the order of the file is nobody's business.
        TerritoryPlan("loma", "La Loma", "barrio", "norte", SQUARE),
        TerritoryPlan("norte", "Norte", "comuna"),
        TerritoryPlan("alto", "El Alto", "barrio", "norte"),
    ],
    categories=[CategoryPlan("luz", {"es": "Luz"}, "💡"), CategoryPlan("agua", {"es": "Agua"})],
    groups=[GroupPlan("rio", "Mesa del Río", "Agua", "Cuidar", "loma")],
    votes=[VotePlan("v", "¿Qué?", ("a", "b", "c"), 2, 7, ("territory", "norte"))],
)

Run = Callable[[Callable[[Turn], Any]], Any]


@pytest.fixture
def apply(take_turn: Run) -> Callable[[TownPlan], Counts]:
    def run(plan: TownPlan) -> Counts:
        counts: Counts = take_turn(lambda turn: set_up(turn, plan))
        return counts

    return run


def dump(session: Session) -> list[Any]:
    """Everything that setting up may touch."""
    return [
        row.model_dump()
        for table in (Territory, Category, WorkingGroup, Vote, VoteOption, Due, Audit)
        for row in session.exec(select(table))
    ] + [the_town(session)]


def test_a_new_town(
    apply: Callable[[TownPlan], Counts], database: Database, clock: TownClock
) -> None:
    counts = apply(PLAN)
    assert counts == Counts(1, Tally(1), Tally(3), Tally(2), Tally(1), Tally(1))
    with database.read() as session:
        town = the_town(session)
        assert town is not None
        assert (town.version, town.privacy_version, town.emergency) == (1, 2, "105")
        assert town.contacts == [{"name": {"es": "Alcaldía"}, "phone": "1 23"}]
        places = {place.key: place for place in territories(session)}
        assert list(places) == ["loma", "norte", "alto"]
        assert places["loma"].parent_id == places["alto"].parent_id == places["norte"].id
        assert places["loma"].outline == SQUARE and places["alto"].outline is None
        assert [category.key for category in categories(session)] == ["luz", "agua"]
        group = session.exec(select(WorkingGroup)).one()
        assert group.territory_id == places["loma"].id
        vote = session.exec(select(Vote)).one()
        assert vote.audience == {"kind": "territory", "id": places["norte"].id}
        assert (vote.opens_at, vote.closes_at) == (clock(), clock() + timedelta(days=7))
        options = session.exec(select(VoteOption).where(VoteOption.vote_id == vote.id))
        assert [(o.position, o.label) for o in options] == [(0, "a"), (1, "b"), (2, "c")]
        closing = session.exec(select(Due)).one()
        assert (closing.subject, closing.at) == (vote.id, vote.closes_at)
        audit = session.exec(select(Audit)).one()
        assert (audit.action, audit.person_id) == ("set_up_town", None)


def test_the_same_again_changes_nothing(
    apply: Callable[[TownPlan], Counts], database: Database, clock: TownClock
) -> None:
    apply(PLAN)
    with database.read() as session:
        before = dump(session)
    clock.forward(days=3)
    counts = apply(PLAN)
    assert not counts.changed and counts.version == 1
    with database.read() as session:
        assert dump(session) == before


def test_what_is_different_is_updated_under_its_number(
    apply: Callable[[TownPlan], Counts], database: Database
) -> None:
    assert PLAN.territories is not None
    apply(PLAN)
    with database.read() as session:
        ids = {place.key: place.id for place in territories(session)}
    plan = replace(
        PLAN,
        privacy_version=3,
        territories=[
            replace(PLAN.territories[1], name="Comuna Norte"),
            replace(PLAN.territories[0], parent=None),
            PLAN.territories[2],
        ],
        categories=[replace(PLAN.categories[0], names={"es": "Alumbrado"}), PLAN.categories[1]],
        groups=[replace(PLAN.groups[0], territory=None)],
    )
    counts = apply(plan)
    assert counts == Counts(2, Tally(0, 1), Tally(0, 2), Tally(0, 1), Tally(0, 1), Tally())
    with database.read() as session:
        places = {place.key: place for place in territories(session)}
        assert {key: place.id for key, place in places.items()} == ids
        assert list(places) == ["norte", "loma", "alto"]
        assert places["norte"].name == "Comuna Norte" and places["loma"].parent_id is None
        town = the_town(session)
        assert town is not None and town.privacy_version == 3
        assert session.exec(select(WorkingGroup.territory_id)).one() is None


QUESTION = {"key": "poste", "text": {"es": "¿Cuál?"}, "kind": "text", "required": True}
TEMPLATE = {"key": "t", "names": {"es": "T"}, "text": {"es": "{code}"}, "states": ["planned"]}


def test_a_category_keeps_all_its_settings_and_loses_what_left_the_file(
    apply: Callable[[TownPlan], Counts], database: Database
) -> None:
    full = CategoryPlan(
        "luz",
        {"es": "Luz"},
        responsible={"es": "Electrificadora"},
        days_to_resolve=3,
        radius_m=80,
        safety={"es": "No lo toque."},
        keywords=("poste", "bombillo"),
        questions=({**QUESTION, "choices": ()},),
    )
    # What is kept is JSON: lists for tuples, or the same file would always be a change.
    plan = replace(PLAN, categories=[replace(full, questions=({**QUESTION, "choices": []},))])
    apply(plan)
    assert not apply(plan).changed
    with database.read() as session:
        kept = categories(session)[0]
        assert (kept.responsible, kept.safety) == (full.responsible, full.safety)
        assert (kept.days_to_resolve, kept.radius_m) == (3, 80)
        assert kept.keywords == ["poste", "bombillo"]
        assert kept.questions == [{**QUESTION, "choices": []}]
    counts = apply(replace(plan, categories=[CategoryPlan("luz", {"es": "Luz"})]))
    assert counts.categories == Tally(0, 1)
    with database.read() as session:
        kept = categories(session)[0]
        assert (kept.responsible, kept.safety, kept.keywords, kept.questions) == ({}, {}, [], [])
        assert (kept.days_to_resolve, kept.radius_m) == (None, 250)


def test_the_towns_days_and_ready_answers_reach_its_view(
    apply: Callable[[TownPlan], Counts], database: Database
) -> None:
    holidays = (date(2026, 12, 25), date(2026, 5, 1))
    plan = replace(PLAN, weekend=(6,), holidays=holidays, templates=(TEMPLATE,), dormant_months=24)
    assert apply(PLAN).version == 1
    assert apply(plan).town == Tally(0, 1)
    assert not apply(plan).changed
    with database.read() as session:
        town = World().town(session)
        assert (town.version, sorted(town.weekend)) == (2, [6])
        assert sorted(town.holidays) == sorted(holidays)
        assert (town.templates, town.dormant_months) == ([TEMPLATE], 24)


def test_a_plan_without_places_leaves_them_as_they_are(
    apply: Callable[[TownPlan], Counts], database: Database
) -> None:
    apply(PLAN)
    away = replace(PLAN, territories=None)
    assert not apply(away).changed
    named = replace(
        away,
        groups=[replace(PLAN.groups[0], territory="el ALTO")],
        votes=[VotePlan("w", "¿Y?", ("a", "b"), 1, 7, ("territory", "La Loma"))],
    )
    counts = apply(named)
    assert (counts.territories, counts.groups, counts.votes) == (Tally(), Tally(0, 1), Tally(1))
    with database.read() as session:
        places = {place.key: place.id for place in territories(session)}
        assert len(places) == 3
        assert session.exec(select(WorkingGroup.territory_id)).one() == places["alto"]
        vote = session.exec(select(Vote).where(Vote.key == "w")).one()
        assert vote.audience == {"kind": "territory", "id": places["loma"]}
    with pytest.raises(TownRefused, match="group rio is for Marte, and nothing here is called"):
        apply(replace(away, groups=[replace(PLAN.groups[0], territory="Marte")]))


@pytest.mark.parametrize(
    ("part", "kind"),
    [("territories", "territories"), ("categories", "categories"), ("groups", "groups")],
)
def test_each_kind_of_change_is_seen_by_its_version(
    apply: Callable[[TownPlan], Counts], part: str, kind: str
) -> None:
    bare = replace(PLAN, votes=[], groups=[])
    apply(bare)
    assert PLAN.territories is not None
    things = {
        "territories": [*PLAN.territories, TerritoryPlan("x", "X")],
        "categories": [*PLAN.categories, CategoryPlan("x", {"es": "X"})],
        "groups": PLAN.groups,
    }
    counts = apply(replace(bare, **{part: things[part]}))  # type: ignore[arg-type]
    assert counts.version == 2
    assert {name for name, tally in counts.by_kind().items() if tally} == {kind}


def test_what_left_the_file_stays_and_is_not_offered(
    apply: Callable[[TownPlan], Counts], database: Database, clock: TownClock
) -> None:
    assert PLAN.territories is not None
    apply(PLAN)
    less = replace(
        PLAN,
        territories=PLAN.territories[1:2],
        categories=PLAN.categories[1:],
        groups=[],
        votes=[],
    )
    counts = apply(less)
    assert (counts.territories.retired, counts.categories.retired) == (2, 1)
    assert (counts.groups.retired, counts.votes) == (1, Tally())
    with database.read() as session:
        assert [place.key for place in territories(session)] == ["norte"]
        assert [category.key for category in categories(session)] == ["agua"]
        assert len(session.exec(select(Territory)).all()) == 3
        assert len(session.exec(select(Category)).all()) == 2
        assert session.exec(select(WorkingGroup.ended_at)).one() == clock()
        assert session.exec(select(Vote.closed_at)).one() is None
    assert not apply(less).changed
    assert apply(PLAN).changed
    with database.read() as session:
        assert len(territories(session)) == 3 and len(categories(session)) == 2
        assert session.exec(select(WorkingGroup.ended_at)).one() is None


def test_a_vote_is_opened_once_and_never_altered(
    apply: Callable[[TownPlan], Counts], database: Database, clock: TownClock
) -> None:
    apply(PLAN)
    closes = clock() + timedelta(days=7)
    clock.forward(days=30)
    other = replace(PLAN.votes[0], question="¿Otra?", options=("x", "y"), closes_in_days=90)
    assert not apply(replace(PLAN, votes=[other])).changed
    with database.read() as session:
        vote = session.exec(select(Vote)).one()
        assert (vote.question, vote.closes_at) == ("¿Qué?", closes)
        assert len(session.exec(select(VoteOption)).all()) == 3


def test_groups_made_in_chat_are_left_alone(
    apply: Callable[[TownPlan], Counts],
    take_turn: Run,
    database: Database,
) -> None:
    def compose(turn: Turn) -> None:
        group = WorkingGroup(name="Vecinas", theme="Otro", purpose="Tejer", created_at=turn.now)
        turn.session.add(group)

    take_turn(compose)
    apply(PLAN)
    with database.read() as session:
        group = session.exec(select(WorkingGroup).where(WorkingGroup.name == "Vecinas")).one()
        assert group.ended_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"privacy_version": 1}, "privacy.version must not go back: people have agreed to 2"),
        ({"territories": [TerritoryPlan("a", "A", parent="zzz")]}, "territory a is in zzz"),
        (
            {"groups": [replace(PLAN.groups[0], territory="zzz")]},
            "group rio is for zzz, and nothing",
        ),
        ({"votes": [VotePlan("w", "q", ("a", "b"), 1, 7, ("group", "zzz"))]}, "vote w is for zzz"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(
    apply: Callable[[TownPlan], Counts],
    database: Database,
    changes: dict[str, Any],
    sentence: str,
) -> None:
    apply(PLAN)
    with database.read() as session:
        before = dump(session)
    with pytest.raises(TownRefused, match=sentence):
        apply(replace(PLAN, **changes))
    with database.read() as session:
        assert dump(session) == before


def test_what_is_no_longer_offered_is_named_and_cannot_be_chosen(stage: Stage) -> None:
    with stage.database.read() as session:
        town = stage.world.town(session)
        place = next(t for t in town.territories if t.parent_id is not None)
        category = town.categories[0]
    rosa = stage.person("Rosa")
    assert place.id is not None and category.id is not None
    number = place.id
    stage.act(rosa, lambda act: people.live_in(act, number))
    plan = the_plan()
    assert plan.territories is not None
    less = replace(
        plan,
        territories=[t for t in plan.territories if t.key != place.key],
        categories=[c for c in plan.categories if c.key != category.key],
        templates=[],
        groups=[],
        votes=[],
    )
    stage.turn(lambda turn: set_up(turn, less))
    with stage.database.read() as session:
        town = World().town(session)
    assert number not in {t.id for t in town.territories}
    assert category.key not in {option.value for option in town.category_options}
    kept, kind = town.territory(number), town.category(category.id)
    assert kept is not None and kept.name == place.name
    assert kind is not None and kind.names == category.names
    assert town.territory(None) is None and town.territory(10**6) is None
    stage.world = World(admins=stage.world.admins)
    with pytest.raises(Refused):
        stage.act(rosa, lambda act: people.live_in(act, number))
    with pytest.raises(Refused):
        stage.act(rosa, lambda act: audiences.chosen(act, f"t-{number}"))
