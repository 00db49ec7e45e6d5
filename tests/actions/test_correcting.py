"""What was told under the wrong subject, or of nowhere, is put where it belongs."""

from __future__ import annotations

from typing import Any

import pytest

from actions import bundles, correcting, report_history, report_views
from actions.act import Refused
from actions.casework import MOVED_ALREADY
from actions.reports import NO_SUCH_CATEGORY
from storage import report_event
from storage.report import Report
from storage.report_event import CATEGORIZED, LOCATED
from tests.actions.casework_stage import Office, office
from tests.actions.stage import Stage, keys, reason

WORDS: dict[str, Any] = {"latitude": None, "longitude": None, "address": "Detrás del mercado"}


@pytest.fixture
def town(stage: Stage) -> Office:
    """Two gestores and two neighbours."""
    return office(stage)


def categorize(town: Office, report: int, key: str, **seen: int) -> None:
    town.stage.act(town.marta, lambda act: correcting.categorize(act, report, key, **seen))


def category_of(town: Office, report: int) -> str:
    view = town.stage.act(town.marta, lambda act: act.town)
    found = view.category(town.see(report).category_id)
    assert found is not None
    return found.key


def test_those_who_wait_hear_of_the_new_subject_and_its_term(town: Office) -> None:
    report = town.report(town.rosa)
    town.joins(town.ana, report)
    before = town.see(report)
    town.stage.clock.forward(days=2)
    town.stage.all_leaves()
    categorize(town, report, "vias", before=before.category_id)
    after = town.see(report)
    assert category_of(town, report) == "vias" and after.due_at != before.due_at
    assert after.due_at is not None and after.due_at > town.stage.clock()
    for who in (town.rosa, town.ana):
        told = keys(town.stage.letters(who)[-1]["text"])
        assert correcting.NOW_UNDER in told and correcting.BY in told
    (event,) = town.events(report, CATEGORIZED)
    assert (event.before, event.after) == ("alumbrado", "vias")
    # It is in the history of the team, in the neighbours', and in the bundle of who sleeps.
    bundled = town.stage.act(town.marta, lambda act: bundles.line(act, town.see(report), event))
    assert keys(bundled) >= {bundles.NOW_UNDER}
    lines = town.stage.act(
        town.marta, lambda act: report_history.page(act, town.see(report), None)[0]
    )
    assert any(report_history.NOW_UNDER in keys(line) for line in lines)
    seen = town.stage.act(town.rosa, lambda act: report_views.view(act, town.see(report)))
    assert report_views.NOW_UNDER in keys(seen["text"])


def test_two_at_once_and_what_is_no_subject(town: Office) -> None:
    report = town.report(town.rosa)
    first = town.see(report).category_id
    categorize(town, report, "vias", before=first)
    with pytest.raises(Refused) as late:
        categorize(town, report, "agua", before=first)
    assert reason(late) == MOVED_ALREADY
    with pytest.raises(Refused) as unknown:
        categorize(town, report, "zz")
    assert reason(unknown) == NO_SUCH_CATEGORY
    # The same once more changes nothing, and tells nobody.
    categorize(town, report, "vias")
    assert category_of(town, report) == "vias" and len(town.events(report, CATEGORIZED)) == 1


def test_what_is_over_gets_no_new_term(town: Office) -> None:
    report = town.report(town.rosa)
    town.stage.turn(lambda turn: setattr(turn.session.get_one(Report, report), "state", "fixed"))
    before = town.see(report).due_at
    categorize(town, report, "vias")
    assert town.see(report).due_at == before


def test_an_address_gets_its_barrio(town: Office) -> None:
    report = town.report(town.rosa, **WORDS)
    offered = town.stage.act(
        town.marta, lambda act: [one.value for one in correcting.barrios(act, town.see(report))]
    )
    assert {"la-loma", "centro"} <= set(offered)
    town.stage.all_leaves()
    town.stage.act(town.marta, lambda act: correcting.locate(act, report, "la-loma"))
    place = town.stage.act(
        town.marta, lambda act: act.town.territory(town.see(report).territory_id)
    )
    assert place is not None and place.key == "la-loma"
    assert [event.after for event in town.events(report, LOCATED)] == ["la-loma"]
    # For the queue alone: nobody is written to.
    assert town.stage.letters(town.rosa) == []
    last = town.stage.read(lambda session: report_event.last_events(session, report, (LOCATED,), 1))
    line = town.stage.act(town.marta, lambda act: report_history.what(act, last[0]))
    assert report_history.NOW_IN in keys(line)


def test_a_point_and_what_is_no_barrio(town: Office) -> None:
    pointed, typed = town.report(town.rosa), town.report(town.ana, **WORDS)
    assert town.stage.act(town.marta, lambda act: correcting.barrios(act, town.see(pointed))) == []
    for report, key in ((pointed, "la-loma"), (typed, "zz")):
        with pytest.raises(Refused) as refused:
            town.stage.act(
                town.marta,
                lambda act, report=report, key=key: correcting.locate(act, report, key),  # type: ignore[misc]
            )
        assert reason(refused) == correcting.NO_SUCH_BARRIO
