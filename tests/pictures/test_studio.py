"""Pictures come from a process of their own, which may die without anybody noticing."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pictures import DrawingFailed, Studio

RESULT: dict[str, Any] = {
    "question": "¿Qué arreglamos primero?",
    "options": [{"label": "La plaza", "votes": 3}, {"label": "El puente", "votes": 1}],
    "ballots": 4,
    "eligible": None,
    "closed": "2026-03-05T18:30:00-05:00",
    "town": "Villa Esperanza",
}


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    yield studio
    await studio.close()


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> bool:
    for _ in range(200):
        if not alive(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_picture_is_drawn_and_the_worker_is_kept(studio: Studio) -> None:
    assert studio.pid is None
    pictures = await asyncio.gather(*(studio.draw("vote_result", RESULT, "es") for _ in range(2)))
    worker = studio.pid
    assert size(pictures[0]) == (1080, 1080)
    assert pictures[0] == pictures[1]
    assert await studio.draw("vote_result", RESULT, "en") != pictures[0]
    assert studio.pid == worker


async def test_a_killed_worker_is_replaced(studio: Studio) -> None:
    first = await studio.draw("vote_result", RESULT, "es")
    worker = studio.pid
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    assert await studio.draw("vote_result", RESULT, "es") == first
    assert studio.pid != worker


async def test_a_worker_killed_while_it_draws_is_asked_again(studio: Studio) -> None:
    drawing = asyncio.create_task(studio.draw("vote_result", RESULT, "es"))
    for _ in range(500):
        if studio.pid is not None:
            break
        await asyncio.sleep(0.01)
    assert studio.pid is not None
    os.kill(studio.pid, signal.SIGKILL)
    assert size(await drawing) == (1080, 1080)


async def test_a_cancelled_drawing_does_not_answer_the_next(studio: Studio) -> None:
    spanish = await studio.draw("vote_result", RESULT, "es")
    drawing = asyncio.create_task(studio.draw("vote_result", RESULT, "en"))
    await asyncio.sleep(0.02)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert await studio.draw("vote_result", RESULT, "es") == spanish


async def test_what_cannot_be_drawn_says_why_and_quotes_nobody(studio: Studio) -> None:
    secret = {**RESULT, "options": [{"label": "Rosa's secret", "votes": 9}]}
    with pytest.raises(DrawingFailed, match=r"^vote_result: ValueError$"):
        await studio.draw("vote_result", secret, "es")
    with pytest.raises(DrawingFailed, match="a map: unknown kind"):
        await studio.draw("a map", {}, "es")
    assert size(await studio.draw("vote_result", RESULT, "es")) == (1080, 1080)


async def test_a_picture_that_takes_too_long_is_given_up() -> None:
    studio = Studio(timeout=0.01)
    with pytest.raises(DrawingFailed, match="took too long"):
        await studio.draw("vote_result", RESULT, "es")
    assert studio.pid is None
    await studio.close()


async def test_an_idle_worker_is_put_away_and_comes_back() -> None:
    studio = Studio(idle=0.05)
    first = await studio.draw("vote_result", RESULT, "es")
    worker = studio.pid
    assert worker is not None
    assert await gone(worker)
    assert await studio.draw("vote_result", RESULT, "es") == first
    await studio.close()


async def test_a_closed_studio_leaves_nothing_behind(studio: Studio) -> None:
    await studio.draw("vote_result", RESULT, "es")
    worker = studio.pid
    assert worker is not None
    await studio.close()
    assert not alive(worker)
    with pytest.raises(DrawingFailed, match="closed"):
        await studio.draw("vote_result", RESULT, "es")


BOT = """
import asyncio, json, os, signal, sys
from pictures import Studio

async def main():
    studio = Studio()
    await studio.draw("vote_result", json.loads(sys.argv[1]), "es")
    environment = open(f"/proc/{studio.pid}/environ").read() if os.path.exists("/proc") else ""
    drew = [name for name in ("matplotlib", "numpy", "PIL") if name in sys.modules]
    print(json.dumps([studio.pid, drew, "CABILDO_TOKEN" in environment]), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_the_bot_imports_no_drawing_shares_no_token_and_leaves_no_orphan() -> None:
    import json

    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", BOT, json.dumps(RESULT)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "CABILDO_TOKEN": "123456:not-a-token"},
        capture_output=True,
        check=False,
    )
    worker, drew, token = json.loads(done.stdout)
    assert drew == []
    assert token is False
    assert await gone(worker)
