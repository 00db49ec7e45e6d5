"""What a bundle says of each report: enough to understand it, and where the rest is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions import bundles, casework, merging, quiet, report_views
from actions import report_words as words
from civic.lifecycle import CLOSED, DUPLICATE, NOT_RESPONSIBLE, RECEIVED
from storage.follow import CATEGORY
from storage.report import Report
from storage.report_event import ANSWER
from tests.actions.stage import Stage, keys, taps
from tests.actions.test_follow_ups import tells
from tests.actions.test_news import Street

EARLIER = "… {count} thing happened before that: tap {code} below."
MORE = "… and {count} report more: {codes}. Write /reporte and its code to read it."


@pytest.fixture
def street(stage: Stage) -> Street:
    """Rosa's quiet hours are until three."""
    made = Street(stage)
    stage.act(made.rosa, lambda act: quiet.set_hours(act, 11, 15))
    return made


def wakes(street: Street) -> dict[str, Any]:
    """What Rosa reads when her quiet hours are over."""
    street.stage.walk(street.stage.clock.now + timedelta(hours=4))
    return street.bundles(street.rosa)[-1]


def closes(street: Street, report: int, **how: Any) -> None:
    """The gestora closes it, with a reason."""
    street.stage.act(street.marta, lambda act: casework.move(act, report, CLOSED, "Así es", **how))


def test_a_closing_says_whose_it_is(street: Street) -> None:
    report = street.tells()
    closes(street, report, closed_as=NOT_RESPONSIBLE, responsible="Empresa de Energía")
    text = wakes(street)["text"]
    assert words.CLOSED_AS[NOT_RESPONSIBLE] in keys(text)
    assert "Empresa de Energía" in str(text) and "Así es" in str(text)


def test_a_merge_says_which_report_tells_the_same(street: Street) -> None:
    report, original = street.tells(), tells(street.stage, street.ana, said="El poste no da luz")
    code = street.code(original)
    street.stage.act(street.marta, lambda act: merging.merge(act, report, code))
    text = wakes(street)["text"]
    assert words.CLOSED_AS[DUPLICATE] in keys(text) and code in str(text)


def test_opened_again_is_not_received(street: Street) -> None:
    report = street.tells()
    closes(street, report, closed_as=NOT_RESPONSIBLE, responsible="Empresa de Energía")
    street.stage.clock.forward(minutes=1)
    street.moves(report, RECEIVED)
    said = keys(wakes(street)["text"])
    assert {words.CLOSED_AS[NOT_RESPONSIBLE], words.AGAIN} <= said
    assert words.STATES[RECEIVED] not in said


def test_what_has_no_room_is_counted(street: Street) -> None:
    report = street.tells()
    for number in range(bundles.MOST_LINES + 2):
        street.answers(report, f"Respuesta {number}.")
    body = wakes(street)
    assert EARLIER in keys(body["text"]) and "'count': 2" in str(body["text"])
    assert "Respuesta 1." not in str(body["text"]) and "Respuesta 4." in str(body["text"])
    assert f"m:r:{street.code(report)[2:]}" in taps(body)


def test_reports_without_room_are_named(street: Street) -> None:
    street.follows(CATEGORY, street.category("alumbrado"), street.rosa)
    numbers = [
        tells(street.stage, street.stage.person("Otra"), said=f"El poste {n} está apagado")
        for n in range(bundles.MOST_REPORTS + 2)
    ]
    text = wakes(street)["text"]
    assert MORE in keys(text)
    assert f"{street.code(numbers[0])}, {street.code(numbers[1])}" in str(text)


def test_an_answer_is_read_whole(street: Street) -> None:
    report = street.tells()
    long = "Vamos el martes con la escalera, " * 28 + "y terminamos el jueves."
    street.answers(report, "Primero " + long)
    street.answers(report, "Después " + long)

    def view(act: Any) -> Any:
        return report_views.view(act, act.session.get(Report, report))["text"]

    shown = str(street.stage.act(street.rosa, view))
    assert "Después " + long in shown
    # There is room for so much of the older one.
    assert "Primero Vamos" in shown and "Primero " + long not in shown


@pytest.mark.parametrize("said", [None, "Quedó alumbrando."])
def test_a_photo_of_the_work_is_a_line_of_its_own(street: Street, said: str | None) -> None:
    report = street.tells()
    photos: list[dict[str, Any]] = [{"file_id": "a", "unique_id": "a", "kind": "photo"}]
    street.stage.act(street.marta, lambda act: casework.add_after(act, report, photos, said))

    def view(act: Any) -> Any:
        return report_views.view(act, act.session.get(Report, report))["text"]

    for text in (wakes(street)["text"], street.stage.act(street.rosa, view)):
        assert words.WORK_PHOTO in keys(text)
        assert not keys(text) & {bundles.ANSWERED, report_views.WHAT[ANSWER]}
        assert said is None or said in str(text)
