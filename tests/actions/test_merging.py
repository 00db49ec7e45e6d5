"""Two reports that tell the same: one stays, and everybody who waited waits for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from actions import (
    casework,
    merging,
    overtaken,
    own_reports,
    report_history,
    report_views,
    reports,
)
from actions import report_words as words
from actions.act import Refused
from civic import nearness
from civic.lifecycle import CLOSED, DUPLICATE, FIXED, NOT_NEEDED, NOT_RESPONSIBLE, RECEIVED
from storage.report import Report
from storage.report_event import MERGED
from storage.support import Support
from storage.turn import Turn
from tests.actions.casework_stage import POINT, Office, office
from tests.actions.stage import Stage, keys, reason


@pytest.fixture
def town(stage: Stage) -> Office:
    """Two gestores and two neighbours."""
    return office(stage)


def merge(town: Office, who: int, duplicate: int, code: str, **seen: int) -> None:
    town.stage.act(who, lambda act: merging.merge(act, duplicate, code, **seen))


def joined(town: Office, report: int) -> set[int]:
    """Who joined a report."""
    return town.stage.read(
        lambda session: set(
            session.exec(select(Support.person_id).where(Support.report_id == report))
        )
    )


def change(town: Office, report: int, **values: object) -> None:
    """Change a report by hand."""

    def put(turn: Turn) -> None:
        found = turn.session.get(Report, report)
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)

    town.stage.turn(put)


def test_who_told_and_who_joined_the_duplicate_follow_the_original(town: Office) -> None:
    leo, eva = town.stage.person("Leo"), town.stage.person("Eva")
    original, duplicate = town.report(town.rosa), town.report(town.ana, "La lámpara no prende.")
    for who in (leo, eva, town.rosa):
        town.joins(who, duplicate)
    town.joins(eva, original)
    town.stage.all_leaves()
    merge(town, town.marta, duplicate, town.code(original))

    # Rosa told the original herself, and Eva had joined it: nobody counts twice.
    everybody = {town.stage.id_of(who) for who in (leo, eva, town.ana)}
    assert joined(town, original) == everybody
    assert town.see(original).supports == 3
    kept = town.see(duplicate)
    assert (kept.state, kept.closed_as, kept.duplicate_of) == (CLOSED, DUPLICATE, original)
    assert town.events(original, MERGED)[0].after == town.code(duplicate)
    for who in (leo, eva, town.ana, town.rosa):
        assert words.WHY_CLOSED[DUPLICATE] in town.told(who)
    # And they hear of the original from now on.
    town.stage.all_leaves()
    town.stage.act(town.luis, lambda act: casework.move(act, original, "confirmed"))
    for who in (leo, eva, town.ana, town.rosa):
        assert words.CHANGED["confirmed"] in keys(town.stage.letters(who)[-1]["text"])


def test_what_repeated_the_duplicate_repeats_the_original(town: Office) -> None:
    first, second, third = (
        town.report(town.rosa, "Uno, el poste."),
        town.report(town.ana, "Dos, el poste."),
        town.report(town.ana, "Tres, la lámpara."),
    )
    merge(town, town.marta, third, town.code(second))
    merge(town, town.marta, second, town.code(first))
    assert town.see(third).duplicate_of == first
    # A code of a duplicate names what it repeats.
    fourth = town.report(town.rosa, "Cuatro, la esquina oscura.")
    merge(town, town.marta, fourth, f" {town.code(third).lower()} ")
    assert town.see(fourth).duplicate_of == first
    # Opened again, it repeats nothing.
    town.stage.act(town.marta, lambda act: casework.move(act, fourth, RECEIVED))
    assert town.see(fourth).duplicate_of is None


def test_why_it_was_closed_stays_in_its_history(town: Office) -> None:
    """Opened again, whoever told it and the team still read what was said of it then."""
    original, report = town.report(town.rosa, "Uno, el poste."), town.report(town.ana, "Sin luz.")

    def opens_again() -> None:
        town.stage.act(town.marta, lambda act: casework.move(act, report, RECEIVED))

    merge(town, town.marta, report, town.code(original))
    opens_again()
    town.stage.act(
        town.luis,
        lambda act: casework.move(
            act,
            report,
            CLOSED,
            "Ya les escribimos.",
            closed_as=NOT_RESPONSIBLE,
            responsible="Empresa de Luz",
        ),
    )
    opens_again()
    town.stage.act(town.ana, lambda act: own_reports.withdraw(act, report))
    opens_again()
    seen = town.stage.act(
        town.ana, lambda act: str(report_views.view(act, reports.get(act, report)))
    )
    team = town.stage.act(
        town.luis, lambda act: str(report_history.page(act, reports.get(act, report), None))
    )
    for told in (seen, team):
        for why in (DUPLICATE, NOT_RESPONSIBLE, NOT_NEEDED):
            assert words.CLOSED_AS[why] in told
        assert town.code(original) in told
        assert "Empresa de Luz" in told and "Ya les escribimos." in told


def test_two_who_join_them_the_two_ways_at_once(town: Office) -> None:
    first, second = town.report(town.rosa, "Uno, el poste."), town.report(town.ana, "Dos, sin luz.")
    merge(town, town.marta, first, town.code(second))
    with pytest.raises(Refused) as refused:
        merge(town, town.luis, second, town.code(first))
    assert reason(refused) == merging.IT_REPEATS_THIS
    assert town.see(second).state == RECEIVED
    # Of a form that was opened before, the words are kept.
    with pytest.raises(Refused) as refused:
        merge(town, town.luis, first, town.code(second), seen=0)
    assert {overtaken.MEANWHILE, overtaken.TOO_LATE} <= keys(refused.value.reason)
    with pytest.raises(Refused) as refused:
        merge(town, town.luis, first, town.code(second))
    assert reason(refused) == casework.MOVED_ALREADY


def test_what_was_joined_already_is_named_before_anybody_follows_it(town: Office) -> None:
    first, second, third = (town.report(town.rosa, f"Número {n}, el poste.") for n in (1, 2, 3))
    merge(town, town.marta, second, town.code(first))

    def against(code: str) -> Any:
        return town.stage.act(
            town.luis, lambda act: merging.against(act, reports.get(act, third), code)
        )

    told = against(town.code(second).lower())
    assert keys(told) == {merging.JOINED_ALREADY} and town.code(first) in str(told)
    assert against(f" {town.code(first)[2:]} ") is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("R-9", merging.NO_SUCH_CODE),
        ("", merging.NO_SUCH_CODE),
        ("el otro", merging.NO_SUCH_CODE),
        ("itself", merging.ITSELF),
        ("closed", merging.IS_OVER),
        ("hidden", merging.IS_OVER),
        ("private", merging.IS_PRIVATE),
    ],
)
def test_what_a_report_cannot_be_joined_to(town: Office, written: str, why: str) -> None:
    report, other = town.report(town.rosa), town.report(town.ana, "Otra cosa muy distinta.")
    if written in ("closed", "hidden"):
        change(town, other, state=written)
    elif written == "private":
        change(town, other, private=True)
    codes = {"itself": town.code(report)} | dict.fromkeys(
        ("closed", "hidden", "private"), town.code(other)
    )
    code = codes.get(written, written)
    against = town.stage.act(town.marta, lambda act: merging.against(act, town.see(report), code))
    assert keys(against) == {why}
    with pytest.raises(Refused) as refused:
        merge(town, town.marta, report, code)
    assert reason(refused) == why
    assert town.see(report).state == RECEIVED and joined(town, other) == set()


def test_one_that_is_fixed_already_can_be_the_original(town: Office) -> None:
    original, duplicate = town.report(town.rosa), town.report(town.ana, "La lámpara no prende.")
    town.stage.act(town.marta, lambda act: casework.move(act, original, FIXED))
    merge(town, town.marta, duplicate, town.code(original)[2:])
    assert joined(town, original) == {town.stage.id_of(town.ana)}


def test_the_nearest_are_offered_and_no_private_ones(town: Office) -> None:
    report = town.report(town.rosa)
    near = town.report(town.ana, "La luz de la esquina no prende.", latitude=POINT[0] + 0.001)
    private = town.report(town.ana, "Frente a mi casa.", latitude=POINT[0] + 0.0005)
    far = town.report(town.ana, "Muy lejos de ahí.", latitude=POINT[0] + 0.05)
    change(town, private, private=True)
    offered = town.stage.act(town.marta, lambda act: merging.near(act, town.see(report)))
    assert [line["values"]["code"] for line in offered if isinstance(line, dict)] == [
        town.code(near)
    ]
    assert far != near
    change(town, near, state=CLOSED)
    assert town.stage.act(town.marta, lambda act: merging.near(act, town.see(report))) == []


def test_what_has_no_point_is_offered_by_its_address_and_words(town: Office) -> None:
    words = {"latitude": None, "longitude": None}
    address = "Calle 5 con carrera 8"
    typed = town.report(town.rosa, "No prende la lámpara.", address=address, **words)
    again = town.report(town.ana, "La lámpara no prende.", address=address, **words)
    town.report(town.ana, "La lámpara no prende.", address="Calle 7 con carrera 8", **words)
    pointed = town.report(town.ana, "La lámpara no prende nunca.")

    def offered(report: int) -> list[object]:
        found = town.stage.act(town.marta, lambda act: merging.near(act, town.see(report)))
        return [line["values"]["code"] for line in found if isinstance(line, dict)]

    assert offered(typed) == [town.code(again)]
    # From a point, too: told alike, with how far away only where that is known.
    assert town.code(typed) in offered(pointed) and town.code(again) in offered(pointed)


def test_the_point_of_a_report_lies_in_its_square(town: Office) -> None:
    """What is near is found by squares, so that no search reads the whole table."""
    report = town.report(town.rosa)
    assert town.see(report).cell == nearness.cell(*POINT)
    found = town.stage.read(
        lambda session: session.exec(select(Report.id).where(col(Report.cell).is_(None))).all()
    )
    assert found == []
