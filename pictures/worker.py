"""The worker: reads what to draw from one pipe, writes pictures to the other, ends with it.

Run as `python -m pictures.worker` by the studio. A request is a length (4 bytes, big endian)
and JSON; an answer is "+" and a PNG or "-" and a cause, each with its length before it.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from pictures import vote_result

KINDS: dict[str, Callable[[dict[str, Any], str], bytes]] = {"vote_result": vote_result.draw}

_LENGTH = struct.Struct(">I")


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Draw until the requests end."""
    while len(head := requests.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        sign, answer = _answer(requests.read(length))
        answers.write(sign + _LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(request: bytes) -> tuple[bytes, bytes]:
    try:
        asked = json.loads(request)
        draw = KINDS.get(asked["kind"])
        if draw is None:
            return b"-", b"unknown kind"
        return b"+", draw(asked["data"], asked["language"])
    except Exception as error:  # the type alone: a message may quote what people wrote
        return b"-", type(error).__name__.encode()


if __name__ == "__main__":
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not look like a PNG
    serve(sys.stdin.buffer, pipe)
