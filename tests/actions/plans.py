"""Whatever an action asks the database while the tests run is asked its plan, too: what somebody
waits for reads no table from end to end."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Any

from sqlalchemy import event

from storage.database import Database
from tests.storage.test_plans import whole_tables

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
ON_PURPOSE = {
    # A gestora's count of everybody, and a vote's roll when it closes.
    "audiences.tally",
    "audiences.eligible",
    # Somebody's wish to take everything out, or to have it erased, looks everywhere.
    "personal_rows.rows_of",
    "erasing._by_rule",
    "forgetting.forget_updates",
    # Once, when the town's file has changed its time zone.
    "group.to_come",
    # Where a report has no point, WHERE is false: nothing is read at all.
    "follow.followed",
}
_plans: dict[str, list[str]] = {}


def watch(database: Database) -> None:
    """Fail whatever reads a whole table of a SQLite database, unless it is a test itself."""
    if database.is_sqlite:
        event.listen(database.engine, "before_cursor_execute", _look)


def _look(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
    if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", statement):
        return
    if statement not in _plans:
        raw = connection.connection.driver_connection
        _plans[statement] = whole_tables(raw, statement, values)
    if _plans[statement]:
        asked = _who_asked()
        if asked and asked not in ON_PURPOSE:
            raise AssertionError(f"{asked}: {', '.join(_plans[statement])}")


def _who_asked() -> str | None:
    """The file and function of ours that asked; None where a test did."""
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if path == Path(__file__) or ROOT not in path.parents or ".venv" in path.parts:
            continue
        return None if TESTS in path.parents else f"{path.stem}.{frame.name}"
    return None
