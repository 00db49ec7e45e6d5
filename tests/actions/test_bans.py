"""Who abuses may not write for a while; they are told, and it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from actions import additions, bans, casework, team_card
from actions.act import Act, Refused
from flows.phrase import Phrase
from storage import card as cards
from storage.letter import TABLE
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


def marked(town: Office, who: int, *numbers: int) -> list[bool]:
    """Of these reports, whether somebody's card says that whoever told it is banned."""

    def says(report: int) -> bool:
        def body(session: Session) -> Any:
            carrier = cards.letter_of(session, who, f"report:{report}")
            return session.connection().scalar(select(TABLE.c.body).where(TABLE.c.id == carrier))

        return team_card.BANNED in keys(town.stage.read(body)["text"])

    return [says(report) for report in numbers]


def lift(town: Office, who: int, whom: int, report: int | None = None) -> None:
    person = town.stage.id_of(whom)
    town.stage.act(who, lambda act: bans.lift(act, person, report))


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


def test_every_card_of_theirs_says_so_until_it_is_lifted(town: Office) -> None:
    theirs = [town.report(town.rosa, f"El poste {number} no alumbra.") for number in range(3)]
    another = town.report(town.ana, "Un hueco en la calle.")
    ban(town, town.marta, theirs[1], town.rosa)
    for who in (town.marta, town.luis):
        assert marked(town, who, *theirs, another) == [True, True, True, False]
    lift(town, town.luis, town.rosa)
    for who in (town.marta, town.luis):
        assert marked(town, who, *theirs, another) == [False] * 4


def test_the_cards_say_so_no_more_once_it_has_ended_by_itself(town: Office) -> None:
    theirs = [town.report(town.rosa, f"El poste {number} no alumbra.") for number in range(2)]
    ban(town, town.marta, theirs[0], town.rosa)
    town.stage.walk(town.stage.clock.now + timedelta(days=7, seconds=-1))
    assert marked(town, town.luis, *theirs) == [True, True]
    town.stage.walk(town.stage.clock.now + timedelta(seconds=1))
    assert marked(town, town.luis, *theirs) == [False, False]
    assert town.stage.outcomes(bans.ENDS) == ["ended"]


def test_the_end_of_a_ban_that_was_lifted_or_made_longer_changes_nothing(town: Office) -> None:
    report = town.report(town.rosa)
    ban(town, town.marta, report, town.rosa, 1)
    lift(town, town.marta, town.rosa)
    town.stage.walk(town.stage.clock.now + timedelta(days=1))
    assert town.stage.outcomes(bans.ENDS) == ["nothing to show"]
    ban(town, town.marta, report, town.rosa, 1)
    lift(town, town.marta, town.rosa)
    ban(town, town.marta, report, town.rosa, 7)
    town.stage.walk(town.stage.clock.now + timedelta(days=1))
    assert town.stage.outcomes(bans.ENDS) == ["nothing to show"] * 2 + [None]
    assert marked(town, town.marta, report) == [True]
    town.stage.walk(town.stage.clock.now + timedelta(days=6))
    assert marked(town, town.marta, report) == [False]


def test_banned_anew_at_the_same_moment_it_still_ends(town: Office) -> None:
    report = town.report(town.rosa)
    ban(town, town.marta, report, town.rosa, 1)
    lift(town, town.marta, town.rosa)
    ban(town, town.luis, report, town.rosa, 1)
    town.stage.walk(town.stage.clock.now + timedelta(days=1))
    assert marked(town, town.marta, report) == [False]


def test_of_many_the_newest_open_ones_and_the_one_at_hand(
    town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bans, "MOST_CARDS", 2)
    oldest, *opened, closed, hidden = [
        town.report(town.rosa, f"El poste {number} no alumbra.") for number in range(5)
    ]
    town.stage.act(
        town.marta, lambda act: casework.move(act, closed, "closed", "Ya no hace falta.")
    )
    town.stage.act(town.marta, lambda act: casework.move(act, hidden, "hidden"))
    ban(town, town.marta, hidden, town.rosa)
    of_all = (oldest, *opened, closed, hidden)
    assert marked(town, town.marta, *of_all) == [False, True, True, False, True]
    lift(town, town.marta, town.rosa, hidden)
    assert marked(town, town.marta, *of_all) == [False] * 5


def test_a_card_that_still_offers_to_lift_it_is_put_right(town: Office) -> None:
    report = town.report(town.rosa)
    ban(town, town.marta, report, town.rosa)
    rosa = town.stage.id_of(town.rosa)

    def forgotten(act: Act) -> None:
        act.me.banned_until = None

    town.stage.act(town.rosa, forgotten)
    assert marked(town, town.marta, report) == [True]

    def tries(act: Act) -> str:
        # As a turn does: what the refusal leaves behind is kept.
        with pytest.raises(Refused) as refused:
            bans.lift(act, rosa, report)
        return reason(refused)

    assert town.stage.act(town.marta, tries) == bans.NOT_BANNED
    assert marked(town, town.marta, report) == [False]
