"""CSV as a spreadsheet of the reader's country opens it by a double click, and nothing computes.

UTF-8 with a byte order mark; where numbers have a decimal comma, cells are parted by semicolons.
Words that a spreadsheet would take for a formula begin with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import locales
from papers import table

BOM = "\ufeff"


def write(data: dict[str, Any], language: str) -> bytes:
    """The table (see papers.table) with a line of headings. Raises KeyError for another shape."""
    file = io.StringIO(newline="")
    comma = locales.sentence(0.5, language, markup=False)[1]
    out = csv.writer(file, delimiter=";" if comma == "," else ",", lineterminator="\r\n")
    read = table.columns(data, language)
    out.writerow([_inert(column.label) for column in read])
    yes, no = (locales.sentence({"key": key}, language) for key in (table.YES, table.NO))
    for row in table.cells(data, read):
        out.writerow([_shown(cell, comma, yes, no) for cell in row])
    return (BOM + file.getvalue()).encode()


def _shown(cell: table.Cell, comma: str, yes: str, no: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return yes if cell else no
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return _inert(cell)
    return str(cell).replace(".", comma)


def _inert(words: str) -> str:
    return f"'{words}" if table.is_formula(words) else words
