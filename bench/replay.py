"""Real service requests filed by as many simulated citizens through the chat, and moved by gestoras
to the state in which each row ends, every step of it.

`python -m bench.replay FILE` makes a town of the file's categories; each row is told by a citizen
of its own. Afterwards the database holds the file's rows, no more and no fewer, each in the file's
state: the exit code is 1 when one is missing or different, or when the bot broke a rule of
Telegram's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import select

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.common import Busy, child, cores, counted, result, say
from bench.replay_citizens import FIRST, words_of
from bench.replay_rows import BadFile, Row, read
from storage.database import Database
from storage.person import Person
from storage.report import Report
from storage.town import Category


def rss_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def state_of(end: tuple[str, str | None]) -> str:
    """A state as the figures name it: with why it was closed."""
    return ":".join(part for part in end if part)


def compare(url: str, rows: list[Row], seed: int) -> tuple[int, list[str], list[str], Counter[str]]:
    """How many reports there are, what differs from the file and which stand in another state, in
    words, and how many there are in each state."""
    database = Database(url)
    with database.read() as session:
        found = session.exec(
            select(Person.telegram_id, Report, Category).where(
                Report.person_id == Person.id, Report.category_id == Category.id
            )
        ).all()
    database.close()
    wrong = []
    filed = Counter(number - FIRST for number, _, _ in found)
    wrong += [f"row {n} is there {filed[n]} times" for n in range(len(rows)) if filed[n] != 1]
    for telegram_id, report, category in found:
        number = telegram_id - FIRST
        row = rows[number]
        place = (row.latitude, row.longitude)
        told = (row.category, words_of(seed, number), place)
        kept = (category.names["es"], report.words, (report.latitude, report.longitude))
        if told != kept or (row.latitude is None and report.address != row.address):
            wrong.append(f"row {number}: told {told}, kept {kept}, {report.address}")
    by_category = Counter(category.names["es"] for _, _, category in found)
    if by_category != Counter(row.category for row in rows):
        wrong.append(f"categories: {by_category}")
    states: Counter[str] = Counter()
    astray = []
    for telegram_id, report, _ in found:
        number = telegram_id - FIRST
        stands, ends = state_of((report.state, report.closed_as)), state_of(rows[number].end)
        states[stands] += 1
        if stands != ends:
            astray.append(f"row {number}: it stands as {stands}, and should as {ends}")
    return len(found), wrong, astray, states


@dataclass(frozen=True, slots=True)
class Ran:
    """What the citizens tell, what the bot used, and what is in the database afterwards."""

    told: dict[str, Any]
    cpu_s: float
    rss_mb: tuple[float, float]
    compared: tuple[int, list[str], list[str], Counter[str]]


def replay(given: argparse.Namespace, rows: list[Row]) -> tuple[Ran, float]:
    """The whole file once, in a fresh town; and how busy Telegram's core was."""
    own, other = cores()
    module, size = "bench.replay_children", str(len(rows))
    with tempfile.TemporaryDirectory(prefix="cabildo-replay-") as folder:
        url = f"sqlite:///{Path(folder) / 'replay.sqlite'}"
        people = (str(given.file), size, str(given.at_once), str(given.seed))
        with child(module, "telegram", *people, core=other) as telegram:
            api = telegram.hears()["url"]
            with child(module, "cabildo", str(given.file), size, api, url, core=own) as cabildo:
                cabildo.hears()
                time.sleep(1)
                start_mb, busy = rss_mb(cabildo.process.pid), Busy(telegram)
                cpu = cabildo.cpu_s()
                say(f"{len(rows)} citizens, {given.at_once} at a time")
                told = telegram.ask(do="file")
                share, end_mb = busy.share(), rss_mb(cabildo.process.pid)
                cpu = cabildo.cpu_s() - cpu
                cabildo.ask(do="stop")
        compared = compare(url, rows, given.seed)
    return Ran(told, cpu, (start_mb, end_mb), compared), share


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, help="only the first so many rows")
    parser.add_argument("--at-once", type=int, default=50, help="people talking at a time")
    parser.add_argument("--seed", type=int, default=311)
    given = parser.parse_args(arguments)
    try:
        rows = read(given.file, given.rows)
    except (OSError, BadFile) as error:
        parser.error(str(error))
    ran, share, void = counted(partial(replay, given, rows))
    told, cpu, (start_mb, end_mb) = ran.told, ran.cpu_s, ran.rss_mb
    found, wrong, astray, states = ran.compared
    expected = Counter(state_of(row.end) for row in rows)
    for line in [*wrong, *astray, *told["first_violations"]][:20]:
        say(f"WRONG {line}")
    p50, p95, p99 = told["answer_ms"]
    result(
        "replay",
        db="sqlite",
        runs=1,
        void_runs=void,
        server_core_busy=share,
        citizens=len(rows),
        steps=told["steps"],
        steps_per_s=round(told["steps"] / told["took_s"], 1),
        cpu_ms_per_step=round(cpu / told["steps"] * 1000, 2),
        answer_ms_p50=p50,
        answer_ms_p95=p95,
        answer_ms_p99=p99,
        rss_start_mb=round(start_mb, 1),
        rss_end_mb=round(end_mb, 1),
        rows_expected=len(rows),
        rows_found=found,
        mismatches=len(wrong),
        moves=told["moves"],
        states=dict(sorted(states.items())),
        states_expected=dict(sorted(expected.items())),
        state_mismatches=len(astray),
        violations=told["violations"],
    )
    broken = wrong or astray or states != expected or told["violations"]
    return 1 if broken or told["answered"] < told["steps"] else 0


if __name__ == "__main__":
    sys.exit(main())
