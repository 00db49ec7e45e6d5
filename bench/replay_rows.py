"""The rows of a service-request file, as a town and its citizens need them."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from actions.townplan import CategoryPlan, TownPlan
from civic.lifecycle import CLOSED, FIXED, IN_PROGRESS, NOT_NEEDED, NOT_RESPONSIBLE, RECEIVED
from civic.words import slug

COLUMNS = {"srnumber", "requesttype", "status", "latitude", "longitude", "ncname"}
LANGUAGES = ("es", "en", "pt_BR")
ENDS: dict[str, tuple[str, str | None]] = {
    "Open": (RECEIVED, None),
    "Pending": (IN_PROGRESS, None),
    "Closed": (FIXED, None),
    "Cancelled": (CLOSED, NOT_NEEDED),
    "Referred Out": (CLOSED, NOT_RESPONSIBLE),
}
"""What each status of the file is here: a state, and why it was closed."""


class BadFile(ValueError):
    """The file cannot be replayed; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request: a point (degrees, WGS 84), or words where it is; `end` is the state it ends in
    and why it was closed."""

    category: str
    latitude: float | None
    longitude: float | None
    address: str
    end: tuple[str, str | None] = (RECEIVED, None)


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
                end=_end(line["status"].strip()),
            )
            for line in lines
        ]
    return rows if most is None else rows[:most]


def _end(status: str) -> tuple[str, str | None]:
    if status not in ENDS:
        raise BadFile(f"nobody knows where a request with the status {status!r} has ended")
    return ENDS[status]


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
