"""Whoever joins a report can add to it, and is nobody's loudspeaker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions import additions, bundles, quiet, reports, verdicts
from actions.act import Act, Refused
from civic import flood
from storage.report import EVIDENCE, ReportPhoto, photos_by
from storage.report_event import ADDITION
from storage.support import YES, Verdict
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason


@pytest.fixture
def town(stage: Stage) -> Office:
    return office(stage)


def adds(town: Office, who: int, report: int, said: str | None = "Más.", **more: Any) -> None:
    told: dict[str, Any] = {"said": said, "voice": None, "photos": [], **more}
    town.stage.act(who, lambda act: additions.add(act, report, **told))


def photos(n: int) -> list[dict[str, str]]:
    return [{"file_id": f"F{i}", "unique_id": f"U{i}", "kind": "photo"} for i in range(n)]


def test_so_many_an_hour_then_a_pause_and_others_go_on(town: Office) -> None:
    report, other = town.report(town.rosa), town.report(town.rosa, "Otro poste.")
    for one in (report, other):
        town.joins(town.ana, one)
    for n in range(flood.ADDITIONS[0][1]):
        adds(town, town.ana, (report, other)[n % 2])
    with pytest.raises(Refused) as refused:
        adds(town, town.ana, report)
    assert reason(refused) == additions.TOO_MANY and refused.value.for_now
    adds(town, town.rosa, report)
    town.stage.clock.forward(minutes=61)
    adds(town, town.ana, report)


def test_what_is_added_one_after_another_rings_once_and_comes_in_one_bundle(town: Office) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    crowd = [stage.person(f"V{n}") for n in range(3)]
    for who in (town.ana, *crowd):
        town.joins(who, report)
    stage.clock.forward(minutes=3)
    for n in range(5):
        adds(town, town.ana, report, f"Basura {n}.")
    adds(town, crowd[0], report, "A mí también.")
    for who in (town.rosa, crowd[1]):
        (first,) = stage.letters(who)
        assert additions.ADDED in keys(first["text"]) and "Basura 0." in str(first)
    stage.walk(stage.clock.now + timedelta(minutes=10))
    for who in (town.rosa, crowd[1]):
        _, bundle = stage.letters(who)
        assert {bundles.MEANWHILE, bundles.ADDED} <= keys(bundle["text"])
        assert "A mí también." in str(bundle) and "Basura 4." in str(bundle)
    # After a while it is news again, and told at once.
    stage.clock.forward(minutes=30)
    adds(town, town.ana, report, "Sigue igual.")
    assert "Sigue igual." in str(stage.letters(town.rosa)[-1])
    assert len(stage.letters(town.rosa)) == 3


def test_what_waits_for_a_breath_waits_for_quiet_hours_too(town: Office) -> None:
    stage = town.stage
    report = town.report(town.rosa)
    town.joins(town.ana, report)
    adds(town, town.ana, report)
    adds(town, town.ana, report, "Basura.")
    hour = stage.clock.now.astimezone(stage.zone).hour
    stage.act(town.rosa, lambda act: quiet.set_hours(act, hour, (hour + 2) % 24))
    stage.walk(stage.clock.now + timedelta(minutes=30))
    assert len(stage.letters(town.rosa)) == 1
    stage.walk(stage.clock.now + timedelta(hours=2))
    assert len(stage.letters(town.rosa)) == 2


def test_photos_end_and_words_do_not(town: Office) -> None:
    report = town.report(town.rosa, photos=photos(3))
    for _ in range(4):
        adds(town, town.rosa, report, photos=photos(3))

    def kept(act: Act) -> int:
        return photos_by(act.session, report, act.my_id)

    assert town.stage.act(town.rosa, kept) == flood.PHOTOS
    with pytest.raises(Refused) as refused:
        adds(town, town.rosa, report, None, photos=photos(1))
    assert reason(refused) == additions.ENOUGH
    adds(town, town.rosa, report, "Se apagó otro.")
    assert len(town.events(report, ADDITION)) == 5
    # Whoever joined it has photos of their own.
    town.joins(town.ana, report)
    adds(town, town.ana, report, None, photos=photos(1))


def test_evidence_counts_as_added(town: Office) -> None:
    report = town.report(town.rosa)

    def answered(act: Act) -> None:
        act.session.add(
            Verdict(report_id=report, person_id=act.my_id, asking=0, answer=YES, created_at=act.now)
        )
        for n in range(flood.ADDITIONS[0][1]):
            photo: dict[str, Any] = photos(1)[0]
            at = act.now - timedelta(seconds=n)
            act.session.add(
                ReportPhoto(
                    report_id=far, person_id=act.my_id, moment=EVIDENCE, created_at=at, **photo
                )
            )

    far = town.report(town.rosa, "Lejos.")
    town.stage.act(town.rosa, answered)
    with pytest.raises(Refused) as refused:
        town.stage.act(town.rosa, lambda act: verdicts.add_evidence(act, report, 0, photos(1)))
    assert reason(refused) == additions.TOO_MANY


def test_joining_and_leaving_again_and_again_comes_to_a_pause(town: Office) -> None:
    """Each time the team's cards are edited; whoever has joined may always leave."""
    report, other = town.report(town.rosa), town.report(town.rosa, "Otro poste.")

    def joins(one: int) -> None:
        town.stage.act(town.ana, lambda act: reports.support(act, one))

    for _ in range(flood.JOININGS[0][1]):
        joins(report)
        town.stage.act(town.ana, lambda act: reports.unsupport(act, report))
    for one in (report, other):
        with pytest.raises(Refused) as refused:
            joins(one)
        assert reason(refused) == reports.TOO_MANY_JOINED and refused.value.for_now
    assert town.see(report).supports == 0
    town.stage.clock.forward(minutes=61)
    joins(report)
    assert town.see(report).supports == 1
