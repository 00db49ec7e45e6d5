"""Nothing that somebody waits for reads a whole table: every query of storage is asked its plan.

Each public function of storage that takes a session is called with sample values on SQLite, and
EXPLAIN QUERY PLAN is asked for each statement it made (https://sqlite.org/eqp.html). Reading all of
a partial index is fine: it holds only what is open.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

import storage
from storage.database import Database
from storage.due import Planned
from storage.inbox import Arrival
from storage.letter import SENT
from storage.mentions import Needles
from storage.report import Report
from storage.report_event import ReportEvent
from storage.retention import Until
from storage.tray import Wanted
from storage.vote import Vote
from tests.conftest import NOON

# A town has a handful of these, and they are read as a whole on purpose.
FEW = {
    "town",
    "territory",
    "category",
    "working_group",
    "vote",
    "lease",
    "call",
    "role",
    "invite",
    "staff_group",
}
# These hold what a query was given, or has found by an index: a handful each.
LISTS = {"json_each", "those"}
# No citizen waits for these: one runs beside, the other is an administrator's.
# The last one is somebody's wish to take everything out: it looks everywhere on purpose.
BESIDE = {"group.to_come", "inbox.set_aside_rows", "personal_rows.rows_of"}
REPORT = Report(
    id=1, code="x", person_id=1, category_id=1, state="received", created_at=NOON, changed_at=NOON
)
SAMPLES: dict[str, Any] = {
    "bool": True,
    "int": 1,
    "int | None": 1,
    "Point | None": (3.4, -76.5),
    "Sequence[Planned]": [Planned(key="x", kind="x", subject=1, at=NOON, facts={})],
    "float": 1.0,
    "str": "x",
    "datetime": NOON,
    "Sequence[int]": [1],
    "Collection[int]": {1},
    "Collection[int] | None": {1},
    "Collection[tuple[int, int]]": {(1, 1)},
    "Sequence[tuple[int, int | None, str | None]]": [(1, None, "x")],
    "Iterable[int]": [1],
    "Sequence[str]": ["x"],
    "Sequence[str] | None": ["x"],
    "dict[str, Any]": {},
    "list[Any]": [["x"]],
    "Sequence[Arrival]": [Arrival(1, 1, "x", "x", {})],
    "Sequence[tuple[int, int | None, int]]": [(1, 1, 1)],
    "Sequence[tuple[int, int, int]]": [(1, 1, 1)],
    "Sequence[tuple[int, int, str]]": [(1, SENT, "x")],
    "Sequence[tuple[int, float, str]]": [(1, 1.0, "x")],
    "Sequence[dict[str, Any]]": None,
    "Wanted": Wanted(territories=(1, 2), category=1, until=NOON, again=True),
    "Report": REPORT,
    "ReportEvent": ReportEvent(id=1, report_id=1, kind="addition", created_at=NOON),
    "Row": {"chat_id": 1, "parked": [], "open": False, "serial": 0, "touched": NOON},
    "Names": ["Rosa Díaz"],
    "Needles": Needles(["Rosa Díaz"], ["x"]),
    "re.Pattern[str] | None": re.compile("x"),
    "Iterable[Hit]": [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)],
    "Until": Until(letters=1.0, keys=1.0, lists=1.0),
    "Vote": Vote(id=1, question="x", at_most=1, audience={}, opens_at=NOON, closes_at=NOON),
}
LETTER: dict[str, Any] = {
    "id": 1,
    "chat_id": 1,
    "lane": 0,
    "state": 0,
    "dedupe": None,
    "edits": None,
    "call_id": None,
    "body": {},
    "language": None,
    "attempts": 0,
    "not_before": 0.0,
}
SAMPLES["Sequence[dict[str, Any]]"] = [LETTER]


def queries() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of storage that begins with a session, by noun and name."""
    for path in sorted(Path(storage.__file__).parent.glob("*.py")):
        module = importlib.import_module(f"storage.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            if next(iter(inspect.signature(function).parameters), None) == "session":
                yield f"{path.stem}.{name}", function


def called(function: Callable[..., Any], session: Any) -> None:
    """Call it with a sample of each type; a type that has none here fails the test."""
    positional, named = [], {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        value = SAMPLES[str(parameter.annotation)]
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    result = function(session, *positional, **named)
    if inspect.isgenerator(result):
        list(result)


def whole_tables(connection: Any, statement: str, values: Any) -> list[str]:
    """What SQLite would read from end to end for this statement."""
    found = []
    one = values[0] if isinstance(values, list) else values
    for *_, detail in connection.execute(f"EXPLAIN QUERY PLAN {statement}", one).fetchall():
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", detail)
        if scan is None or detail == "SCAN CONSTANT ROW":
            continue
        table, index = scan.groups()
        if table in LISTS:
            continue
        partial = index and connection.execute(
            "SELECT sql LIKE '%WHERE%' FROM sqlite_master WHERE name = ?", (index,)
        ).fetchone() == (1,)
        if table not in FEW and not partial:
            found.append(detail)
    return found


@pytest.mark.parametrize(("name", "function"), [pytest.param(*q, id=q[0]) for q in queries()])
def test_no_query_reads_a_whole_table(
    sqlite: Database, name: str, function: Callable[..., Any]
) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)", statement):
            seen.append((statement, values))

    event.listen(sqlite.engine, "before_cursor_execute", note)
    with sqlite.connect() as connection:
        # There is nobody behind the samples.
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        from sqlmodel import Session

        with Session(connection) as session:
            called(function, session)
        scans = [(whole_tables(raw, *one), one[0]) for one in seen]
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")
    if name not in BESIDE:
        assert [scan for scan in scans if scan[0]] == []


def test_a_scan_would_be_noticed(sqlite: Database) -> None:
    with sqlite.connect() as connection:
        raw: Any = connection.connection.driver_connection
        assert whole_tables(raw, "SELECT * FROM report WHERE words = ?", ("x",)) == ["SCAN report"]
        assert whole_tables(raw, "SELECT id FROM letter", ()) != []
        assert whole_tables(raw, "SELECT update_id FROM inbox WHERE state = 0", ()) == []
