"""What a worker process speaks: it reads what to make from one pipe, writes it to the other, and
ends with them.

A request is a length (4 bytes, big endian) and JSON {kind, data, language}; an answer is "+" and
what was made or "-" and a cause, each with its length before it.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, TypeAlias

Makers: TypeAlias = Mapping[str, Callable[[dict[str, Any], str], bytes]]
"""By kind: a function of plain JSON data and a language."""

LENGTH = struct.Struct(">I")


def serve(makers: Makers, requests: BinaryIO, answers: BinaryIO) -> None:
    """Make what is asked for until the requests end."""
    while len(head := requests.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        sign, answer = _answer(makers, requests.read(length))
        answers.write(sign + LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(makers: Makers, request: bytes) -> tuple[bytes, bytes]:
    try:
        asked = json.loads(request)
        make = makers.get(asked["kind"])
        if make is None:
            return b"-", b"unknown kind"
        return b"+", make(asked["data"], asked["language"])
    except Exception as error:  # the type alone: a message may quote what people wrote
        return b"-", type(error).__name__.encode()


def main(makers: Makers) -> None:
    """The worker's whole life, on standard input and output."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not look like an answer
    serve(makers, sys.stdin.buffer, pipe)
