"""A table as plain data: each cell is read once by its column's kind, the same for every file.

data: {"title": phrase, "zone": name of the town's time zone, "rows": [[cell, ...], ...],
"columns": [{"key", "label": phrase, "about": phrase, "kind", "choices"?: {cell: phrase}}, ...]}.
Kinds: text (a string), number, yes_no, choice (one of `choices`), date (ISO 8601 day), moment (ISO
8601 with an offset; shown on the town's clock), answers ({question: answer, or several}; `choices`
names a question by its key, an answer by "question.answer"). An empty cell is None.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from locales import N_, sentence

Cell: TypeAlias = str | int | float | bool | date | datetime | None

YES, NO = N_("yes"), N_("no")
_SIGNS = "=+-\N{MINUS SIGN}@"
# Letters that show nothing, and the quotation mark, which is gone once a cell was read.
_UNSEEN = '"\u115f\u1160\u2800\u3164\uffa0'


@dataclass(frozen=True, slots=True)
class Column:
    """A column in one language; `key` is the same in all of them."""

    key: str
    label: str
    about: str
    kind: str
    choices: Mapping[str, str]
    language: str

    def cell(self, plain: Any, zone: ZoneInfo) -> Cell:
        """What stands in a cell; moments on the town's clock, without an offset."""
        if plain is None:
            return None
        match self.kind:
            case "choice":
                return self.choices.get(str(plain), str(plain))
            case "date":
                return date.fromisoformat(plain)
            case "moment":
                return datetime.fromisoformat(plain).astimezone(zone).replace(tzinfo=None)
            case "yes_no":
                return bool(plain)
            case "number":
                return plain if isinstance(plain, int | float) else None
            case "answers":
                return "\n".join(self._answered(*each) for each in plain.items())
        return str(plain)

    def _answered(self, question: str, answer: Any) -> str:
        several = answer if isinstance(answer, list) else [answer]
        told = ", ".join(self._told(question, one) for one in several)
        return f"{self.choices.get(question, f'{question}:')} {told}"

    def _told(self, question: str, answer: Any) -> str:
        if isinstance(answer, bool):
            return sentence({"key": YES if answer else NO}, self.language, markup=False)
        if isinstance(answer, int | float):
            return sentence(answer, self.language, markup=False)
        return self.choices.get(f"{question}.{answer}", str(answer))


def columns(data: Mapping[str, Any], language: str) -> list[Column]:
    """The columns as somebody reads them."""

    def said(phrase: Any) -> str:
        return sentence(phrase, language, markup=False)

    return [
        Column(
            column["key"],
            said(column["label"]),
            said(column["about"]),
            column["kind"],
            {str(key): said(name) for key, name in column.get("choices", {}).items()},
            language,
        )
        for column in data["columns"]
    ]


def cells(data: Mapping[str, Any], read: Sequence[Column]) -> Iterator[list[Cell]]:
    """The rows, each as long as the columns."""
    zone = ZoneInfo(data["zone"])
    for row in data["rows"]:
        yield [column.cell(plain, zone) for column, plain in zip(read, row, strict=True)]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take these words for something to compute: the first sign that
    can be seen begins a formula, in its full width or small form, too."""
    for sign in text:
        if unicodedata.normalize("NFKC", sign)[0] in _SIGNS:
            return True
        if not _is_unseen(sign):
            return False
    return False


def _is_unseen(sign: str) -> bool:
    if sign.isspace() or not sign.isprintable() or sign in _UNSEEN:
        return True
    return unicodedata.category(sign).startswith("M")
