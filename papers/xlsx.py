"""A workbook in which words are words: no cell is ever a formula or a link.

Its second sheet says what each column holds.
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

import locales
from locales import N_
from papers import table

COLUMNS, COLUMN, MEANING = N_("Columns"), N_("Column"), N_("What it holds")
_LONGEST = 32_767
"""The most characters Excel takes in a cell."""
_WIDE = {"text": 40, "answers": 40, "choice": 24, "moment": 17, "date": 12}


def write(data: dict[str, Any], language: str) -> bytes:
    """The table (see papers.table) as an XLSX file. Raises KeyError for another shape."""

    def said(phrase: Any) -> str:
        return locales.sentence(phrase, language, markup=False)

    file = io.BytesIO()
    # Nothing is written beside the file, and no text is read as a number, formula or address.
    book = Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    # A fixed date, so that equal data give an equal file.
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
    sheet = book.add_worksheet(_sheet_name(said(data["title"])))
    notes = book.add_worksheet(_sheet_name(said({"key": COLUMNS})))
    bold = book.add_format({"bold": True})
    inks = {
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "inert": book.add_format({"quote_prefix": True}),
    }
    read = table.columns(data, language)
    for at, column in enumerate(read):
        sheet.set_column(at, at, _WIDE.get(column.kind, 11))
        sheet.write_string(0, at, column.label, bold)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(data["rows"])), max(0, len(read) - 1))
    yes, no = said({"key": table.YES}), said({"key": table.NO})
    for line, row in enumerate(table.cells(data, read), start=1):
        for at, cell in enumerate(row):
            _put(sheet, line, at, yes if cell is True else no if cell is False else cell, inks)
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 90)
    for at, heading in enumerate((COLUMN, MEANING)):
        notes.write_string(0, at, said({"key": heading}), bold)
    for line, column in enumerate(read, start=1):
        notes.write_string(line, 0, column.label)
        notes.write_string(line, 1, column.about)
    book.close()
    return file.getvalue()


def _put(sheet: Worksheet, line: int, at: int, cell: table.Cell, inks: dict[str, Format]) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(line, at, cell, inks["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, cell, inks["date"])
    elif isinstance(cell, str):
        # Typed over in Excel, such words would become a formula after all: they stay marked.
        ink = inks["inert"] if table.is_formula(cell) else None
        sheet.write_string(line, at, cell[:_LONGEST], ink)
    else:
        sheet.write_number(line, at, cell)


def _sheet_name(title: str) -> str:
    """What Excel takes as a sheet's name."""
    return "".join(sign for sign in title if sign not in r"[]:*?/\'")[:31] or "1"
