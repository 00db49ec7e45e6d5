"""Nobody speaks to their neighbours in the name of the town, and an insult can be taken back."""

from __future__ import annotations

import pytest

from actions import bans, pseudonyms, quiet, report_views, reports, team_card
from actions.act import Act, Refused
from storage.person import Person
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason, taps


@pytest.fixture
def town(stage: Stage) -> Office:
    made = office(stage)
    marta = stage.id_of(made.marta)

    def rename(act: Act) -> None:
        act.session.get_one(Person, marta).name = "Marta Quux"

    stage.act(made.marta, rename)
    return made


def chooses(town: Office, name: str | None) -> None:
    town.stage.act(town.rosa, lambda act: pseudonyms.set_pseudonym(act, name))


@pytest.mark.parametrize(
    "name",
    [
        "Villa Ceiba",
        "Alcaldía de Villa Ceiba",
        "La ALCALDIA",
        "Marta Quux",
        "marta quux, del equipo",
        "Luis",
        "Prefeitura",
    ],
)
def test_a_name_that_is_not_theirs_alone(town: Office, name: str) -> None:
    with pytest.raises(Refused) as refused:
        chooses(town, name)
    assert reason(refused) == pseudonyms.TAKEN


@pytest.mark.parametrize("name", ["Vecina de Villa Ceiba", "Marta", "Luis Miguel", "La del 5º"])
def test_a_name_of_their_own(town: Office, name: str) -> None:
    report = town.report(town.rosa)
    chooses(town, name)
    seen = town.stage.act(town.ana, lambda act: report_views.author(act, reports.get(act, report)))
    assert seen == name


def test_who_does_the_towns_work_is_the_towns(town: Office) -> None:
    bodies = town.stage.act(
        town.rosa,
        lambda act: [b for c in act.town.categories for b in c.responsible.values()],
    )
    assert bodies
    for body in bodies:
        with pytest.raises(Refused):
            chooses(town, body)


def test_whoever_may_not_write_chooses_no_name(town: Office) -> None:
    report = town.report(town.rosa)
    chooses(town, "La del quinto")
    rosa = town.stage.id_of(town.rosa)
    town.stage.act(town.marta, lambda act: bans.ban(act, report, rosa, 7, "Insultos"))
    with pytest.raises(Refused):
        chooses(town, "Otra")
    # To be a neighbour again asks for nothing.
    chooses(town, None)


def test_the_team_takes_a_name_back_and_they_hear_it(town: Office) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    chooses(town, "Un insulto")

    def face(act: Act) -> object:
        return team_card.rarer_face(act, reports.get(act, report))

    assert "Un insulto" in str(stage.act(town.marta, face))
    assert f"r:unname:{report}:" in taps({"buttons": stage.act(town.marta, face)})
    stage.act(town.rosa, lambda act: quiet.set_hours(act, 3, 2))
    stage.act(town.marta, lambda act: pseudonyms.take_back(act, report))
    assert pseudonyms.TOLD not in town.told(town.rosa)
    stage.act(town.rosa, lambda act: quiet.set_hours(act, None, None))
    stage.beat()
    assert pseudonyms.TOLD in town.told(town.rosa)
    seen = stage.act(town.ana, lambda act: report_views.author(act, reports.get(act, report)))
    assert keys(seen) == {report_views.NEIGHBOUR}
    assert "insulto" not in str(stage.act(town.marta, face))
    (audited,) = stage.audited("take_pseudonym")
    assert audited.subject == f"person:{stage.id_of(town.rosa)}"
    with pytest.raises(Refused) as refused:
        stage.act(town.marta, lambda act: pseudonyms.take_back(act, report))
    assert reason(refused) == pseudonyms.NONE_THERE
