"""The fixtures keep their word: nobody leaves, both databases are real, texts are strict."""

from __future__ import annotations

import asyncio
import socket

import pytest
from sqlalchemy import text

import locales
from storage.audit import Audit
from storage.database import Database
from storage.turn import Turn
from storage.writer import Writer
from tests import network
from tests import postgres as servers


def test_here_is_only_this_machine() -> None:
    for host in (None, "", "localhost", b"localhost", "127.0.0.1", "127.8.8.8", "::1"):
        assert network.is_here(host)
    for host in ("api.telegram.org", "8.8.8.8", "10.0.0.1", "0.0.0.0", "example.localhost.org"):
        assert not network.is_here(host)


async def test_every_way_out_is_refused_and_noted() -> None:
    inner = pytest.MonkeyPatch()
    try:
        attempts = network.guard(inner)
        with pytest.raises(OSError, match="a test tried to reach"):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        with pytest.raises(OSError, match="a test tried to reach"):
            await asyncio.open_connection("cabildo.invalid", 443)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            with pytest.raises(OSError, match="a test tried to reach"):
                datagrams.sendto(b"x", ("192.0.2.2", 53))
        assert attempts == ["192.0.2.1", "cabildo.invalid", "192.0.2.2"]
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
    finally:
        inner.undo()


def test_a_missing_text_raises() -> None:
    with pytest.raises(locales.MissingText):
        locales.sentence({"key": "No catalogue has this sentence."}, "es", "UTC")


def test_each_database_is_what_it_says(database: Database, request: pytest.FixtureRequest) -> None:
    kind = request.node.callspec.params["database"]
    assert database.is_sqlite == (kind == "sqlite")
    with database.read() as session:
        query = "select sqlite_version()" if kind == "sqlite" else "show server_version"
        assert session.connection().scalar(text(query))


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_a_fresh_database(writer: Writer, again: int) -> None:
    def work(turn: Turn) -> int | None:
        row = Audit(at=turn.now, action="test", subject="test:1")
        turn.session.add(row)
        turn.session.flush()
        return row.id

    assert await writer.write(work) == 1
    assert await writer.write(work) == 2


def test_the_wheel_brings_a_server_too() -> None:
    server = servers.start(binaries=servers.wheel())
    try:
        database = Database(server.url)
        with database.read() as session:
            assert session.connection().scalar(text("select 1")) == 1
        database.close()
    finally:
        server.stop()
    assert not server.folder.exists()


def test_a_server_that_cannot_start_is_an_error(tmp_path: object) -> None:
    with pytest.raises((servers.NoPostgres, OSError)):
        servers.start(binaries=servers.wheel().parent / "nothing")
