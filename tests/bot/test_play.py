"""The terminal plays a whole conversation, and leaves when it is told to."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import locales
from bot import play as player
from flows.registry import FLOWS
from tests.flows.english import spell

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=ZoneInfo(player.ZONE))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read as they are."""
    monkeypatch.setattr(locales, "sentence", lambda phrase, *_, **__: spell(phrase))


def plays(flow: str, *lines: str) -> tuple[dict[str, Any] | None, str]:
    """The answers, and what the screen showed."""
    screen = io.StringIO()
    keyboard = io.StringIO("\n".join(lines))
    return player.play(flow, "en", now=NOON, keyboard=keyboard, screen=screen), screen.getvalue()


def test_a_report_is_played_to_its_end() -> None:
    answers, shown = plays(
        "report",
        "#99",
        "#1",
        "short",
        ":edit Not so short",
        ":place here",
        ":place -12.5 -76.8",
        ":photo",
        "#1",
        "#1",
    )
    assert answers is not None
    assert answers["category"] == "light" and answers["details"] == "Not so short"
    assert answers["place"] == {"latitude": -12.5, "longitude": -76.8}
    assert "📍 La Merced" in shown and '"category": "light"' in shown


def test_leaving_gives_nothing() -> None:
    assert plays("report", ":cancel")[0] is None
    assert plays("report", "#1", ":sticker", ":voice 12")[0] is None


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_can_be_played(name: str) -> None:
    _, shown = plays(name, ":sticker", ":back", ":cancel", "#1")
    assert spell({"key": FLOWS[name].title}) in shown


def test_a_flow_there_is_not() -> None:
    with pytest.raises(KeyError):
        plays("nothing")
