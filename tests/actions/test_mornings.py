"""On a working morning each of the team reads one letter: what there is to do, what has gone up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from actions import additions, casework, deadlines, filters, gone_up, mornings
from actions.act import Act, system_act
from actions.buttons import TrayTap
from actions.world import World
from handlers import tray
from jobs import registry
from storage import tray as stored
from storage.town import the_town
from tests.actions.overdue_stage import FIRST, SECOND, Office, greetings, letters
from tests.actions.stage import Stage, keys, taps


@pytest.fixture
def office(stage: Stage) -> Office:
    """The office of the demo's town."""
    return Office(stage)


def test_all_of_a_morning_is_one_letter(office: Office) -> None:
    me = office.stage.id_of(office.marta)
    mine, ana = office.tells(), office.stage.person("Ana")
    office.tells()
    office.stage.act(office.marta, lambda act: casework.assign(act, mine, 0, me))
    office.walk("2026-05-06T12:00")
    office.tells(ana)
    # The first of Rosa's are at the second step when Ana's is at the first.
    office.walk("2026-05-14T07:59")
    before = len(letters(office, office.marta))
    later = office.tells(ana)
    office.stage.act(office.marta, lambda act: casework.assign(act, later, 0, me))
    office.walk(SECOND)
    (body,) = letters(office, office.marta)[before:]
    told = keys(body["text"])
    assert {mornings.GOOD_MORNING, gone_up.NOBODYS, gone_up.UNTOUCHED} <= told
    assert "⏰ {count} report is overdue" in told


def test_a_morning_of_more_than_a_piece_is_told_in_one_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PIECE", 2)
    people = [office.stage.person(f"Vecina {n}") for n in range(5)]
    for person in people:
        office.tells(person)
    office.walk(FIRST)
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 5)]
    told = [keys(body["text"]) & {*gone_up.HEADINGS} for body in letters(office, office.luz)]
    assert told.count({gone_up.NOBODYS}) == 1


def test_nothing_comes_at_night_however_late_it_is_looked_at(office: Office) -> None:
    office.tells()
    office.walk("2026-05-11T12:00")
    before = len(letters(office, office.luz))
    office.stage.clock.now = datetime(2026, 5, 13, 3, tzinfo=office.stage.zone)
    office.stage.beat()
    assert len(letters(office, office.luz)) == before
    office.walk("2026-05-13T08:00")
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 1)]
    assert len(letters(office, office.luz)) == before + 1
    # Two working days after they heard.
    office.walk("2026-05-15T07:59")
    assert len(office.heard(office.luz)) == 1
    office.walk("2026-05-15T08:00")
    assert office.heard(office.luz)[-1] == (gone_up.UNTOUCHED, 1)


def test_nothing_comes_on_a_day_that_has_become_a_holiday(office: Office) -> None:
    office.tells()
    office.walk("2026-05-11T12:00")
    before = len(letters(office, office.luz))

    def holiday(turn: Any) -> None:
        town = the_town(turn.session)
        assert town is not None
        town.holidays = [*town.holidays, "2026-05-12"]
        town.version += 1

    office.stage.turn(holiday)
    office.stage.world = World(admins=office.stage.world.admins, username="villaceiba_bot")
    office.walk("2026-05-12T23:00")
    assert len(letters(office, office.luz)) == before
    office.walk("2026-05-13T08:00")
    assert office.heard(office.luz) == [(gone_up.NOBODYS, 1)]
    # The next step counts from the day on which they heard.
    office.walk("2026-05-14T12:00")
    assert len(office.heard(office.luz)) == 1
    office.walk("2026-05-15T08:00")
    assert office.heard(office.luz)[-1] == (gone_up.UNTOUCHED, 1)


def test_the_admins_hear_once_a_week_that_the_holidays_have_run_out(office: Office) -> None:
    office.stage.turn(lambda turn: mornings.plan(system_act(turn, office.stage.world)))
    office.walk("2026-05-06T12:00")

    def heard(who: int) -> int:
        return sum(mornings.NO_HOLIDAYS in keys(body["text"]) for body in letters(office, who))

    def none(turn: Any) -> None:
        town = the_town(turn.session)
        assert town is not None
        town.holidays = []
        town.version += 1

    office.stage.turn(none)
    office.stage.world = World(admins=office.stage.world.admins, username="villaceiba_bot")
    office.walk("2026-05-10T12:00")
    assert heard(office.stage.admin) == 0
    office.walk("2026-05-15T12:00")
    assert heard(office.stage.admin) == 1
    office.walk("2026-05-18T12:00")
    assert (heard(office.stage.admin), heard(office.marta)) == (2, 0)


def test_a_step_that_fails_does_not_hold_the_morning_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tells()
    office.walk("2026-05-12T07:59")
    monkeypatch.setattr(deadlines, "go_up", lambda act, rows: {})
    before = len(letters(office, office.luz))
    for minutes, more in ((30, 0), (31, 1)):
        office.stage.clock.forward(minutes=minutes)
        office.stage.beat()
        assert len(letters(office, office.luz)) == before + more


