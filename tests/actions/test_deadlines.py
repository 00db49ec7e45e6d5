"""What nobody touches goes up: assignee, then all gestores, then the admins, each step once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, delete, select

from actions import additions, casework, deadlines, expected, gone_up, reports, team_card
from actions.act import Act, system_act
from actions.world import World
from flows.phrase import day
from handlers import tray
from storage.due import Due
from storage.letter import Lane
from storage.person import Role, roles_of
from storage.report import Report
from tests.actions.overdue_stage import FIRST, SECOND, THIRD, Office, greetings, letters
from tests.actions.stage import Stage, keys


@pytest.fixture
def office(stage: Stage) -> Office:
    """The office of the demo's town."""
    return Office(stage)


def test_untouched_it_goes_up_step_by_step_and_the_admins_hear_each_week(office: Office) -> None:
    report = office.tells()
    me = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, report, 0, me))
    office.walk("2026-05-12T07:59")
    assert office.heard(office.marta) == []
    office.walk(FIRST)
    assert office.heard(office.marta) == [(gone_up.YOURS, 1)]
    assert office.heard(office.luz) == []
    office.walk("2026-05-14T07:59")
    assert office.heard(office.luz) == []
    office.walk(SECOND)
    for gestora in (office.marta, office.luz):
        assert office.heard(gestora)[-1] == (gone_up.UNTOUCHED, 1)
    assert office.heard(office.stage.admin) == []
    office.walk(THIRD)
    assert office.heard(office.stage.admin) == [(gone_up.FOR_ADMINS, 1)]
    for when, weeks in (("2026-05-26T07:59", 1), ("2026-05-26T08:00", 2), ("2026-06-02T08:00", 3)):
        office.walk(when)
        assert office.heard(office.stage.admin) == [(gone_up.FOR_ADMINS, 1)] * weeks
    assert len(office.heard(office.marta)) == 2


def test_touched_after_the_admins_heard_it_begins_anew(office: Office) -> None:
    report = office.tells()
    office.walk("2026-05-19T10:00")
    assert office.heard(office.stage.admin) == [(gone_up.FOR_ADMINS, 1)]
    office.stage.act(office.marta, lambda act: casework.note(act, report, "Llamé a la empresa."))
    office.walk("2026-05-27T08:00")
    assert len(office.heard(office.stage.admin)) == 1
    assert office.heard(office.luz)[-1] == (gone_up.NOBODYS, 1)
    office.walk("2026-05-29T08:00")
    assert office.heard(office.luz)[-1] == (gone_up.UNTOUCHED, 1)
    office.walk("2026-06-02T08:00")
    assert len(office.heard(office.stage.admin)) == 2


def test_what_nobody_took_concerns_every_gestora_at_once_in_one_letter(office: Office) -> None:
    for _ in range(3):
        office.tells()
    office.walk(FIRST)
    for gestora in (office.marta, office.luz):
        assert office.heard(gestora) == [(gone_up.NOBODYS, 3)]


def test_more_than_a_letter_shows_is_counted(office: Office) -> None:
    ana = office.stage.person("Ana")
    for _ in range(5):
        office.tells()
        office.tells(ana)
    office.walk(FIRST)
    assert office.heard(office.luz) == [(gone_up.NOBODYS, gone_up.SHOWN)]
    assert gone_up.AND_MORE in {
        key
        for body in office.stage.letters(office.luz, Lane.REMINDER)
        for key in keys(body["text"])
    }


def test_a_touch_sets_the_count_back_to_the_first_step(office: Office) -> None:
    report = office.tells()
    me = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, report, 0, me))
    office.walk("2026-05-13T10:00")
    office.stage.act(office.marta, lambda act: casework.note(act, report, "Llamé a la empresa."))
    office.walk("2026-05-14T12:00")
    assert office.heard(office.luz) == []
    # Two working days after the touch it is the assignee's again.
    office.walk("2026-05-15T08:00")
    assert office.heard(office.marta) == [(gone_up.YOURS, 1)] * 2
    office.walk("2026-05-20T08:00")
    assert office.heard(office.luz) == [(gone_up.UNTOUCHED, 1)]


def test_what_whoever_told_it_adds_is_no_touch(office: Office) -> None:
    report = office.tells()
    office.walk(FIRST)
    office.stage.act(
        office.rosa,
        lambda act: additions.add(act, report, said="Sigue igual.", voice=None, photos=[]),
    )
    office.walk(SECOND)
    assert office.heard(office.marta)[-1] == (gone_up.UNTOUCHED, 1)


def test_what_is_closed_goes_nowhere_and_opened_again_has_its_whole_time(office: Office) -> None:
    report = office.tells()
    office.stage.act(office.marta, lambda act: casework.move(act, report, "closed", "Ya está."))
    office.walk("2026-05-12T12:00")
    assert office.heard(office.marta) == []
    office.stage.act(office.marta, lambda act: casework.move(act, report, "received"))
    office.walk("2026-05-19T23:00")
    assert office.heard(office.luz) == []
    # Five working days from the 12th, a holiday among them, end on the 20th.
    office.walk("2026-05-21T08:00")
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 1)]


