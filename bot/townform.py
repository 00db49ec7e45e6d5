"""What may be written in a town's file, and the one sentence that says what may not.

A text that people read is given by language; a plain one is in the town's own.
"""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from bot import outlines
from civic.words import fold
from locales import LANGUAGES

Language = Literal["es", "en", "pt_BR"]
assert get_args(Language) == LANGUAGES


Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Purpose = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Question = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Option = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^\w[\w-]{0,63}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[\d*#][\d ()*#-]{1,24}$")]


def _by_language(value: Any, info: ValidationInfo) -> Any:
    """A plain text is a text in the town's own language."""
    if isinstance(value, str):
        return {(info.context or {}).get("language", LANGUAGES[0]): value}
    return value


def _said_at_home(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    home = (info.context or {}).get("language", LANGUAGES[0])
    if home in LANGUAGES and home not in value:
        raise ValueError(f"must be said in the town's language too ({home})")
    return value


_AtHome = AfterValidator(_said_at_home)
Names = Annotated[dict[Language, Name], BeforeValidator(_by_language), _AtHome]
# Telegram takes 4096 characters, and a few more lines stand around these.
Texts = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=3000)]],
    BeforeValidator(_by_language),
    _AtHome,
]


def _zone(value: str) -> str:
    known = available_timezones()
    if value in known:
        return value
    ends = {name.rpartition("/")[2].lower(): name for name in sorted(known)}
    near = difflib.get_close_matches(value.rpartition("/")[2].lower().replace(" ", "_"), ends, 1)
    hint = f" (is it {ends[near[0]]}?)" if near else ""
    raise ValueError(f"is not a time zone such as America/Bogota{hint}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Privacy(_Part):
    """What people agree to; a higher version asks everybody again."""

    version: int = Field(ge=1, le=1_000_000)
    text: Texts


class Contact(_Part):
    """Somebody to telephone."""

    name: Names
    phone: Phone


class Timings(_Part):
    """When a half-finished draft is nudged and forgotten, and a repair asked about."""

    nudge_minutes: int = Field(default=60, ge=1, le=7 * 24 * 60)
    expire_hours: int = Field(default=72, ge=1, le=90 * 24)
    follow_up_days: int = Field(default=28, ge=1, le=365)


class TerritoryEntry(_Part):
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


class TerritoriesFile(_Part):
    """Places drawn in a GeoJSON file beside this one; the rest names its properties.

    A `parent` that is no place of the file is made: around its children, of `parent_kind`, called
    as `parent_label` says ("Comuna {}").
    """

    file: str = Field(min_length=1)
    name: str = Field(min_length=1)
    key: str | None = None
    parent: str | None = None
    kind: Name = "barrio"
    parent_kind: Name = "comuna"
    parent_label: Annotated[str, StringConstraints(pattern=r"^[^{}]*\{\}[^{}]*$")] = "{}"


class CategoryEntry(_Part):
    """What a report can be about."""

    key: Key
    names: Names
    emoji: Annotated[str, StringConstraints(max_length=16)] = ""
    follow_up_days: int | None = Field(default=None, ge=1, le=365)


class GroupEntry(_Part):
    """A working group; `territory` is a key or a name."""

    key: Key
    name: Name
    theme: Name
    purpose: Purpose
    territory: str | None = None


class AudienceEntry(_Part):
    """A territory or a working group, by key or name."""

    territory: str | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _one(self) -> AudienceEntry:
        if (self.territory is None) == (self.group is None):
            raise ValueError("must name a territory or a group, or be: all")
        return self


class VoteEntry(_Part):
    """A vote, opened the first time that the file is read."""

    key: Key
    question: Question
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


class TownFile(_Part):
    """A town's file, checked, with its places read from wherever they are drawn."""

    name: Name
    timezone: Annotated[str, AfterValidator(_zone)]
    language: Language = "es"
    emergency: Phone
    privacy: Privacy
    welcome: Texts | None = None
    contacts: tuple[Contact, ...] = ()
    timings: Timings = Timings()
    territories: tuple[TerritoryEntry, ...] = ()
    categories: tuple[CategoryEntry, ...] = Field(min_length=1, max_length=60)
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
            near = difflib.get_close_matches(str(error["loc"][-1]), _SETTINGS, 1)
            return "is not a setting there is" + (f" (is it {near[0]}?)" if near else "")
        case "value_error":
            return str(facts["error"])
        case "literal_error":
            return f"must be {facts['expected']}"
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number"
        case "greater_than_equal":
            return f"must be at least {facts['ge']}"
        case "less_than_equal":
            return f"must be at most {facts['le']}"
        case "string_too_short":
            return "must not be empty"
        case "string_too_long":
            return f"must have at most {facts['max_length']} characters"
        case "string_type":
            return "must be text"
        case "string_pattern_mismatch":
            return _PATTERNS.get(facts["pattern"], "is not written as it must be")
        case "too_short":
            return f"must have at least {facts['min_length']} entries"
        case "too_long":
            return f"must have at most {facts['max_length']} entries"
        case "list_type" | "tuple_type":
            return "must be a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "must hold settings, one a line, such as name: value"
    return str(error["msg"]).lower()


_SETTINGS = sorted({name for part in _Part.__subclasses__() for name in part.model_fields})
_PATTERNS = {
    r"^\w[\w-]{0,63}$": "must be a key: letters, digits, - and _, no spaces",
    r"^\+?[\d*#][\d ()*#-]{1,24}$": "must be a telephone number",
    r"^[^{}]*\{\}[^{}]*$": "must hold {} once, where the name goes",
}
