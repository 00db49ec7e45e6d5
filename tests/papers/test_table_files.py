"""A table comes out the same in every kind of file, whatever people wrote, and nothing computes."""

from __future__ import annotations

import csv as reader
import io
import json
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers import csv, geojson, table, xlsx

FORMULAS = (
    "=1+1", "+1", "-1+2", "@SUM(A1)", " =HYPERLINK(1)", "-", "=cmd|'/c'!A1", "＝1+1", "﹢1", "－1",
    "−1", "＠SUM(A1)", "\u200b=1", "\ufeff=1", "\u2060\u00a0+1", "\x00=1", "\u00ad-1", "\ufe0f@a",
    '"=1+1"', "\u3164=1",
)  # fmt: skip
INSIDE = {
    "hola,=1+1": "hola,'=1+1",
    "hola;=1+1": "hola;'=1+1",
    "hola\t=1+1": "hola\t'=1+1",
    "hola\n=1+1": "hola\n'=1+1",
    "hola\r\n- uno\n- dos": "hola\r\n'- uno\n'- dos",
    "a,,=1; \u200b＝2": "a,,'=1;' \u200b＝2",
    'a,"=1+1': "a,'\"=1+1",
    "\t=1": "'\t'=1",
    "\r=1": "'\r'=1",
}
"""What would be a formula once a spreadsheet parts the cell in two, and what is written."""
COLUMNS: list[dict[str, Any]] = [
    {"key": "code", "label": "Código", "about": "El código", "kind": "text"},
    {
        "key": "state",
        "label": "=Estado",
        "about": "x",
        "kind": "choice",
        "choices": {"fixed": {"names": {"es": "Con arreglo", "en": "Fixed"}}},
    },
    {"key": "latitude", "label": "Lat", "about": "x", "kind": "number"},
    {"key": "longitude", "label": "Lon", "about": "x", "kind": "number"},
    {"key": "private", "label": "Privado", "about": "x", "kind": "yes_no"},
    {"key": "told_at", "label": "Contado", "about": "x", "kind": "moment"},
    {"key": "expected_on", "label": "Prevista", "about": "x", "kind": "date"},
]
ROW = ["R-1001", "fixed", 4.60971, -74.08175, True, "2026-05-04T17:00:00+00:00", "2026-05-20"]
EMPTY = ["R-1002", None, None, None, None, None, None]


def a_table(*rows: list[Any]) -> dict[str, Any]:
    return {
        "title": {"key": "Reports"},
        "zone": "America/Bogota",
        "columns": COLUMNS,
        "rows": list(rows),
    }


def of_words(*words: str) -> dict[str, Any]:
    return {**a_table(*([w] for w in words)), "columns": COLUMNS[:1]}


def read_csv(made: bytes, delimiter: str = ";") -> list[list[str]]:
    text = made.decode("utf-8-sig")
    return list(reader.reader(io.StringIO(text, newline=""), delimiter=delimiter))


NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_xlsx(made: bytes, sheet: int = 1) -> list[dict[str, tuple[str, str]]]:
    """Each row's cells by their letter: (kind, content), texts as they are."""
    book = zipfile.ZipFile(io.BytesIO(made))
    shared = [
        re.sub(
            # How a workbook writes what XML has no sign for.
            r"_x([0-9A-F]{4})_",
            lambda code: chr(int(code[1], 16)),
            "".join(t.text or "" for t in si.iter(f"{{{NS['s']}}}t")),
        )
        for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    rows = []
    root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert root.find(".//s:f", NS) is None, "a formula"
    assert root.find(".//s:hyperlink", NS) is None, "a link"
    for line in root.iterfind(".//s:row", NS):
        cells = {}
        for cell in line:
            value = cell.findtext("s:v", namespaces=NS)
            if value is None:
                continue
            kind = cell.get("t", "n")
            letter = re.sub(r"\d", "", cell.get("r", ""))
            cells[letter] = (kind, shared[int(value)] if kind == "s" else value)
        rows.append(cells)
    return rows


def test_csv_as_the_reader_s_spreadsheet_opens_it() -> None:
    made = csv.write(a_table(ROW, EMPTY), "es")
    assert made.startswith(b"\xef\xbb\xbf") and made.count(b"\r\n") == 3
    head, row, empty = read_csv(made)
    assert head[:2] == ["Código", "'=Estado"]
    assert row == [
        "R-1001", "Con arreglo", "4,60971", "-74,08175", "sí", "2026-05-04 12:00", "2026-05-20",
    ]  # fmt: skip
    assert empty == ["R-1002", "", "", "", "", "", ""]
    english = read_csv(csv.write(a_table(ROW), "en"), ",")
    assert english[1][1:4] == ["Fixed", "4.60971", "-74.08175"]


def test_xlsx_has_words_numbers_and_dates() -> None:
    made = xlsx.write(a_table(ROW, EMPTY), "es")
    head, row, empty = read_xlsx(made)
    assert head["B"] == ("s", "=Estado")
    assert row["A"] == ("s", "R-1001") and row["B"] == ("s", "Con arreglo")
    assert row["C"] == ("n", "4.60971") and row["E"] == ("s", "sí")
    # Days since the end of 1899, as Excel counts: noon of 4 May 2026 in Bogotá.
    assert float(row["F"][1]) == 46146.5 and row["G"] == ("n", "46162")
    assert list(empty) == ["A"]
    notes = read_xlsx(made, 2)
    assert [line["A"][1] for line in notes[1:]] == [c["label"] for c in COLUMNS]
    assert xlsx.write(a_table(ROW), "es") == xlsx.write(a_table(ROW), "es")


def test_geojson_has_points_in_the_right_order() -> None:
    made = json.loads(geojson.write(a_table(ROW, EMPTY), "es"))
    assert made["type"] == "FeatureCollection"
    first, second = made["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-74.08175, 4.60971]}
    assert second["geometry"] is None
    assert first["properties"] == {
        "code": "R-1001",
        "state": "fixed",
        "state_name": "Con arreglo",
        "private": True,
        "told_at": "2026-05-04T17:00:00+00:00",
        "expected_on": "2026-05-20",
    }


@pytest.mark.parametrize("words", FORMULAS)
def test_nothing_computes(words: str) -> None:
    assert table.is_formula(words)
    cell = read_csv(csv.write(of_words(words), "es"))[1][0]
    assert cell == f"'{words}"
    (_, row) = read_xlsx(xlsx.write(of_words(words), "es"))
    assert row["A"][0] == "s" and row["A"][1] == words


@pytest.mark.parametrize("words", INSIDE)
def test_nothing_computes_where_a_cell_is_parted(words: str) -> None:
    for language, delimiter in (("es", ";"), ("en", ",")):
        assert read_csv(csv.write(of_words(words), language), delimiter)[1] == [INSIDE[words]]


def test_words_about_formulas_stay_as_they_are() -> None:
    words = "El hueco mide 2 = dos metros +- grande, y crece"
    assert read_csv(csv.write(of_words(words), "es"))[1] == [words]


def test_every_cell_of_a_csv_is_quoted() -> None:
    made = csv.write(a_table(["hola,=1+1", *ROW[1:]], EMPTY), "es").decode("utf-8-sig")
    assert made.splitlines()[1:] == [
        '"hola,\'=1+1";"Con arreglo";"4,60971";"-74,08175";"sí";"2026-05-04 12:00";"2026-05-20"',
        '"R-1002";"";"";"";"";"";""',
    ]


# What people write seldom holds what this is about: here it often does.
MEAN = st.text(
    st.sampled_from(list("=+-@＝－,;\t\n\r\"' \u200b\ufeffa1")) | st.characters(codec="utf-8"),
    max_size=20,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(MEAN, min_size=1, max_size=4), st.sampled_from(["es", "en"]))
def test_however_it_is_parted_no_cell_computes(words: list[str], language: str) -> None:
    made = csv.write(of_words(*words), language).decode("utf-8-sig")
    for delimiter in ",;\t":
        for quoting in (reader.QUOTE_MINIMAL, reader.QUOTE_NONE):
            lines = made if quoting == reader.QUOTE_MINIMAL else re.sub(r"[\r\n]+", "\n", made)
            file = io.StringIO(lines, newline="")
            for row in reader.reader(file, delimiter=delimiter, quoting=quoting):
                assert not any(table.is_formula(cell) for cell in row), row
    assert [cell.replace("'", "") for (cell,) in read_csv(
        csv.write(of_words(*words), language), ";" if language == "es" else ",")[1:]
    ] == [word.replace("'", "") for word in words]  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_people_wrote_is_one_cell(words: list[str]) -> None:
    data = of_words(*words)
    found = [row[0] if row else "" for row in read_csv(csv.write(data, "es"))[1:]]
    assert [cell.replace("'", "") for cell in found] == [w.replace("'", "") for w in words]
    assert len(read_xlsx(xlsx.write(data, "es"))) == len(words) + 1
    made = json.loads(geojson.write(data, "es"))
    assert [f["properties"]["code"] for f in made["features"]] == words


def test_answers_in_words_and_by_their_keys() -> None:
    choices = {"a.luz": "¿Hay luz?", "a.n": "¿Cuántas?", "a.de": "¿De qué?", "a.de.x": "De sodio"}
    column = {"key": "attributes", "label": "R", "about": "x", "kind": "answers"}
    given = {"a.luz": False, "a.n": 1.5, "a.de": ["x", "=1"], "vieja": "y"}
    data = {**a_table([given], [None]), "columns": [{**column, "choices": choices}]}
    words = "¿Hay luz? no\n¿Cuántas? 1,5\n¿De qué? De sodio, =1\nvieja: y"
    inert = words.replace(", =1", ",' =1")
    assert read_csv(csv.write(data, "es"))[1:] == [[inert], [""]]
    assert read_xlsx(xlsx.write(data, "es"))[1]["A"] == ("s", words)
    first, second = json.loads(geojson.write(data, "es"))["features"]
    assert first["properties"] == {"attributes": given, "attributes_name": words}
    assert second["properties"] == {"attributes": None}


def test_an_empty_table_is_a_file_all_the_same() -> None:
    assert len(read_csv(csv.write(a_table(), "es"))) == 1
    assert len(read_xlsx(xlsx.write(a_table(), "es"))) == 1
    assert json.loads(geojson.write(a_table(), "es"))["features"] == []


def test_a_row_that_is_too_short_is_no_table() -> None:
    for kind in (csv, xlsx, geojson):
        with pytest.raises(ValueError, match="zip"):
            kind.write(a_table(["R-1"]), "es")