def test_whoever_had_it_and_is_gestora_no_more_hears_nothing(office: Office) -> None:
    report = office.tells()
    me = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, report, 0, me))

    def end(turn: Any) -> None:
        for role in roles_of(turn.session, me):
            turn.session.delete(role)

    office.stage.turn(end)
    office.walk(FIRST)
    assert office.heard(office.marta) == []
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 1)]


def test_without_an_admin_the_gestoras_read_it_under_their_own_heading(office: Office) -> None:
    office.stage.world = World(admins=frozenset(), username="villaceiba_bot")
    office.tells()
    office.walk(THIRD)
    for gestora in (office.marta, office.luz):
        assert office.heard(gestora) == [
            (gone_up.NOBODYS, 1),
            (gone_up.UNTOUCHED, 1),
            (gone_up.UNTOUCHED, 1),
        ]


def test_what_an_admin_has_is_theirs_and_no_other_day_they_are_written_to(office: Office) -> None:
    report, admin = office.tells(), office.stage.admin
    me = office.stage.id_of(admin)
    office.walk("2026-05-05T12:00")
    assert letters(office, admin) == []
    office.stage.act(admin, lambda act: casework.assign(act, report, 0, me))
    office.walk(FIRST)
    assert office.heard(admin) == [(gone_up.YOURS, 1)]
    assert office.heard(office.luz) == []
    assert "👤 {count} report waits for you" in keys(letters(office, admin)[-1]["text"])


def test_what_an_admin_had_whom_the_settings_drop_is_everybodys_again(office: Office) -> None:
    report, admin = office.tells(), office.stage.admin
    me = office.stage.id_of(admin)
    office.stage.act(admin, lambda act: casework.assign(act, report, 0, me))
    hers = office.tells()
    marta = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, hers, 0, marta))

    def tidy(turn: Any) -> int:
        return casework.release_strangers(system_act(turn, office.stage.world))

    assert office.stage.turn(tidy) == 0
    office.stage.world = World(admins=frozenset(), username="villaceiba_bot")
    assert office.stage.turn(tidy) == 1
    office.stage.beat()
    assert office.stage.turn(tidy) == 0

    def holders(session: Any) -> list[int | None]:
        return [session.get(Report, number).assignee_id for number in (report, hers)]

    assert office.stage.read(holders) == [None, marta]
    office.walk(FIRST)
    assert (gone_up.NOBODYS, 1) in office.heard(office.luz)


def test_without_a_gestor_the_admins_hear(stage: Stage) -> None:
    office = Office(stage)

    def nobody(turn: Any) -> None:
        turn.session.exec(delete(Role))

    stage.turn(nobody)
    office.tells()
    office.walk(FIRST)
    assert office.heard(stage.admin) == [(gone_up.NOBODYS, 1)]


def test_the_day_that_was_announced_takes_the_place_of_the_term(office: Office) -> None:
    report = office.tells()
    on = date(2026, 6, 30)
    office.stage.act(
        office.marta, lambda act: expected.expect(act, report, on, "Esperamos el repuesto.")
    )
    office.walk("2026-05-13T08:00")
    assert greetings(office, office.luz) == []

    def shown(act: Act) -> tuple[set[str], set[str]]:
        found = reports.get(act, report)
        return keys(team_card.card(act, found)["text"]), keys(tray.in_list(act, found))

    card, entry = office.stage.act(office.marta, shown)
    assert team_card.EXPECTED_ON in card and not card & {team_card.OVERDUE, team_card.DUE_ON}
    assert tray.DUE_ON in entry
    # The last of it is the 30th, and so it is told on the morning after.
    office.walk("2026-07-01T08:00")
    (*_, body) = greetings(office, office.luz)
    assert day(on, "medium") in [
        line["values"]["day"]
        for line in body["text"]["lines"]
        if isinstance(line, dict) and line.get("key") == gone_up.ONE
    ]
    assert "⏰ {count} report is overdue" in keys(body["text"])
    card, entry = office.stage.act(office.marta, shown)
    assert team_card.OVERDUE in card and tray.OVERDUE_SINCE in entry


def test_each_morning_once_also_when_the_scan_runs_again(office: Office) -> None:
    office.tells()
    office.walk(FIRST)
    office.stage.beat()
    office.stage.beat()
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 1)]


def test_the_moment_of_every_step_is_a_working_morning(office: Office) -> None:
    office.tells()
    office.walk("2026-05-25T12:00")
    rows = office.stage.read(
        lambda session: list(
            session.exec(select(Due.at).where(Due.kind == deadlines.LATE).order_by(col(Due.id)))
        )
    )
    there = [row.astimezone(office.stage.zone) for row in rows]
    assert [when.isoformat()[:16] for when in there] == [FIRST, SECOND, THIRD, "2026-05-26T08:00"]
