"""What the settings of a town's file are made of: a text that people read is given by language,
and a plain one is in the town's own."""

from __future__ import annotations

import difflib
import unicodedata
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
)

from locales import LANGUAGES

Language = Literal["es", "en", "pt_BR"]
assert get_args(Language) == LANGUAGES

KEY_PATTERN = r"^\w[\w-]{0,63}$"
PHONE_PATTERN = r"^\+?[\d*#][\d ()*#-]{1,24}$"
LABEL_PATTERN = r"^[^{}]*\{\}[^{}]*$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Key = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
Phone = Annotated[str, StringConstraints(pattern=PHONE_PATTERN)]


def _zone(value: str) -> str:
    known = available_timezones()
    if value in known:
        return value
    ends = {name.rpartition("/")[2].lower(): name for name in sorted(known)}
    near = difflib.get_close_matches(value.rpartition("/")[2].lower().replace(" ", "_"), ends, 1)
    hint = f" (is it {ends[near[0]]}?)" if near else ""
    raise ValueError(f"is not a time zone such as America/Bogota{hint}")


def _home(info: ValidationInfo) -> str:
    """The town's own language; the first one where the file says no language there is."""
    said = (info.context or {}).get("language")
    return said if said in LANGUAGES else LANGUAGES[0]


def _by_language(value: Any, info: ValidationInfo) -> Any:
    """A plain text is a text in the town's own language."""
    return {_home(info): value} if isinstance(value, str) else value


def _said_at_home(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    home = _home(info)
    if home not in value:
        raise ValueError(f"must be said in the town's language too ({home})")
    return value


Zone = Annotated[str, AfterValidator(_zone)]
BY_LANGUAGE = BeforeValidator(_by_language)
AT_HOME = AfterValidator(_said_at_home)

Names = Annotated[dict[Language, Name], BY_LANGUAGE, AT_HOME]
Lines = Annotated[dict[Language, Line], BY_LANGUAGE, AT_HOME]
# Telegram takes 4096 characters, and a few more lines stand around these.
Texts = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=3000)]],
    BY_LANGUAGE,
    AT_HOME,
]


class Part(BaseModel):
    """Settings that belong together; a setting that there is not is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def unkept(text: str) -> str | None:
    """What is wrong with a text that cannot be kept: PostgreSQL stores no NUL, UTF-8 holds no half
    of a surrogate pair, and of the other controls nothing is seen. None for every other text."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            return f"holds the character U+{ord(letter):04X}, which cannot be kept"
    return None


def nearest(said: str, known: list[str]) -> str:
    """ " (is it name?)" for a word that is almost one of the known ones, else ""."""
    near = difflib.get_close_matches(said, known, 1)
    return f" (is it {near[0]}?)" if near else ""
