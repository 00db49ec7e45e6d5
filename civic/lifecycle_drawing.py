"""The table of moves as people can read it: a drawing and a table, both made from it and from
nothing else.

States that may do the very same are one box of the drawing; an arrow from the frame of what is
open holds for all that is in it.
"""

from __future__ import annotations

from civic.lifecycle import CITIZEN, MOVES, OPEN, RECEIVED, STATES

Box = tuple[str, ...]
"""States that are drawn as one."""

FRAME = "open"
"""The frame round everything that is open."""
TEAM, BOTH = "team", "both"
"""Gestores and admins; or also whoever told the report."""


def boxes() -> list[Box]:
    """The states, those together that could be exchanged without anybody noticing."""
    found: list[list[str]] = []
    for state in STATES:
        for box in found:
            if all(_alike(state, other) for other in box):
                box.append(state)
                break
        else:
            found.append([state])
    return [tuple(box) for box in found]


def _alike(one: str, other: str) -> bool:
    exchanged = {one: other, other: one}
    return all(
        MOVES.get((exchanged.get(a, a), exchanged.get(b, b))) == roles
        for (a, b), roles in MOVES.items()
    )


def name(box: Box) -> str:
    """What a box is called in the drawing."""
    return "_or_".join(box)


def arrows() -> dict[tuple[str, str], frozenset[str]]:
    """Every arrow from box to box, or from FRAME where all that is open does the same.

    An arrow from a box to itself leads from each of its states to each other one.
    """
    every = boxes()
    found = {
        (name(a), name(b)): roles
        for a in every
        for b in every
        if (roles := _between(a, b)) is not None
    }
    inside = [name(box) for box in every if set(box) <= set(OPEN)]
    drawn: dict[tuple[str, str], frozenset[str]] = {}
    for (before, after), roles in found.items():
        common = all(found.get((box, after)) == roles for box in inside)
        if before in inside and after not in inside and common:
            drawn[FRAME, after] = roles
        else:
            drawn[before, after] = roles
    return drawn


def _between(before: Box, after: Box) -> frozenset[str] | None:
    """Who may move from any state of a box to any other of the other box; None: nobody."""
    roles = {MOVES.get((a, b)) for a in before for b in after if a != b}
    if len(roles) > 1:
        raise AssertionError("states of one box do not do the same")
    return roles.pop() if roles else None


def drawn() -> str:
    """The table as a Mermaid state diagram."""
    lines = [
        "stateDiagram-v2",
        "    direction LR",
        f"    [*] --> {RECEIVED}",
        f"    state {FRAME} {{",
    ]
    every = boxes()
    inside = {name(box) for box in every if set(box) <= set(OPEN)}
    for box in every:
        if len(box) > 1:
            lines.append(f'        state "{", ".join(box)}" as {name(box)}')
    found = arrows()
    for (before, after), roles in found.items():
        if before in inside and after in inside:
            lines.append(f"        {before} --> {after}{_said(roles)}")
    lines.append("    }")
    for (before, after), roles in found.items():
        if not (before in inside and after in inside):
            lines.append(f"    {before} --> {after}{_said(roles)}")
    return "\n".join(lines)


def _said(roles: frozenset[str]) -> str:
    # Most arrows are the team's: said once below the drawing, they need no words.
    return ": also whoever told it" if CITIZEN in roles else ""


def table() -> str:
    """The table as Markdown: a row from each state, a column to each."""
    rows = [
        "| from \\ to | " + " | ".join(STATES) + " |",
        "| --- |" + " --- |" * len(STATES),
    ]
    for before in STATES:
        cells = [_cell(MOVES.get((before, after))) for after in STATES]
        rows.append(f"| **{before}** | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _cell(roles: frozenset[str] | None) -> str:
    if roles is None:
        return "·"
    return BOTH if CITIZEN in roles else TEAM
