"""A JSON file to take away is whole, readable, and made by a process of its own."""

from __future__ import annotations

import json

import pytest

from papers import json as paper
from papers.worker import KINDS
from pictures import DrawingFailed, Studio

ABOUT = {"key": "⬅️ Menu"}


def test_it_says_what_it_is_first_and_keeps_letters_and_order() -> None:
    file = paper.write({"about": ABOUT, "content": {"z": "Ñandú 🏠", "a": [1, None, True]}}, "es")
    text = file.decode()
    assert list(json.loads(text)) == ["about", "z", "a"]
    assert json.loads(text)["a"] == [1, None, True]
    assert '"z": "Ñandú 🏠"' in text
    assert text.count("\n") > 5
    assert text.endswith("\n")


@pytest.mark.parametrize("data", [{}, {"about": ABOUT}, {"about": ABOUT, "content": 3}])
def test_another_shape_is_an_error(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        paper.write(data, "es")


async def test_the_press_makes_every_kind_and_tells_no_words() -> None:
    press = Studio(worker="papers.worker", largest=1000)
    try:
        data = {"about": ABOUT, "content": {"name": "Rosa"}}
        assert b'"Rosa"' in await press.draw("json", data, "es")
        with pytest.raises(DrawingFailed, match="unknown kind"):
            await press.draw("parchment", {}, "es")
        with pytest.raises(DrawingFailed, match="KeyError") as failure:
            await press.draw("json", {"content": "Rosa"}, "es")
        assert "Rosa" not in str(failure.value)
        with pytest.raises(DrawingFailed, match="worker lost"):
            await press.draw("json", {"about": ABOUT, "content": {"long": "x" * 2000}}, "es")
    finally:
        await press.close()
    assert "json" in KINDS
