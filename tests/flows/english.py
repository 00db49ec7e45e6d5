"""The catalogue keys are English: this reads them as they are, without any catalogue."""

from __future__ import annotations

import re
from datetime import date, datetime

from flows.phrase import Phrase

_PATTERNS = {"LLLL y": "%B %Y", "LLLL": "%B", "cccc": "%A"}


def spell(phrase: Phrase, *, markup: bool = False) -> str:
    """The phrase in English, plain or with its markup; KeyError for an unfilled place."""
    if not isinstance(phrase, dict):
        return str(phrase)
    if "key" in phrase:
        key = phrase["key"]
        values = dict(phrase.get("values", {}))
        if "count" in phrase:
            values["count"] = phrase["count"]
            key = key if phrase["count"] == 1 else phrase["plural"]
        if not markup:
            key = re.sub(r"</?[bi]>", "", key)
        return re.sub(r"\{(\w+)\}", lambda match: spell(values[match[1]], markup=markup), key)
    if "names" in phrase:
        return str(phrase["names"]["en"])
    if "date" in phrase:
        day = date.fromisoformat(phrase["date"])
        style = phrase["style"].removeprefix("pattern:")
        if style == "ccccc":
            return f"{day:%A}"[0]
        return f"{day.strftime(_PATTERNS.get(style, '%A %d %B %Y'))}"
    if "time" in phrase:
        return f"{datetime.fromisoformat(phrase['time']):%A %d %B %Y, %H:%M}"
    if "list" in phrase:
        parts = [spell(part, markup=markup) for part in phrase["list"]]
        return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    joint = "\n" if "lines" in phrase else " "
    return joint.join(
        spell(part, markup=markup) for part in phrase["lines" if joint == "\n" else "row"]
    )
