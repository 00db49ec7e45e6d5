"""A process that died on this machine keeps nobody waiting for its lease; any other is believed.

Whoever holds a lease is named so that another process of the same machine can ask whether it still
lives. Of a process elsewhere nothing is known: only time frees its lease.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NUMBERS = Path("/proc/self/ns/pid")


def my_name() -> str:
    """A name no other holder has: where this process runs, its number, and a random word."""
    return f"{_room()}/{os.getpid()}/{secrets.token_hex(8)}"


def is_gone(holder: str) -> bool:
    """Whether the process of that name is known to have ended.

    False where it cannot be known: another machine, another container, a system without /proc.
    """
    room, _, rest = holder.partition("/")
    number, _, _ = rest.partition("/")
    if not room or room != _room() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _room() -> str:
    """What tells processes of this machine and container from others of the same number."""
    try:
        return f"{_BOOT.read_text('ascii').strip()}.{_NUMBERS.stat().st_ino}"
    except (OSError, ValueError):
        return ""
