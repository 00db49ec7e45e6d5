"""When an update reached us is told in town time, also after a restart and never in the future."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.world import World
from handlers.desk import Desk
from storage.database import Database
from storage.turn import Ledger, Turn
from tests.conftest import NOON

MACHINE = 1_000_000.0


@pytest.mark.parametrize(
    ("received", "received_at", "expected"),
    [
        # The intake was there: it knows.
        (MACHINE - 5, NOON - timedelta(days=2), NOON - timedelta(days=2)),
        # Accepted before a restart: as long ago as the machine says.
        (MACHINE - 90, None, NOON - timedelta(seconds=90)),
        # The machine's clock was set back meanwhile.
        (MACHINE + 90, None, NOON),
        (None, None, None),
    ],
)
def test_received_is_town_time(
    sqlite: Database,
    received: float | None,
    received_at: datetime | None,
    expected: datetime | None,
) -> None:
    nothing: Any = None
    desk = Desk(
        writer=nothing,
        world=World(),
        voice=nothing,
        spawn=nothing,
        update_id=1,
        chat_id=1,
        user_id=1,
        name="",
        language_code=None,
        received=received,
        received_at=received_at,
    )
    with sqlite.begin() as session:
        turn = Turn(session, Ledger(lambda: 1), NOON, MACHINE)
        assert desk._received(turn) == expected
