"""Extraction: what the code says, read from its syntax tree and never by running it.

A sentence is found where it is written: N_("..."), say("..."), count("one", "many", ...) and a
phrase in full, {"key": "...", "plural": "..."}. A key that is not a literal is an error here,
because nobody could translate it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = (
    "actions",
    "bot",
    "civic",
    "courier",
    "flows",
    "handlers",
    "jobs",
    "panel",
    "papers",
    "pictures",
    "storage",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence in the code; `many` when it depends on a number."""

    one: str
    many: str | None
    file: str
    line: int


class NotLiteral(ValueError):
    """A key that is put together at run time; names the file and the line."""


def found_in(root: Path, rooms: Iterable[str] = ROOMS) -> list[Found]:
    """Every sentence of the rooms below `root`, by file and line. Raises NotLiteral."""
    found: list[Found] = []
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            found += found_in_source(path.read_text("utf-8"), name)
    return found


def found_in_source(source: str, file: str) -> list[Found]:
    """Every sentence of one file, in order. Raises NotLiteral."""
    tree = ast.parse(source, file)
    inside_plural: set[int] = set()
    found: list[Found] = []
    for node in ast.walk(tree):
        pair = _plural(node)
        if pair is None:
            continue
        one, many = pair
        inside_plural |= {id(one), id(many)}
        texts = _text(one), _text(many)
        if texts[0] is not None and texts[1] is not None:
            found.append(Found(texts[0], texts[1], file, one.lineno))
        elif _name(one) == "N_" or _name(many) == "N_":
            raise NotLiteral(f"{file}:{one.lineno}: both forms of a plural must be written there")
    for node in ast.walk(tree):
        if id(node) not in inside_plural:
            found += _singular(node, file)
    return sorted(set(found), key=lambda each: (each.line, each.one))


def _plural(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    if isinstance(node, ast.Call) and _name(node) == "count" and len(node.args) >= 2:
        return node.args[0], node.args[1]
    if isinstance(node, ast.Dict):
        entries = dict(_entries(node))
        if "key" in entries and "plural" in entries:
            return entries["key"], entries["plural"]
    return None


def _singular(node: ast.AST, file: str) -> Iterator[Found]:
    if not isinstance(node, ast.Call) or not node.args:
        return
    name, key = _name(node), node.args[0]
    if name == "N_":
        text = _text(key)
        if text is None:
            raise NotLiteral(f"{file}:{node.lineno}: N_ marks a sentence written there")
        yield Found(text, None, file, node.lineno)
    elif name == "say" and isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield Found(key.value, None, file, node.lineno)


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _name(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else None


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return node.value
    if isinstance(node, ast.Call) and _name(node) == "N_" and len(node.args) == 1:
        return _text(node.args[0])
    return None
