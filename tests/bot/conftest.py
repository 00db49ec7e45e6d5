"""The whole bot against a simulator: the towns of the conversations, and houses by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from simulator.server import Simulator
from tests.conversations.conftest import TOKEN, found_town
from tests.conversations.conftest import small_town as small_town
from tests.conversations.conftest import town as town


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A simulator with the bot's account."""
    async with Simulator() as started:
        started.add_bot(TOKEN, "villaceiba_bot", "Villa Ceiba")
        yield started


@pytest.fixture
def town_url(empty_url: str) -> str:
    """A database with the demo's town; the test runs on both kinds."""
    found_town(empty_url)
    return empty_url


@pytest.fixture
def small_url(sqlite_url: str) -> str:
    """A SQLite database with the demo's town."""
    found_town(sqlite_url)
    return sqlite_url
