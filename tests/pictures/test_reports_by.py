"""Figures are drawn whatever categories are called, and a bar says no more than its number."""

from __future__ import annotations

import io
from itertools import groupby
from typing import Any

import pytest
from matplotlib.image import imread

from pictures import reports_by


def row(label: Any, told: int, fixed: int) -> dict[str, Any]:
    days = {"key": "{count} day", "plural": "{count} days", "count": 6}
    time = days if fixed else None
    return {
        "label": label,
        "told": told,
        "fixed": fixed,
        "asked": fixed,
        "confirmed": fixed // 2,
        "half": time,
        "most": time,
    }


def figures(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": {"key": "Reports by category"},
        "period": {"key": "From the beginning"},
        "town": "Villa Ceiba",
        "whole": row("", sum(r["told"] for r in rows), sum(r["fixed"] for r in rows)),
        "rows": list(rows),
    }


def pixels(png: bytes) -> Any:
    return imread(io.BytesIO(png))


def longest_run(png: bytes, colour: str) -> int:
    """How many pixels of a colour stand side by side at most, below the strip on top."""
    wanted = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    same = (abs(pixels(png)[40:, :, :3] - wanted) < 0.01).all(axis=2)
    return max(len(list(run)) for line in same if line.any() for one, run in groupby(line) if one)


@pytest.mark.parametrize("language", ["es", "en", "pt_BR"])
@pytest.mark.parametrize(("rows", "high"), [(1, 1080), (12, 3200), (20, 3600)])
def test_the_picture_grows_with_the_rows(language: str, rows: int, high: int) -> None:
    name = "Alcantarillas destapadas y sumideros tapados en la vía pública "
    data = figures(*(row(f"{name}{n}", 400 // (n + 1), n) for n in range(rows)))
    drawn = pixels(reports_by.draw(data, language))
    assert drawn.shape[1] == 1080
    assert high * 0.8 <= drawn.shape[0] <= high


def test_nothing_is_drawn_over_the_edge() -> None:
    many = [row("W" * 200, 1_234_567, 1_234_000), row("💡 مرحبا $x$ <b>{y}</b>", 3, 0)]
    drawn = pixels(reports_by.draw(figures(*many), "es"))[20:, :, :3]
    margin = 30
    assert (drawn[:, :margin] == 1).all() and (drawn[:, -margin:] == 1).all()


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    png = reports_by.draw(figures(row("a", 100, 50), row("b", 25, 0)), "es")
    whole = 1080 - 2 * 64
    assert longest_run(png, reports_by._FIXED) == pytest.approx(whole * 0.5, abs=3)
    assert longest_run(png, reports_by._REST) == pytest.approx(whole * 0.5, abs=3)


def test_equal_data_give_equal_bytes() -> None:
    data = figures(row("a", 3, 1))
    assert reports_by.draw(data, "es") == reports_by.draw(data, "es")


@pytest.mark.parametrize("rows", [[], [row("a", 1, 2)], [row("a", 1, 1)] * 61])
def test_what_cannot_be_figures(rows: list[dict[str, Any]]) -> None:
    data = figures(*rows)
    with pytest.raises(ValueError, match=r"figures|fixed"):
        reports_by.draw(data, "es")
