"""What went wrong says whether Telegram can have seen it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.error import BadRequest, Forbidden

from courier.request import AiohttpRequest, TooMany, Unanswered, Unsent


@asynccontextmanager
async def _answering(answer: bytes | None) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}/bot1:SECRET/sendMessage"


def _http(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize(
    "answer, error",
    [
        (None, Unanswered),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", Unanswered),
        (_http("502 Bad Gateway", b"<html>"), Unanswered),
        (_http("200 OK", b"<html>"), Unanswered),
        (_http("403 Forbidden", b"<html>"), Unanswered),
        (_http("400 Bad Request", b'{"ok":false,"description":"Bad Request: x"}'), BadRequest),
        (_http("403 Forbidden", b'{"ok":false,"description":"Forbidden: y"}'), Forbidden),
        (_http("429 Too", b'{"ok":false,"parameters":{"retry_after":7}}'), TooMany),
    ],
)
async def test_every_answer_has_its_error(
    answer: bytes | None, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    async with AiohttpRequest() as request, _answering(answer) as url:
        with pytest.raises(error) as caught:
            await request.post(url)
    assert "SECRET" not in f"{caught.value!r}{caught.value}{caplog.text}"
    if isinstance(caught.value, TooMany):
        assert caught.value.seconds == 7


async def test_a_refused_connection_is_surely_unsent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with AiohttpRequest() as request:
            with pytest.raises(Unsent) as caught:
                await request.post(f"http://127.0.0.1:{taken.getsockname()[1]}/bot1:SECRET/x")
    assert "SECRET" not in repr(caught.value)


async def test_silence_may_have_been_heard() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, AiohttpRequest() as request:
        with pytest.raises(Unanswered) as caught:
            await request.post(f"http://127.0.0.1:{port}/bot1:SECRET/x", read_timeout=0.05)
    assert caught.value.name == "timeout"


async def test_a_closed_session_sends_nothing() -> None:
    with pytest.raises(Unsent):
        await AiohttpRequest().post("http://127.0.0.1:9/bot1:SECRET/x")
