"""What a button carries: whose conversation, which question, which choice. Every choice says
the state it wants, not a change of it, so the same tap twice does what one tap does.

  {serial}.{question}.{choice}     an answer, or a page, of that question
  {serial}.!{step}.{move}          back, skip, send...: good for one step only
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

LONGEST_SERIAL = 8
LONGEST_NAME = 12
LONGEST_CHOICE = 17

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,16}", re.ASCII)
_SERIAL = re.compile(r"[A-Za-z0-9_-]{1,8}", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A token taken apart. One of `question` and `step` is set."""

    serial: str
    question: str | None
    step: str | None
    choice: str


def base36(number: int) -> str:
    """A number that is not negative, in digits and small letters."""
    written = ""
    while True:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
        if not number:
            return written


def code(value: str) -> str:
    """A value as it travels in a token: itself if it is short and plain, else a checksum."""
    return value if _PLAIN.fullmatch(value) else "~" + base36(zlib.crc32(value.encode()))


def check_serial(serial: str) -> str:
    """The serial, if it can travel in a token; ValueError otherwise."""
    if not _SERIAL.fullmatch(serial):
        raise ValueError(f"a serial is 1 to {LONGEST_SERIAL} plain ASCII characters")
    return serial


def read(token: str) -> Pressed | None:
    """The token taken apart; None if no engine ever wrote it."""
    serial, _, rest = token.partition(".")
    middle, _, choice = rest.partition(".")
    if not (serial and middle and choice):
        return None
    if middle[0] == "!":
        return Pressed(serial, None, middle[1:], choice)
    return Pressed(serial, middle, None, choice)
