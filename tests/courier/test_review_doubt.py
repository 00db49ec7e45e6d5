"""A letter that only the table knows of leaves all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from simulator.server import Simulator
from storage.turn import Turn
from tests.courier.conftest import Post, heard


async def test_what_a_commit_in_doubt_owes_arrives_once(
    post: Post, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = sim.person("Ana")
    ana.starts()
    await post.settled()
    original = Connection.commit
    failures = iter([True])

    def commit(self: Connection) -> None:
        original(self)
        if next(failures, False):
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

    def once(turn: Turn) -> None:
        if not turn.again:
            turn.owe(ana.id, {"kind": "message", "text": "kept"})

    monkeypatch.setattr(Connection, "commit", commit)
    await post.do(once)
    await post.owe(ana.id, "next")
    await post.until(lambda: heard(ana) == ["kept", "next"])
    await post.settled()
    assert heard(ana) == ["kept", "next"]
