"""An action that reads a whole table is found out by any test that takes it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from storage.database import Database
from storage.person import Person, by_telegram
from storage.report import Report
from tests.actions import plans
from tests.actions.stage import Stage
from tests.conftest import TownClock


def test_a_scan_is_found_out(
    sqlite: Database, clock: TownClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(sqlite, clock)
    with stage.database.read() as session:
        by_telegram(session, 1)
        # A test may look where it likes.
        session.exec(select(Report).where(Report.words == "x")).all()
        session.exec(select(Person).where(Person.name == "x")).all()
        monkeypatch.setattr(plans, "TESTS", plans.ROOT / "nowhere")
        with pytest.raises(AssertionError, match=r"test_plans\.test_a_scan_is_found_out: SCAN"):
            session.exec(select(Report).where(Report.words == "x")).all()
