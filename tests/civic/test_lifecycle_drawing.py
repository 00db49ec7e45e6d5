"""The drawing and the table of docs/lifecycle.md are those made from the moves, and say no more."""

from __future__ import annotations

import re
from pathlib import Path

from civic import lifecycle_drawing as drawing
from civic.lifecycle import CITIZEN, MOVES, OPEN, RECEIVED, STATES

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycle.md"


def read(drawn: str) -> dict[tuple[str, str], bool]:
    """The moves that somebody reads from a Mermaid drawing, and whether citizens may make them."""
    boxes: dict[str, tuple[str, ...]] = {state: (state,) for state in STATES}
    boxes["open"] = OPEN
    for states, alias in re.findall(r'state "([^"]+)" as (\w+)', drawn):
        boxes[alias] = tuple(states.split(", "))
    found: dict[tuple[str, str], bool] = {}
    for before, after, said in re.findall(r"^\s*(\w+) --> (\w+)(.*)$", drawn, re.MULTILINE):
        for a in boxes[before]:
            for b in boxes[after]:
                if a != b:
                    assert (a, b) not in found, "said twice"
                    found[a, b] = "whoever told it" in said
    return found


def test_the_drawing_holds_every_move_and_no_other() -> None:
    assert read(drawing.drawn()) == {move: CITIZEN in roles for move, roles in MOVES.items()}
    assert f"[*] --> {RECEIVED}" in drawing.drawn()


def test_the_drawing_is_small_enough_to_be_read() -> None:
    assert len(drawing.arrows()) <= 16


def test_the_table_holds_every_move_and_no_other() -> None:
    head, _, *rows = [
        [cell.strip(" *") for cell in row.strip("|").split("|")]
        for row in drawing.table().splitlines()
    ]
    found = {
        (row[0], after): cell
        for row in rows
        for after, cell in zip(head[1:], row[1:], strict=True)
        if cell != "·"
    }
    assert found == {
        move: drawing.BOTH if CITIZEN in roles else drawing.TEAM for move, roles in MOVES.items()
    }


def test_the_document_shows_what_is_made_from_the_table() -> None:
    written = DOCUMENT.read_text("utf-8")
    assert f"```mermaid\n{drawing.drawn()}\n```" in written
    assert drawing.table() in written
