"""What may be written in a town's file, and the one sentence that says what may not.

A text that people read is given by language; a plain one is in the town's own.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot import outlines
from bot.formparts import (
    KEY_PATTERN,
    LABEL_PATTERN,
    PHONE_PATTERN,
    Key,
    Language,
    Line,
    Name,
    Names,
    Part,
    Phone,
    Texts,
    Zone,
    nearest,
)
from bot.reportform import CategoryEntry, TemplateEntry
from civic.words import fold

Purpose = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN)]
Property = Annotated[str, StringConstraints(min_length=1)]
Option = Annotated[str, StringConstraints(min_length=1, max_length=100)]

_DAYS = (
    ("lunes", "monday", "segunda"),
    ("martes", "tuesday", "terca"),
    ("miercoles", "wednesday", "quarta"),
    ("jueves", "thursday", "quinta"),
    ("viernes", "friday", "sexta"),
    ("sabado", "saturday"),
    ("domingo", "sunday"),
)


def _day_of_week(value: Any) -> int:
    """0 for Monday to 6, from a day's name or from 1 (Monday) to 7 (Sunday)."""
    said = fold(str(value)).removesuffix(" feira")
    for number, names in enumerate(_DAYS):
        if said in (*names, str(number + 1)):
            return number
    raise ValueError("must be a day such as saturday, or a number from 1 (Monday) to 7 (Sunday)")


def _some_work(value: frozenset[int]) -> frozenset[int]:
    if len(value) == len(_DAYS):
        raise ValueError("must leave a day to work")
    return value


def _date(value: Any) -> date:
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("must be a date such as 2026-12-25")


def _once_each(value: tuple[date, ...]) -> tuple[date, ...]:
    for i, day in enumerate(value):
        if day in value[:i]:
            raise ValueError(f"{day} is there twice")
    return tuple(sorted(value))


DayOfWeek = Annotated[int, BeforeValidator(_day_of_week)]
Holiday = Annotated[date, BeforeValidator(_date)]


class Privacy(Part):
    """What people agree to; a higher version asks everybody again."""

    version: int = Field(ge=1, le=1_000_000)
    text: Texts


class Contact(Part):
    """Somebody to telephone."""

    name: Names
    phone: Phone


class Timings(Part):
    """When a half-finished draft is nudged and forgotten, a repair asked about, and somebody who
    has not written for long made nameless."""

    nudge_minutes: int = Field(default=60, ge=1, le=7 * 24 * 60)
    expire_hours: int = Field(default=72, ge=1, le=90 * 24)
    follow_up_days: int = Field(default=28, ge=1, le=365)
    # They are told a month before, so that less than three would be no time at all.
    dormant_months: int | None = Field(default=None, ge=3, le=240)


class TerritoryEntry(Part):
    """A place; `parent` is another's key or name. A bare name is enough."""

    key: Key | None = None
    name: Name
    kind: Name = "barrio"
    parent: str | None = None
    outline: Annotated[dict[str, Any], BeforeValidator(outlines.outline)] | None = Field(
        default=None, repr=False
    )

    @model_validator(mode="before")
    @classmethod
    def _just_a_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value


class TerritoriesFile(Part):
    """Places drawn in a GeoJSON file beside this one; the rest names its properties.

    A `parent` that is no place of the file is made: around its children, of `parent_kind`, called
    as `parent_label` says ("Comuna {}"); `label` does the same for the places' own names.
    """

    file: str = Field(min_length=1)
    name: Property
    key: Property | None = None
    parent: Property | None = None
    kind: Name = "barrio"
    parent_kind: Name = "comuna"
    label: Label = "{}"
    parent_label: Label = "{}"


class GroupEntry(Part):
    """A working group; `territory` is a key or a name."""

    key: Key
    name: Name
    theme: Name
    purpose: Purpose
    territory: str | None = None


