"""The collector leaves alone what stood before, and still finds what is left over after."""

from __future__ import annotations

import subprocess
import sys

STORY = """
import gc, weakref
from bot import memory

class Ring:
    def __init__(self):
        self.me = self

before = Ring()
memory.settle()
assert gc.get_freeze_count() > 1000
assert gc.get_threshold() == memory.LOOK_AFTER
after = weakref.ref(Ring())
gc.collect()
assert after() is None
"""


def test_what_stood_is_left_alone_and_the_rest_is_not() -> None:
    subprocess.run([sys.executable, "-c", STORY], check=True, timeout=60)
