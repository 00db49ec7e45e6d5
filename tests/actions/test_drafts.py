"""What is looked at every second reads no table from end to end."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import event

from actions import drafts
from actions.act import system_act
from handlers.half_done import reminder
from storage.database import Database
from tests.actions.stage import Stage
from tests.conftest import TownClock
from tests.storage.test_plans import whole_tables


def test_the_look_for_forgotten_drafts_uses_its_indexes(sqlite: Database, clock: TownClock) -> None:
    stage = Stage(sqlite, clock)
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if re.match(r"\s*SELECT", statement) and "conversation" in statement:
            seen.append((statement, values))

    event.listen(sqlite.engine, "before_cursor_execute", note)
    stage.turn(lambda turn: drafts.nudge(system_act(turn, stage.world), reminder))
    stage.turn(lambda turn: drafts.expire(system_act(turn, stage.world)))
    stage.turn(lambda turn: drafts.next_moment(system_act(turn, stage.world)))
    assert len(seen) == 4
    with sqlite.connect() as connection:
        raw: Any = connection.connection.driver_connection
        assert [whole_tables(raw, *one) for one in seen] == [[]] * 4
