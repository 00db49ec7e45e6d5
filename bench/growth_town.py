"""A town that grew: so many reports in real barrios, most of them long done, a few still open.

Written in bulk, past the bot: only what a search or a step of a report can meet is filled in.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy
import shapely
from shapely.geometry import shape
from sqlalchemy import Table, text
from sqlmodel import Session, col, select

from actions.town import set_up
from actions.townplan import TerritoryPlan, TownPlan
from bench.growth_people import FIRST, FOR_TALKING
from bot import townfile
from civic import nearness
from civic.lifecycle import CLOSED, FIXED, HIDDEN, OPEN, RECEIVED
from civic.words import slug
from storage import schema
from storage.database import Database
from storage.person import Person
from storage.report import Report
from storage.report_event import STATE, ReportEvent
from storage.town import Category, Territory
from storage.turn import Ledger, Turn

YEARS = 3
FRESH = timedelta(days=60)
FRESH_OPEN, OLD_OPEN = 0.5, 0.02
"""Of what was told in the last weeks half is still open; of what is older, one in fifty."""
DONE = (FIXED,) * 88 + (CLOSED,) * 11 + (HIDDEN,)
A_CHUNK = 20_000
_WHAT = ("hueco", "poste apagado", "basura", "fuga de agua", "árbol caído", "semáforo dañado")
_WHERE = ("en la esquina", "frente al colegio", "al lado de la plaza", "cerca de la estación")
_SINCE = ("desde ayer", "hace días", "otra vez", "y es peligroso", "y nadie viene")


class BadFile(ValueError):
    """The barrios cannot be read; the message says why."""


def plan_of(path: Path, name: str) -> TownPlan:
    """The demo's categories in the barrios of a GeoJSON file, named by a property.

    Raises BadFile, OSError.
    """
    try:
        features = json.loads(path.read_text("utf-8-sig"))["features"]
        places = [
            TerritoryPlan(
                slug(feature["properties"][name]),
                feature["properties"][name].title(),
                outline=feature["geometry"],
            )
            for feature in features
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFile(f"{path.name} has no features with a property {name}") from error
    demo = townfile.plan_of(townfile.read(townfile.DEMO))
    # Without questions of their own: every report takes the same steps.
    categories = [replace(category, questions=()) for category in demo.categories]
    return replace(demo, territories=places, categories=categories, groups=[], votes=[])


def build(url: str, plan: TownPlan, size: int, seed: int) -> None:
    """A fresh database with so many reports, and the people who will talk to the bot."""
    database = Database(url)
    schema.upgrade(database)
    with database.begin() as session:
        ledger = Ledger(lambda: 0)
        set_up(Turn(session, ledger, datetime.now(UTC), 0.0), plan)
    with database.begin() as session:
        categories = [number for number in session.exec(select(Category.id)) if number]
        barrios = list(session.exec(select(Territory).order_by(col(Territory.id))))
        people = max(100, size // 3)
        # They are written whole before the indexes are: a tenth of the time.
        reports, events, persons = _table(Report), _table(ReportEvent), _table(Person)
        with _without_indexes(session, reports, events):
            for chunk in _chunks(_people(people, plan.privacy_version)):
                session.connection().execute(persons.insert(), chunk)
            first = session.connection().scalar(
                select(Person.id).where(Person.telegram_id == 10_000_000)
            )
            rows = _reports(size, seed, categories, barrios, int(first or 1), people)
            for chunk in _chunks(rows):
                session.connection().execute(reports.insert(), chunk)
                session.connection().execute(
                    events.insert(),
                    [
                        {
                            "report_id": row["id"],
                            "person_id": row["person_id"],
                            "kind": STATE,
                            "after": RECEIVED,
                            "created_at": row["created_at"],
                        }
                        for row in chunk
                    ],
                )
        if not database.is_sqlite:
            # Numbers were given by hand; a server that has been up for a while knows its tables.
            session.connection().execute(
                text("SELECT setval('report_id_seq', :last)"), {"last": size}
            )
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM ANALYZE"))
    database.tidy()
    database.close()


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


class _without_indexes:
    """The indexes of these tables are dropped, and made again at the end."""

    def __init__(self, session: Session, *tables: Table) -> None:
        self._session = session
        self._indexes = [index for table in tables for index in table.indexes]

    def __enter__(self) -> None:
        for index in self._indexes:
            index.drop(self._session.connection())

    def __exit__(self, *_: object) -> None:
        for index in self._indexes:
            index.create(self._session.connection())


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == A_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _people(number: int, privacy: int) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    numbers = [*range(FIRST, FIRST + FOR_TALKING), *range(10_000_000, 10_000_000 + number)]
    for telegram_id in numbers:
        yield {
            "telegram_id": telegram_id,
            "name": "Vecina",
            "language": "es",
            "privacy_version": privacy,
            "agreed_at": now,
            "created_at": now,
        }


def _reports(
    size: int, seed: int, categories: list[int], barrios: list[Territory], first: int, people: int
) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)
    spots = _points(size, seed, barrios)
    now = datetime.now(UTC)
    began = now - timedelta(days=365 * YEARS)
    for number, (territory, latitude, longitude) in enumerate(spots, start=1):
        told = began + (now - began) * (number / (size + 1))
        is_open = chance.random() < (FRESH_OPEN if now - told < FRESH else OLD_OPEN)
        state = chance.choice(OPEN) if is_open else chance.choice(DONE)
        done = min(now, told + timedelta(days=chance.expovariate(1 / 12)))
        yield {
            "id": number,
            "code": f"R-{1000 + number}",
            "person_id": first + number % people,
            "category_id": chance.choice(categories),
            "territory_id": territory,
            "words": " ".join(map(chance.choice, (_WHAT, _WHERE, _SINCE))),
            "attributes": {},
            "latitude": latitude,
            "longitude": longitude,
            "cell": nearness.cell(latitude, longitude),
            "outside": False,
            "private": chance.random() < 0.02,
            "state": state,
            "created_at": told,
            "changed_at": told if is_open else done,
            "fixed_at": done if state == FIXED else None,
            "fixed_by": "body" if state == FIXED else None,
            "closed_as": "no_action" if state == CLOSED else None,
            "reopened": 0,
            "supports": 0,
            "due_at": told + timedelta(days=14),
        }


def _points(size: int, seed: int, barrios: list[Territory]) -> Iterator[tuple[int, float, float]]:
    """Points in the barrios, as many in each as its area is, in no order."""
    outlines = [shape(barrio.outline) for barrio in barrios]
    dice = numpy.random.default_rng(seed)
    areas = numpy.array([outline.area for outline in outlines])
    shares = dice.multinomial(size, areas / areas.sum())
    found: list[tuple[int, float, float]] = []
    for barrio, outline, wanted in zip(barrios, outlines, shares, strict=True):
        shapely.prepare(outline)
        west, south, east, north = outline.bounds
        left = int(wanted)
        while left > 0:
            xs = dice.uniform(west, east, 2 * left + 16)
            ys = dice.uniform(south, north, 2 * left + 16)
            inside = shapely.contains_xy(outline, xs, ys)
            for x, y in list(zip(xs[inside], ys[inside], strict=True))[:left]:
                found.append((barrio.id or 0, float(y), float(x)))
                left -= 1
    random.Random(seed).shuffle(found)
    yield from found


def beside_open(session: Session, number: int, seed: int) -> list[tuple[str, float, float]]:
    """So many places where there is an open report, with its category's key. Beside it might be
    outside the territory, which the bot would ask about."""
    query = select(Report.latitude, Report.longitude, Category.key).where(
        Report.category_id == Category.id, col(Report.state).in_(OPEN)
    )
    found = [row for row in session.exec(query.order_by(col(Report.id))) if row[0] is not None]
    chance = random.Random(seed)
    return [
        (key, latitude or 0.0, longitude or 0.0)
        for latitude, longitude, key in (chance.choice(found) for _ in range(number))
    ]
