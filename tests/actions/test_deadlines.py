"""What nobody touches goes up: assignee, then all gestores, then the admins, each step once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import col, delete, select

from actions import (
    additions,
    casework,
    deadlines,
    expected,
    filters,
    gone_up,
    mornings,
    reports,
    team_card,
)
from actions.act import Act, system_act
from actions.buttons import TrayTap
from actions.world import World
from flows.phrase import day
from handlers import tray
from jobs import registry
from storage import tray as stored
from storage.due import Due
from storage.letter import Lane
from storage.person import GESTOR, Role, roles_of
from storage.report import Report
from storage.town import the_town
from tests.actions.stage import Stage, keys, taps

# Monday, 4 May 2026, at noon: five working days end on the 11th; the 18th is a holiday.
FIRST, SECOND, THIRD = "2026-05-12T08:00", "2026-05-14T08:00", "2026-05-19T08:00"


class Office:
    """Two gestoras, an admin and a vecina with reports of dark street lights."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.marta, self.luz = self.gestora("Marta"), self.gestora("Luz")
        self.rosa = stage.person("Rosa")
        self.number = 0

    def gestora(self, name: str) -> int:
        """Somebody new who is a gestora."""
        number = self.stage.person(name)
        role = Role(person_id=self.stage.id_of(number), role=GESTOR, given_at=self.stage.clock())
        self.stage.turn(lambda turn: turn.session.add(role))
        return number

    def tells(self, who: int | None = None) -> int:
        """A report of a street light, Rosa's or somebody else's; its number."""
        self.number += 1

        def tell(act: Act) -> int:
            report = reports.file(
                act,
                category="alumbrado",
                said=f"El poste número {self.number} de la cuadra está apagado.",
                voice=None,
                latitude=None,
                longitude=None,
                address=f"Calle {self.number}",
                photos=[],
            )
            assert report.id is not None
            return report.id

        return self.stage.act(who or self.rosa, tell)

    def walk(self, local: str) -> None:
        """Until the town's clock shows this."""
        when = datetime.fromisoformat(local).replace(tzinfo=self.stage.zone)
        self.stage.walk(when)

    def heard(self, who: int) -> list[tuple[str, int]]:
        """What somebody heard of overdue reports: its heading, and how many it names."""
        found: list[tuple[str, int]] = []
        for body in self.stage.letters(who, Lane.REMINDER):
            for line in body["text"]["lines"]:
                key = line.get("key") if isinstance(line, dict) else None
                if key in gone_up.HEADINGS:
                    found.append((str(key), 0))
                elif key == gone_up.ONE:
                    heading, named = found.pop()
                    found.append((heading, named + 1))
        return found


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


def letters(office: Office, who: int) -> list[dict[str, Any]]:
    """Everything that somebody was written to on mornings."""
    return office.stage.letters(who, Lane.REMINDER)


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


def greetings(office: Office, who: int) -> list[dict[str, Any]]:
    """The morning letters somebody got."""
    return [
        body
        for body in office.stage.letters(who, Lane.REMINDER)
        if mornings.GOOD_MORNING in keys(body["text"])
    ]


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
