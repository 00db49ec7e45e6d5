"""What the tests of actions stand on."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.actions.stage import Stage
from tests.conftest import TownClock


@pytest.fixture
def stage(database: Database, clock: TownClock) -> Stage:
    """The demo's town on both databases, its clock at a Monday noon."""
    return Stage(database, clock)