def test_a_morning_missed_is_told_when_people_are_at_work(office: Office) -> None:
    office.tells()
    office.stage.clock.now = datetime(2026, 5, 6, 9, tzinfo=office.stage.zone)
    office.stage.beat()
    assert len(greetings(office, office.luz)) == 1


def test_each_working_morning_counts_what_there_is_to_do(office: Office) -> None:
    office.stage.turn(lambda turn: mornings.plan(system_act(turn, office.stage.world)))
    office.walk("2026-05-05T12:00")
    assert greetings(office, office.marta) == []
    first, second = office.tells(), office.tells()
    me = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, first, 0, me))
    office.walk("2026-05-06T08:00")
    (body,) = greetings(office, office.marta)
    assert [tap.split(":")[0] for tap in taps(body)] == ["q", "q"]
    assert {key for key in keys(body["text"]) if "{count}" in key} == {
        "🆕 {count} new report",
        "👤 {count} report waits for you",
    }
    (body,) = greetings(office, office.luz)
    assert {key for key in keys(body["text"]) if "{count}" in key} == {"🆕 {count} new report"}
    # Nobody has touched the second one, but it is new no longer; what she began waits for nobody.
    office.stage.act(office.marta, lambda act: casework.move(act, first, "in_progress"))
    office.walk("2026-05-07T08:00")
    for gestora in (office.marta, office.luz):
        assert len(greetings(office, gestora)) == 1
    office.stage.act(
        office.rosa, lambda act: additions.add(act, first, said="Gracias.", voice=None, photos=[])
    )
    office.walk("2026-05-08T08:00")
    (*_, body) = greetings(office, office.marta)
    assert {key for key in keys(body["text"]) if "{count}" in key} == {
        "👤 {count} report waits for you"
    }
    assert [tap.split(":")[6] for tap in taps(body)] == ["wait"]
    assert len(greetings(office, office.luz)) == 1
    # Neither on Saturday nor on Sunday.
    office.walk("2026-05-08T12:00")
    before = len(greetings(office, office.luz))
    office.walk("2026-05-10T23:00")
    assert len(greetings(office, office.luz)) == before
    office.walk("2026-05-13T08:00")
    (*_, body) = greetings(office, office.luz)
    assert "⏰ {count} report is overdue" in keys(body["text"])
    closed = "Listo."
    office.stage.act(office.luz, lambda act: casework.move(act, first, "closed", closed))
    office.walk("2026-05-13T12:00")
    office.stage.act(office.luz, lambda act: casework.move(act, second, "closed", closed))
    office.stage.act(office.luz, lambda act: casework.move(act, second, "received"))
    office.walk("2026-05-14T08:00")
    (*_, body) = greetings(office, office.luz)
    assert {key for key in keys(body["text"]) if "{count}" in key} == {
        "↩️ {count} report was opened again"
    }


def test_whoever_asked_from_the_teams_chat_hears_the_reply(office: Office) -> None:
    report, admin = office.tells(), office.stage.admin
    office.stage.act(admin, lambda act: casework.ask(act, report, "¿Desde cuándo?"))
    assert not [body for body in office.stage.letters(admin) if "r:more" in str(body)]
    office.stage.all_leaves()

    def replies(words: str) -> None:
        office.stage.act(
            office.rosa, lambda act: additions.add(act, report, said=words, voice=None, photos=[])
        )

    replies("Desde el lunes.")
    shown = [tap for body in office.stage.letters(admin) for tap in taps(body)]
    assert f"r:more:{report}:" in shown
    # Until the team has answered it waits for whoever asked.
    office.walk("2026-05-05T08:00")
    assert "👤 {count} report waits for you" in keys(letters(office, admin)[-1]["text"])


def test_what_is_new_leads_to_what_it_counted(office: Office) -> None:
    old = office.tells()
    office.walk("2026-05-05T12:00")
    fresh = office.tells()
    office.walk("2026-05-06T08:00")
    (*_, body) = greetings(office, office.luz)
    way = next(TrayTap.unpack(tap) for tap in taps(body) if tap.startswith("q:"))

    def listed(act: Act) -> list[int | None]:
        wanted = tray.wanted(act, tray.sane(act, way))
        assert filters.SINCE in {key for data in [tray.filter_page(act, way)] for key in keys(data)}
        return [report.id for report in stored.page(act.session, wanted, 0, 9)]

    assert office.stage.act(office.luz, listed) == [fresh]
    assert old != fresh


def test_what_is_added_without_being_asked_for_calls_nobody(office: Office) -> None:
    report, admin = office.tells(), office.stage.admin
    office.stage.act(admin, lambda act: casework.answer(act, report, "Vamos mañana."))
    office.stage.act(
        office.rosa, lambda act: additions.add(act, report, said="Gracias.", voice=None, photos=[])
    )
    assert office.stage.letters(admin) == []


def test_a_morning_that_was_slept_through_is_not_told_in_the_evening(office: Office) -> None:
    office.tells()
    office.stage.clock.forward(days=1, hours=12)
    office.stage.beat()
    assert greetings(office, office.luz) == []
    office.walk("2026-05-06T08:00")
    assert len(greetings(office, office.luz)) == 1
