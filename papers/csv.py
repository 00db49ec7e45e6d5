"""CSV as a spreadsheet of the reader's country opens it by a double click, and nothing computes.

UTF-8 with a byte order mark; where numbers have a decimal comma, cells are parted by semicolons.
Every cell is quoted. Words that a spreadsheet would take for a formula begin with an apostrophe,
also where one that parts cells by another sign would begin a cell in the middle of them.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import Any

import locales
from papers import table

BOM = "\ufeff"
# Where some spreadsheet may begin a cell or a line; the sign stays at the end of what it ends.
_PARTED = re.compile("(?<=[,;\t\n\v\f\r\x85\u2028\u2029])")


def write(data: dict[str, Any], language: str) -> bytes:
    """The table (see papers.table) with a line of headings. Raises KeyError for another shape."""
    file = io.StringIO(newline="")
    comma = locales.sentence(0.5, language, markup=False)[1]
    out = csv.writer(
        file, delimiter=";" if comma == "," else ",", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
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
    made = "".join(f"'{part}" if table.is_formula(part) else part for part in _PARTED.split(words))
    # What begins with a tab or a new line is marked before it, too.
    return f"'{made}" if table.is_formula(words) and not made.startswith("'") else made
