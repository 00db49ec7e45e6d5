"""The least that can be called a Bot API server: it takes everything and costs next to nothing.

For throughput ratios only. Every send is answered with a message, every question with `true`;
`getUpdates` hands out what a script says. `python -m bench.stub [SCRIPT CHATS STEPS]` prints
{"url"} and then answers lines: {"do": "stats"} -> {"sent", "handed"}; {"do": "go"} begins the
script. SCRIPT is "module:function": function(chat, step) gives the update that chat sends as its
step (without update_id), which leaves once the bot has answered the one before.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import orjson

from bench.common import answer

Json = dict[str, Any]
Script = Callable[[int, int], Json]

_CHAT = re.compile(rb'chat_id"?(?:=|: ?"?|\r\n(?:[^\r\n]+\r\n)*\r\n)(-?\d+)')
_OFFSET = re.compile(rb'offset"?(?:=|: ?"?|\r\n(?:[^\r\n]+\r\n)*\r\n)(-?\d+)')
_TIMEOUT = re.compile(rb'timeout"?(?:=|: ?"?|\r\n(?:[^\r\n]+\r\n)*\r\n)(\d+)')
_LENGTH = re.compile(rb"[Cc]ontent-[Ll]ength: (\d+)")
_SAYS = (b"send", b"edit", b"copy", b"forward")
_ME = orjson.dumps(
    {
        "ok": True,
        "result": {
            "id": 7000000001,
            "is_bot": True,
            "first_name": "Stub",
            "username": "stub_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        },
    }
)
FIRST_CHAT = 100_001


class Stub:
    """What the server remembers: who is to say what next, and how much it was told."""

    def __init__(self, script: Script | None = None, chats: int = 0, steps: int = 0) -> None:
        self._script = script
        self._chats = chats
        self._steps = steps
        self._step: dict[int, int] = {}
        self._pending: deque[tuple[int, bytes]] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._update_id = 0
        self.message_id = 0
        self.sent = 0
        self.handed = 0

    def go(self) -> None:
        """Every chat says its first thing."""
        for chat in range(FIRST_CHAT, FIRST_CHAT + self._chats):
            self._step[chat] = -1
            self._next(chat)

    def _next(self, chat: int) -> None:
        step = self._step[chat] + 1
        if self._script is None or step >= self._steps:
            return
        self._step[chat] = step
        self._update_id += 1
        update = {"update_id": self._update_id, **self._script(chat, step)}
        self._pending.append((self._update_id, orjson.dumps(update)))
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def said(self, chat: int) -> bytes:
        """The bot said something in a chat, which says its next thing."""
        self.sent += 1
        self.message_id += 1
        if chat in self._step:
            self._next(chat)
        return (
            b'{"ok":true,"result":{"message_id":%d,"date":1767225600,"text":"x",'
            b'"from":{"id":7000000001,"is_bot":true,"first_name":"Stub"},'
            b'"chat":{"id":%d,"type":"private","first_name":"C"}}}' % (self.message_id, chat)
        )

    async def updates(self, body: bytes) -> bytes:
        """getUpdates, with its true meaning of offset; waits at most its timeout."""
        offset = _number(_OFFSET, body, 0)
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()
        if not self._pending:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(self._waiting, _number(_TIMEOUT, body, 0) or 0.001)
            except TimeoutError:
                pass
            finally:
                self._waiting = None
        batch = [self._pending[at][1] for at in range(min(100, len(self._pending)))]
        self.handed += len(batch)
        return b'{"ok":true,"result":[' + b",".join(batch) + b"]}"


def _number(pattern: re.Pattern[bytes], body: bytes, otherwise: int) -> int:
    found = pattern.search(body)
    return int(found.group(1)) if found else otherwise


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as much of it as the clients here speak."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._polls: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        for poll in self._polls:
            poll.cancel()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        while True:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                break
            length = _number(_LENGTH, buffer[: end + 2], 0)
            if len(buffer) < end + 4 + length:
                break
            line = buffer[: buffer.find(b" HTTP/")]
            name = line.rpartition(b"/")[2].partition(b"?")
            self._handle(name[0], name[2] + buffer[end + 4 : end + 4 + length])
            buffer = buffer[end + 4 + length :]
        self._buffer = buffer

    def _handle(self, method: bytes, body: bytes) -> None:
        if method.startswith(_SAYS) and method != b"sendChatAction":
            self._write(self._stub.said(_number(_CHAT, body, 0)))
        elif method == b"getUpdates":
            poll = asyncio.ensure_future(self._poll(body))
            self._polls.add(poll)
            poll.add_done_callback(self._polls.discard)
        elif method == b"getMe":
            self._write(_ME)
        else:
            self._write(b'{"ok":true,"result":true}')

    async def _poll(self, body: bytes) -> None:
        self._write(await self._stub.updates(body))

    def _write(self, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )


async def serve(stub: Stub) -> None:
    """Listen on a free port until the input ends, answering its lines."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(stub), "127.0.0.1", 0)
    answer(url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with server:
        while line := await reader.readline():
            if json.loads(line)["do"] == "go":
                stub.go()
            answer(sent=stub.sent, handed=stub.handed)


def main(arguments: list[str]) -> None:
    """Serve, with the script that the arguments name."""
    stub = Stub()
    if arguments:
        module, _, name = arguments[0].partition(":")
        script: Script = getattr(importlib.import_module(module), name)
        stub = Stub(script, int(arguments[1]), int(arguments[2]))
    asyncio.run(serve(stub))


if __name__ == "__main__":
    main(sys.argv[1:])
