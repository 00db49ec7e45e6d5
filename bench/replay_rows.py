"""The rows of a service-request file, as a town and its citizens need them."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from actions.townplan import CategoryPlan, TownPlan
from civic.words import slug

COLUMNS = {"srnumber", "requesttype", "latitude", "longitude", "ncname"}
LANGUAGES = ("es", "en", "pt_BR")


class BadFile(ValueError):
    """The file cannot be replayed; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request: a point (degrees, WGS 84), or words where it is."""

    category: str
    latitude: float | None
    longitude: float | None
    address: str


def read(path: Path, most: int | None = None) -> list[Row]:
    """The file's rows in its order, `most` of them. Raises BadFile, OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        missing = COLUMNS - set(lines.fieldnames or ())
        if missing:
            raise BadFile(f"{path.name} has no column {', '.join(sorted(missing))}")
        rows = [
            Row(
                category=line["requesttype"].strip(),
                latitude=float(line["latitude"]) if line["latitude"].strip() else None,
                longitude=float(line["longitude"]) if line["longitude"].strip() else None,
                address=f"{line['ncname'].strip() or 'Los Angeles'}, {line['srnumber'].strip()}",
            )
            for line in lines
        ]
    return rows if most is None else rows[:most]


def plan_of(rows: list[Row]) -> TownPlan:
    """A town with the file's categories, named as they are, what is common first."""
    names = [name for name, _ in Counter(row.category for row in rows).most_common()]
    return TownPlan(
        name="Los Angeles",
        timezone="America/Los_Angeles",
        language="es",
        emergency="911",
        privacy_version=1,
        privacy=dict.fromkeys(LANGUAGES, "Se guarda lo que usted nos cuente."),
        categories=[CategoryPlan(slug(name), dict.fromkeys(LANGUAGES, name)) for name in names],
    )
