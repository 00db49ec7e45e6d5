"""What may not be sent for now is not lost: the draft stays, and goes out when it may."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from actions import reports as reporting
from actions.act import Refused
from actions.buttons import Draft
from flows.given import Given, Typed
from flows.phrase import say
from handlers.registration import FLOWS, grown_once
from handlers.talk import Talk
from storage.database import Database
from storage.report import Report
from tests.actions.stage import Stage
from tests.conftest import TownClock


@pytest.fixture
def stage(sqlite: Database, clock: TownClock) -> Stage:
    return Stage(sqlite, clock)


def gives(stage: Stage, who: int, given: Given) -> Talk:
    """One turn; how the conversation stands after it."""

    def work(act: Any) -> Talk:
        talk = Talk(act, who)
        assert talk.give(given)
        return talk

    return stage.act(who, work)


def at_review(stage: Stage, who: int) -> None:
    """A report of rubbish that only has to be sent."""
    stage.act(who, lambda act: Talk(act, who).begin("report"))
    said = ("basura y aseo", "Hay escombros en el andén", "Calle 5 con 6, Centro", "omitir")
    for number, text in enumerate(said):
        gives(stage, who, Typed(text, number))


def test_a_draft_refused_for_now_stays_and_is_sent_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = stage.person("Ana")
    at_review(stage, ana)

    def later(*_: Any, **__: Any) -> Report:
        raise Refused(say("Later."), for_now=True)

    with monkeypatch.context() as patched:
        patched.setattr(reporting, "file", later)
        talk = gives(stage, ana, Typed("enviar", 9))
    assert talk.active is not None
    serial = talk.active["talk"]["serial"]
    told = stage.letters(ana)[-1]
    assert told["text"] == say("Later.")
    data = [button.get("data") for row in told["buttons"] for button in row]
    assert Draft(do="go_on", serial=serial).pack() in data

    stage.act(ana, lambda act: Talk(act, ana).go_on(serial))
    assert gives(stage, ana, Typed("enviar", 10)).active is None
    reports = stage.turn(lambda turn: list(turn.session.exec(select(Report))))
    assert [report.words for report in reports] == ["Hay escombros en el andén"]


def test_a_draft_refused_for_good_is_let_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = stage.person("Ana")
    at_review(stage, ana)

    def never(*_: Any, **__: Any) -> Report:
        raise Refused(say("Never."))

    monkeypatch.setattr(reporting, "file", never)
    assert gives(stage, ana, Typed("enviar", 9)).active is None
    assert stage.letters(ana)[-1]["text"] == say("Never.")


def test_a_flow_grows_once_for_each_reading_of_the_town(stage: Stage) -> None:
    made: list[object] = []

    @grown_once
    def grow(town: Any, flow: Any) -> Any:
        made.append(town)
        return flow

    registration = FLOWS["report"]

    def grows(act: Any) -> None:
        grow(act, registration.flow)

    ana = stage.person("Ana")
    for _ in range(3):
        stage.act(ana, grows)
    assert len(made) == 1
    stage.world._view = None
    stage.act(ana, grows)
    assert len(made) == 2