class AudienceEntry(Part):
    """A territory or a working group, by key or name."""

    territory: str | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _one(self) -> AudienceEntry:
        if (self.territory is None) == (self.group is None):
            raise ValueError("must name a territory or a group, or be: all")
        return self


class VoteEntry(Part):
    """A vote, opened the first time that the file is read."""

    key: Key
    question: Line
    options: list[Option] = Field(min_length=2, max_length=30)
    at_most: int = Field(default=1, ge=1)
    closes_in_days: int = Field(default=7, ge=1, le=365)
    audience: AudienceEntry | None = None

    @model_validator(mode="before")
    @classmethod
    def _all(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("audience") == "all":
            return {name: part for name, part in value.items() if name != "audience"}
        return value

    @model_validator(mode="after")
    def _possible(self) -> VoteEntry:
        if len({fold(option) or option for option in self.options}) < len(self.options):
            raise ValueError("has the same option twice")
        if self.at_most > len(self.options):
            raise ValueError("at_most must not exceed the number of options")
        return self


class TownFile(Part):
    """A town's file, checked, with its places read from wherever they are drawn."""

    name: Name
    timezone: Zone
    language: Language = "es"
    emergency: Phone
    privacy: Privacy
    welcome: Texts | None = None
    contacts: tuple[Contact, ...] = ()
    timings: Timings = Timings()
    weekend: Annotated[frozenset[DayOfWeek], AfterValidator(_some_work)] = frozenset({5, 6})
    holidays: Annotated[tuple[Holiday, ...], AfterValidator(_once_each)] = Field(
        default=(), max_length=1000
    )
    # None leaves the places of the database as they are.
    territories: tuple[TerritoryEntry, ...] | None = None
    categories: tuple[CategoryEntry, ...] = Field(min_length=1, max_length=60)
    templates: tuple[TemplateEntry, ...] = Field(default=(), max_length=60)
    groups: tuple[GroupEntry, ...] = ()
    votes: tuple[VoteEntry, ...] = ()


def sentence(error: ValidationError, inside: tuple[str | int, ...] = ()) -> str:
    """The first thing that is wrong, and where: "categories[2].key: is missing"."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ""
    for part in (*inside, *first["loc"]):
        if isinstance(part, int):
            where += f"[{part}]"
        elif part != "[key]":
            where += f".{part}" if where else part
    return f"{where}: {_problem(first)}" if where else _problem(first)


def _problem(error: Any) -> str:
    kind, facts = error["type"], error.get("ctx", {})
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return f"is not a setting there is{nearest(str(error['loc'][-1]), _SETTINGS)}"
        case "value_error":
            return str(facts["error"])
        case "literal_error":
            return f"must be {facts['expected']}"
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number"
        case "bool_parsing" | "bool_type":
            return "must be yes or no"
        case "greater_than_equal":
            return f"must be at least {facts['ge']}"
        case "less_than_equal":
            return f"must be at most {facts['le']}"
        case "string_too_short":
            least = facts["min_length"]
            return "must not be empty" if least == 1 else f"must have at least {least} characters"
        case "string_too_long":
            return f"must have at most {facts['max_length']} characters"
        case "string_type" | "string_unicode":
            return "must be text"
        case "string_pattern_mismatch":
            return _PATTERNS.get(facts["pattern"], "is not written as it must be")
        case "too_short":
            return f"must have at least {facts['min_length']} entries"
        case "too_long":
            return f"must have at most {facts['max_length']} entries"
        case "list_type" | "tuple_type" | "frozen_set_type":
            return "must be a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "must hold settings, one a line, such as name: value"
    return str(error["msg"]).lower()


_SETTINGS = sorted({name for part in Part.__subclasses__() for name in part.model_fields})
_PATTERNS = {
    KEY_PATTERN: "must be a key: letters, digits, - and _, no spaces",
    PHONE_PATTERN: "must be a telephone number",
    LABEL_PATTERN: "must hold {} once, where the name goes",
}
