"""Does a town of a million reports answer as fast as one of a thousand?

`python -m bench.growth BARRIOS.geojson --name PROP` builds towns of several sizes in real barrios,
on both databases, and lets people report in each of them in turns: the time to each answer, and
the time to make the list of what was told already. Ratios are the largest town's p95 over the
smallest's, the median of the rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.common import Busy, child, cores, counted, quartiles, result, say
from bench.growth_people import FIRST, FOR_TALKING
from bench.growth_town import BadFile, beside_open, build, plan_of
from storage.database import Database
from storage.town import categories
from tests import postgres as servers

SIZES = (1_000, 100_000, 1_000_000)
CHILDREN = "bench.growth_children"


@dataclass(slots=True)
class Times:
    """One town's p95s, a value a round, in milliseconds."""

    url: str
    turns: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)


@contextlib.contextmanager
def databases(kind: str, sizes: list[int]) -> Iterator[list[str]]:
    """The addresses of so many empty databases, gone at the end."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="cabildo-growth-") as folder:
            yield [f"sqlite:///{Path(folder) / f'{size}.sqlite'}" for size in sizes]
        return
    server = servers.start(durable=True)
    try:
        import psycopg

        with psycopg.connect(server.url, autocommit=True) as connection:
            for size in sizes:
                connection.execute(f"CREATE DATABASE town{size} TEMPLATE template0")
        yield [server.url_of(f"town{size}") for size in sizes]
    finally:
        server.stop()


def places(url: str, number: int, seed: int) -> list[tuple[str, float, float]]:
    """Where people of a round report, each with its category as they read it."""
    database = Database(url)
    with database.read() as session:
        names = {c.key: c.names["es"] for c in categories(session)}
        found = beside_open(session, number, seed)
    database.close()
    return [(names[key], latitude, longitude) for key, latitude, longitude in found]


def turns(
    url: str, firsts: Iterator[int], people: int, at_once: int, seed: int
) -> tuple[float, float]:
    """The p95 of the answers to so many people who report (ms), and how busy the server was."""
    own, other = cores()
    first = next(firsts)
    with child(CHILDREN, "telegram", core=other) as telegram:
        api = telegram.hears()["url"]
        with child(CHILDREN, "cabildo", api, url, core=own) as cabildo:
            cabildo.hears()
            # Some first, so that nothing is measured that happens once.
            warm, counted = places(url, 3, seed + 1), places(url, people, seed)
            telegram.ask(first=first + people, places=warm, at_once=1)
            busy = Busy(telegram)
            told = telegram.ask(first=first, places=counted, at_once=at_once)
            share = busy.share()
            cabildo.ask(do="stop")
    if told["answered"] < told["steps"] or told["violations"]:
        raise RuntimeError(f"{told}: somebody was not answered, or a rule was broken")
    return told["p95"], share


def searched(url: str, searches: int, seed: int) -> float:
    """The p95 of a search for what may be the same (ms)."""
    own, _ = cores()
    with child(CHILDREN, "search", url, str(searches), str(seed), core=own) as process:
        process.hears()
        return float(process.ask(do="search")["p95"])


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("barrios", type=Path, help="GeoJSON of the barrios")
    parser.add_argument("--name", default="BARRIO", help="the property that names one")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--db", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=40, help="reports told in a round")
    parser.add_argument("--at-once", type=int, default=2, help="people talking at a time")
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--seed", type=int, default=48)
    given = parser.parse_args(arguments)
    if given.rounds * len(given.sizes) * (given.people + 3) > FOR_TALKING:
        parser.error("there are not so many people: fewer rounds, or fewer people in each")
    try:
        plan = plan_of(given.barrios, given.name)
    except (OSError, BadFile) as error:
        parser.error(str(error))
    busiest, void = 0.0, 0
    figures: dict[str, object] = {}
    worst_turn, worst_search = 0.0, 0.0
    for kind in given.db:
        with databases(kind, given.sizes) as urls:
            towns = [Times(url) for url in urls]
            for town, size in zip(towns, given.sizes, strict=True):
                began = time.monotonic()
                build(town.url, plan, size, given.seed)
                say(f"{kind}: {size} reports in {time.monotonic() - began:.0f} s")
            firsts = itertools.count(FIRST, given.people + 3)
            for number in range(given.rounds):
                # There and back, so that what slows the machine down slows all of them.
                for town in towns if number % 2 == 0 else reversed(towns):
                    seed = given.seed + number
                    p95, share, more = counted(
                        partial(turns, town.url, firsts, given.people, given.at_once, seed)
                    )
                    busiest, void = max(busiest, share), void + more
                    town.turns.append(p95)
                    town.searches.append(searched(town.url, given.searches, seed))
                    say(f"  {town.turns[-1]:.1f} ms a turn, {town.searches[-1]:.2f} ms a search")
        for what in ("turn", "search"):
            lists = [town.turns if what == "turn" else town.searches for town in towns]
            ratios = [last / small for small, last in zip(lists[0], lists[-1], strict=True)]
            first_q, ratio, third_q = quartiles(ratios)
            figures[f"{what}_ms_p95_{kind}"] = [round(quartiles(times)[1], 3) for times in lists]
            figures[f"ratio_{what}_{kind}"] = [round(r, 3) for r in (first_q, ratio, third_q)]
            if what == "turn":
                worst_turn = max(worst_turn, ratio)
            else:
                worst_search = max(worst_search, ratio)
    result(
        "growth",
        db="+".join(given.db),
        runs=given.rounds,
        void_runs=void,
        server_core_busy=busiest,
        barrios=len(plan.territories or ()),
        rows=list(given.sizes),
        **figures,
        ratio_turn=round(worst_turn, 3),
        ratio_search=round(worst_search, 3),
    )


if __name__ == "__main__":
    main()
