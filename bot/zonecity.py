"""Where the city is that a time zone is named after: the zone database tells its coordinates."""

from __future__ import annotations

import re
from importlib import resources

# Degrees, minutes and perhaps seconds: +0436-07405, -343600-0582700.
_POINT = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")


def city_of(timezone: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of a zone's city; None for a zone without one (UTC)."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    for line in table.splitlines():
        fields = line.split("\t")
        if len(fields) >= 3 and fields[2] == timezone:
            found = _POINT.fullmatch(fields[1])
            if found is None:
                return None
            return _degrees(*found.groups()[:4]), _degrees(*found.groups()[4:])
    return None


def _degrees(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    size = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return -size if sign == "-" else size
