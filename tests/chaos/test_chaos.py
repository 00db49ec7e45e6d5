"""The bot is killed while it works, on both databases: nothing is lost, doubled or out of order."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import chaos

pytestmark = pytest.mark.chaos


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_kills_break_no_promise(kind: str, tmp_path: Path) -> None:
    verdict = chaos.rehearse(kind, 3, 7, tmp_path)
    assert verdict.broken == []
    assert verdict.accepted > 100
