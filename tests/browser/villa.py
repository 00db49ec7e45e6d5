"""`cabildo demo` in a process of its own and an empty folder, as somebody new starts it; the town
wakes up at the same hour whenever that is."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from actions import nearby
from bot import demo
from tests.browser.neighbour import SKIPPABLE, Neighbour, words

PHOTOS_ASKED = "Do you have photos of it?"
SAME = "Your neighbours have already told us of something like this. Is it the same?"
ROOT = Path(__file__).parents[2]
OPENING_S = 90
WALKING_MS = 90_000
BEGINS_AT = 10
"""The hour of the town at which it is met: nobody is quiet, people are at work, and what is called
for tomorrow evening is still more than a day away."""


@dataclass
class Open:
    """The demo, as it runs in an empty folder."""

    url: str
    folder: Path
    told: list[str]


@contextmanager
def open_town(folder: Path) -> Iterator[Open]:
    """The demo, started as a person would and ended with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot.cli", "demo", "--port", str(demo.free_port(18400))],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    output = process.stdout

    def read() -> None:
        for line in output:
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    told: list[str] = []
    try:
        url = _address(process, lines, told)
        _begin(url)
        yield Open(url, folder, told)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert process.returncode == 0, told


def _address(process: subprocess.Popen[str], lines: queue.Queue[str], told: list[str]) -> str:
    """Where the page is, once it is told."""
    end = time.monotonic() + OPENING_S
    while time.monotonic() < end:
        try:
            told.append(lines.get(timeout=0.2))
        except queue.Empty:
            assert process.poll() is None, told
            continue
        found = re.search(r"http://127\.0\.0\.1:\d+", told[-1])
        if found:
            return found[0]
    raise AssertionError(f"the demo did not open in {OPENING_S} s: {told}")


def _begin(url: str) -> None:
    """Move the town's clock on to the hour, and wait until the bot has walked there."""
    now = datetime.fromisoformat(_answer(f"{url}/sim/clock")["now"])
    zone = ZoneInfo(_answer(f"{url}/sim/state")["timezone"])
    begins = now.astimezone(zone).replace(hour=BEGINS_AT, minute=0, second=0, microsecond=0)
    if begins <= now:
        begins += timedelta(days=1)
    seconds = begins.timestamp() - now.timestamp()
    _answer(f"{url}/sim/clock/jump", {"seconds": seconds})
    end = time.monotonic() + OPENING_S
    while _answer(f"{url}/sim/clock")["walking"]:
        assert time.monotonic() < end, f"the town did not come to {begins} in {OPENING_S} s"
        time.sleep(0.2)


def _answer(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the simulator says; a body is posted."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(url, data, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def jumps(page: Page, button: str) -> None:
    """Press a jump of the clock, and wait until the bot has walked there."""
    page.get_by_test_id(button).click()
    walking = page.get_by_test_id("walking")
    # It may have arrived before anybody looked.
    page.wait_for_timeout(500)
    expect(walking).to_be_hidden(timeout=WALKING_MS)


def tells_something_new(who: Neighbour) -> None:
    """From the place to the photos: it is none of what is near, and the town's own questions are
    skipped."""
    if words(SAME) in who.waits_for(SAME, SKIPPABLE):
        who.taps(nearby.IT_IS_ANOTHER)
    who.skips_to(PHOTOS_ASKED)
