"""What nobody touches goes up: assignee, then all gestores, then the admins, each step once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, delete, select

from actions import additions, casework, deadlines, mornings, reports
from actions.act import Act, system_act
from storage.due import Due
from storage.letter import Lane
from storage.person import GESTOR, Role, roles_of
from tests.actions.stage import Stage, keys, taps

# Monday, 4 May 2026, at noon: five working days end on the 11th; the 18th is a holiday.
FIRST, SECOND, THIRD = "2026-05-12T08:00", "2026-05-14T08:00", "2026-05-19T08:00"
HEADINGS = (deadlines.YOURS, deadlines.NOBODYS, deadlines.UNTOUCHED, deadlines.FOR_ADMINS)


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
        found = []
        for body in self.stage.letters(who, Lane.REMINDER):
            heading = next((h for h in HEADINGS if h in keys(body["text"])), None)
            if heading is not None:
                found.append((heading, sum(tap.startswith("r:card") for tap in taps(body))))
        return found


@pytest.fixture
def office(stage: Stage) -> Office:
    """The office of the demo's town."""
    return Office(stage)


def test_untouched_it_goes_up_step_by_step_and_then_is_left_to_the_admins(office: Office) -> None:
    report = office.tells()
    me = office.stage.id_of(office.marta)
    office.stage.act(office.marta, lambda act: casework.assign(act, report, 0, me))
    office.walk("2026-05-12T07:59")
    assert office.heard(office.marta) == []
    office.walk(FIRST)
    assert office.heard(office.marta) == [(deadlines.YOURS, 1)]
    assert office.heard(office.luz) == []
    office.walk("2026-05-14T07:59")
    assert office.heard(office.luz) == []
    office.walk(SECOND)
    for gestora in (office.marta, office.luz):
        assert office.heard(gestora)[-1] == (deadlines.UNTOUCHED, 1)
    assert office.heard(office.stage.admin) == []
    office.walk(THIRD)
    assert office.heard(office.stage.admin) == [(deadlines.FOR_ADMINS, 1)]
    office.walk("2026-07-01T12:00")
    assert len(office.heard(office.marta)) == 2
    assert len(office.heard(office.stage.admin)) == 1


def test_what_nobody_took_concerns_every_gestora_at_once_in_one_letter(office: Office) -> None:
    for _ in range(3):
        office.tells()
    office.walk(FIRST)
    for gestora in (office.marta, office.luz):
        assert office.heard(gestora) == [(deadlines.NOBODYS, 3)]


def test_more_than_a_letter_shows_is_counted(office: Office) -> None:
    ana = office.stage.person("Ana")
    for _ in range(5):
        office.tells()
        office.tells(ana)
    office.walk(FIRST)
    assert office.heard(office.luz) == [(deadlines.NOBODYS, deadlines.SHOWN)]
    assert deadlines.AND_MORE in {
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
    assert office.heard(office.marta) == [(deadlines.YOURS, 1)] * 2
    office.walk("2026-05-20T08:00")
    assert office.heard(office.luz) == [(deadlines.UNTOUCHED, 1)]


def test_what_whoever_told_it_adds_is_no_touch(office: Office) -> None:
    report = office.tells()
    office.walk(FIRST)
    office.stage.act(
        office.rosa,
        lambda act: additions.add(act, report, said="Sigue igual.", voice=None, photos=[]),
    )
    office.walk(SECOND)
    assert office.heard(office.marta)[-1] == (deadlines.UNTOUCHED, 1)


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
    assert office.heard(office.luz) == [(deadlines.NOBODYS, 1)]


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
    assert office.heard(office.luz) == [(deadlines.NOBODYS, 1)]


def test_without_a_gestor_the_admins_hear(stage: Stage) -> None:
    office = Office(stage)

    def nobody(turn: Any) -> None:
        turn.session.exec(delete(Role))

    stage.turn(nobody)
    office.tells()
    office.walk(FIRST)
    assert office.heard(stage.admin) == [(deadlines.NOBODYS, 1)]


def test_each_morning_once_also_when_the_scan_runs_again(office: Office) -> None:
    office.tells()
    office.walk(FIRST)
    office.stage.beat()
    office.stage.beat()
    assert office.heard(office.luz) == [(deadlines.NOBODYS, 1)]


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
    office.stage.act(office.luz, lambda act: casework.move(act, second, "closed", closed))
    office.stage.act(office.luz, lambda act: casework.move(act, second, "received"))
    office.walk("2026-05-14T08:00")
    (*_, body) = greetings(office, office.luz)
    assert {key for key in keys(body["text"]) if "{count}" in key} == {
        "↩️ {count} report was opened again"
    }


def test_a_morning_that_was_slept_through_is_not_told_in_the_evening(office: Office) -> None:
    office.tells()
    office.stage.clock.forward(days=1, hours=12)
    office.stage.beat()
    assert greetings(office, office.luz) == []
    office.walk("2026-05-06T08:00")
    assert len(greetings(office, office.luz)) == 1


def test_the_moment_of_every_step_is_a_working_morning(office: Office) -> None:
    office.tells()
    office.walk("2026-06-30T12:00")
    rows = office.stage.read(
        lambda session: list(
            session.exec(select(Due.at).where(Due.kind == deadlines.LATE).order_by(col(Due.id)))
        )
    )
    there = [row.astimezone(office.stage.zone) for row in rows]
    assert [when.isoformat()[:16] for when in there] == [FIRST, SECOND, THIRD]
