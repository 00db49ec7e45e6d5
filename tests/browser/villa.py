"""`cabildo demo` in a process of its own and an empty folder, as somebody new starts it; in the
town it is ten in the morning, whenever that is tried.
"""

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
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from actions import nearby
from bot import demo, townfile
from tests.browser.neighbour import SKIPPABLE, Neighbour, words

PHOTOS_ASKED = "Do you have photos of it?"
SAME = "Your neighbours have already told us of something like this. Is it the same?"
ROOT = Path(__file__).parents[2]
OPENING_S = 90
BEGINS_AT = 10
"""The hour of the town's day: what is called for half past six tomorrow has both its reminders."""
WALKING_MS = 90_000


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
        address = _address(process, lines, told)
        _goes_to(address, BEGINS_AT)
        yield Open(address, folder, told)
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


def _goes_to(address: str, hour: int) -> None:
    """Have the town's clock walk on to this hour of its day."""
    zone = ZoneInfo(townfile.read(townfile.DEMO).timezone)
    now = datetime.fromisoformat(_clock(address)["now"]).astimezone(zone)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if then <= now:
        then += timedelta(days=1)
    _clock(address, {"seconds": (then - now).total_seconds()})
    end = time.monotonic() + OPENING_S
    while _clock(address)["walking"]:
        assert time.monotonic() < end, "the town's clock does not arrive"
        time.sleep(0.2)


def _clock(address: str, jump: dict[str, float] | None = None) -> dict[str, Any]:
    """The state of the town's clock, which is to jump where that is said."""
    asked: str | urllib.request.Request = f"{address}/sim/clock"
    if jump is not None:
        asked = urllib.request.Request(f"{asked}/jump", json.dumps(jump).encode())
    with urllib.request.urlopen(asked, timeout=10) as answer:
        state: dict[str, Any] = json.load(answer)
    return state


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
