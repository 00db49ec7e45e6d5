"""The studio: drawing never holds up the bot, and its death is never the bot's.

Pictures are drawn by one worker process, started when first needed, put away when idle and
started again when it dies. It is a plain child spoken to over pipes rather than a process pool:
it ends when its end of the pipe closes, so a killed bot leaves no orphan behind, and it does not
import the program that started it. It gets no setting of the bot's, so no token. Files to take
away are made in the same way, by a worker of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pictures.pipe import LENGTH

_ATTEMPTS = 2
_LARGEST_PHOTO = 10_000_000  # what Telegram takes as a photo
_ROOT = Path(__file__).parent.parent


class DrawingFailed(RuntimeError):
    """A picture could not be drawn; says the kind and the cause's type, never the data."""


class Studio:
    """Draws pictures in a worker process. Belongs to the event loop that first uses it."""

    def __init__(
        self,
        *,
        worker: str = "pictures.worker",
        largest: int = _LARGEST_PHOTO,
        timeout: float = 60.0,
        idle: float = 300.0,
    ) -> None:
        """`timeout` seconds for one picture, `idle` seconds until an unused worker is put away.

        `worker` is the module it runs, `largest` the most bytes (50 MB is what Telegram takes as
        a document) that may come back.
        """
        self._module = worker
        self._largest = largest
        self._timeout = timeout
        self._idle = idle
        self._turn = asyncio.Lock()
        self._worker: asyncio.subprocess.Process | None = None
        self._put_away: asyncio.TimerHandle | None = None
        self._closed = False

    async def draw(self, kind: str, data: Mapping[str, Any], language: str) -> bytes:
        """A PNG of `kind` ("vote_result") from plain JSON data, its words in `language`.

        Pictures are drawn one after the other. A worker that dies or takes too long is replaced
        and asked once more. Raises DrawingFailed.
        """
        request = json.dumps({"kind": kind, "data": data, "language": language}).encode()
        async with self._turn:
            if self._closed:
                raise DrawingFailed(f"{kind}: the studio is closed")
            self._keep()
            cause = "worker lost"
            for _ in range(_ATTEMPTS):
                try:
                    async with asyncio.timeout(self._timeout):
                        drawn, answer = await self._ask(request)
                except TimeoutError:
                    cause = "took too long"
                except (OSError, EOFError):
                    cause = "worker lost"
                except asyncio.CancelledError:
                    # Half an answer may still be in the pipe: that worker cannot be asked again.
                    await self._end()
                    raise
                else:
                    self._keep(self._idle)
                    if drawn:
                        return answer
                    raise DrawingFailed(f"{kind}: {answer.decode()}")
                await self._end()
            raise DrawingFailed(f"{kind}: {cause}")

    async def close(self) -> None:
        """End the worker; whatever is being drawn is finished first."""
        async with self._turn:
            self._closed = True
            self._keep()
            await self._end()

    @property
    def pid(self) -> int | None:
        """The worker's process id while there is one."""
        worker = self._worker
        return worker.pid if worker is not None and worker.returncode is None else None

    async def _ask(self, request: bytes) -> tuple[bool, bytes]:
        worker = self._worker
        if worker is None or worker.returncode is not None:
            worker = self._worker = await _start(self._module)
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(LENGTH.pack(len(request)) + request)
        await worker.stdin.drain()
        drawn = await worker.stdout.readexactly(1) == b"+"
        (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
        if length > self._largest:
            raise EOFError("an answer too long to be one")
        return drawn, await worker.stdout.readexactly(length)

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(ProcessLookupError):
            worker.kill()
        await worker.wait()

    def _keep(self, idle: float | None = None) -> None:
        """Forget the end that was planned; with `idle`, plan one in so many seconds."""
        if self._put_away is not None:
            self._put_away.cancel()
            self._put_away = None
        if idle is not None:
            loop = asyncio.get_running_loop()
            self._put_away = loop.call_later(idle, self._hang_up)

    def _hang_up(self) -> None:
        """Close the idle worker's pipe, upon which it ends by itself."""
        worker, self._worker = self._worker, None
        if worker is not None and worker.stdin is not None:
            worker.stdin.close()


async def _start(module: str) -> asyncio.subprocess.Process:
    kept = {name: value for name, value in os.environ.items() if _harmless(name)}
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What a library prints may hold what people wrote.
        stderr=asyncio.subprocess.DEVNULL,
        # Ctrl-C is the bot's to answer: it may still want this picture before it stops.
        start_new_session=True,
        env={**kept, "PYTHONPATH": os.pathsep.join(path)},
    )


def _harmless(name: str) -> bool:
    return name == "CABILDO_STRICT_TEXT" or not name.startswith("CABILDO_")
