"""Who abuses may not write for a while; they are told, and it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions import additions, bans
from actions.act import Refused
from flows.phrase import Phrase
from storage.person import Person
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason

WHY = "Escribió insultos."


@pytest.fixture
def town(stage: Stage) -> Office:
    """Two gestores and two neighbours."""
    return office(stage)


def ban(town: Office, who: int, report: int, whom: int, days: int = 7, why: str = WHY) -> None:
    person = town.stage.id_of(whom)
    town.stage.act(who, lambda act: bans.ban(act, report, person, days, why))


def writers(town: Office, report: int) -> list[tuple[int, Phrase]]:
    """Who can be banned for what they wrote in a report."""
    return town.stage.act(town.marta, lambda act: bans.writers(act, town.see(report)))


def person(town: Office, who: int) -> Person:
    found = town.stage.read(lambda session: session.get(Person, town.stage.id_of(who)))
    assert found is not None
    return found


def test_told_until_when_and_why_and_it_ends_by_itself(town: Office) -> None:
    report = town.report(town.rosa)
    town.stage.all_leaves()
    ban(town, town.marta, report, town.rosa)
    assert bans.TOLD in town.told(town.rosa)
    assert WHY in str(town.stage.letters(town.rosa)[-1])
    with pytest.raises(Refused):
        town.report(town.rosa, "Otro poste apagado.")
    with pytest.raises(Refused):
        town.stage.act(
            town.rosa, lambda act: additions.add(act, report, said="Más.", voice=None, photos=[])
        )
    # Others are not concerned.
    town.report(town.ana, "Un hueco en la calle.")
    town.stage.clock.now += timedelta(days=7, seconds=-1)
    with pytest.raises(Refused):
        town.report(town.rosa, "Otro poste apagado.")
    town.stage.clock.now += timedelta(seconds=1)
    assert town.report(town.rosa, "Otro poste apagado.")
    (row,) = town.stage.audited("ban")
    assert row.facts == {"days": 7, "report": report}


def test_ended_by_the_team_before_its_time(town: Office) -> None:
    report = town.report(town.rosa)
    ban(town, town.marta, report, town.rosa, 365)
    listed = town.stage.act(town.luis, lambda act: [p.id for p in bans.banned(act, 0, 5)])
    assert listed == [town.stage.id_of(town.rosa)]
    rosa = town.stage.id_of(town.rosa)
    town.stage.act(town.luis, lambda act: bans.lift(act, rosa))
    assert bans.LIFTED in town.told(town.rosa)
    assert town.report(town.rosa, "Otro poste apagado.")
    assert town.stage.act(town.luis, lambda act: bans.banned(act, 0, 5)) == []
    with pytest.raises(Refused) as refused:
        town.stage.act(town.marta, lambda act: bans.lift(act, rosa))
    assert reason(refused) == bans.NOT_BANNED


def test_two_at_once_and_the_second_is_told(town: Office) -> None:
    report = town.report(town.rosa)
    ban(town, town.marta, report, town.rosa, 7)
    until = person(town, town.rosa).banned_until
    with pytest.raises(Refused) as refused:
        ban(town, town.luis, report, town.rosa, 365)
    assert reason(refused) == bans.BANNED_ALREADY
    assert person(town, town.rosa).banned_until == until


def test_nobody_of_the_team_is_banned(town: Office) -> None:
    theirs = [town.report(who, f"Poste de {who}.") for who in (town.luis, town.stage.admin)]
    for report, who in zip(theirs, (town.luis, town.stage.admin), strict=True):
        with pytest.raises(Refused) as refused:
            ban(town, town.marta, report, who)
        assert reason(refused) == bans.OF_THE_TEAM
        assert writers(town, report) == []


@pytest.mark.parametrize("days", [0, -1, 2, 10**6])
def test_only_for_as_long_as_is_offered(town: Office, days: int) -> None:
    report = town.report(town.rosa)
    with pytest.raises(Refused):
        ban(town, town.marta, report, town.rosa, days)
    assert person(town, town.rosa).banned_until is None


def test_only_who_wrote_in_the_report(town: Office) -> None:
    report = town.report(town.rosa)
    with pytest.raises(Refused) as refused:
        ban(town, town.marta, report, town.ana)
    assert reason(refused) == bans.NO_SUCH_PERSON
    assert [(number, keys(label)) for number, label in writers(town, report)] == [
        (town.stage.id_of(town.rosa), {bans.TELLER})
    ]
