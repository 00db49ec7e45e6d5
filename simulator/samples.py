"""Pictures and sounds made here, so that no test and no demo needs a file: PNG and WAV.

Everything is drawn from its arguments: the same sample is the same bytes.
"""

from __future__ import annotations

import math
import struct
import zlib
from functools import cache

Colour = tuple[int, int, int]

_NIGHT: Colour = (32, 41, 66)
_STREET: Colour = (74, 78, 88)
_LAMP: Colour = (246, 214, 120)
_POLE: Colour = (140, 147, 158)
_GRASS: Colour = (104, 146, 92)
_SKY: Colour = (170, 205, 226)
_EARTH: Colour = (98, 74, 56)
_WATER: Colour = (84, 140, 178)
_BAG: Colour = (58, 58, 62)
_WALL: Colour = (196, 160, 128)

SAMPLES = ("streetlight", "pothole", "rubbish", "leak", "tree", "wall")
"""Names of the pictures `picture` can draw."""


class Canvas:
    """A small RGB picture, drawn with rectangles and discs."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.width = width
        self.height = height
        self._rows = [bytearray(bytes(ground) * width) for _ in range(height)]

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle; coordinates are shares of the size, 0 to 1."""
        x0, x1 = max(0, int(left * self.width)), min(self.width, int(right * self.width))
        fill = bytes(colour) * max(0, x1 - x0)
        for y in range(max(0, int(top * self.height)), min(self.height, int(bottom * self.height))):
            self._rows[y][3 * x0 : 3 * x1] = fill

    def disc(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1.0) -> None:
        """A filled ellipse; `radius` is a share of the width, `flat` squeezes its height."""
        reach = radius * self.width
        middle = y * self.height
        tall = reach * flat
        for row in range(max(0, int(middle - tall)), min(self.height, int(middle + tall) + 1)):
            share = (row - middle) / tall
            half = reach * math.sqrt(max(0.0, 1 - share * share))
            x0 = max(0, int(x * self.width - half))
            x1 = min(self.width, int(x * self.width + half))
            if x1 > x0:
                self._rows[row][3 * x0 : 3 * x1] = bytes(colour) * (x1 - x0)

    def png(self) -> bytes:
        """The picture as a PNG file."""
        return png(self.width, self.height, b"".join(b"\0" + bytes(row) for row in self._rows))


def png(width: int, height: int, lines: bytes) -> bytes:
    """A PNG of RGB scan lines, each preceded by its filter byte (0)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(lines, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@cache
def picture(name: str = "streetlight", number: int = 0, width: int = 640) -> bytes:
    """A sample photograph as PNG; unknown names give a plain wall. `number` varies it."""
    height = width * 3 // 4
    lean = (number % 5 - 2) * 0.06
    night = name == "streetlight"
    canvas = Canvas(width, height, _NIGHT if night else _SKY)
    if name == "streetlight":
        canvas.box(0, 0.78, 1, 1, _STREET)
        canvas.box(0.47 + lean, 0.2, 0.5 + lean, 0.8, _POLE)
        canvas.box(0.47 + lean, 0.18, 0.66 + lean, 0.21, _POLE)
        canvas.disc(0.66 + lean, 0.23, 0.045, (88, 92, 100), 0.6)
        canvas.box(0.06, 0.45, 0.26, 0.78, (46, 54, 78))
        canvas.box(0.1, 0.52, 0.15, 0.6, _LAMP)
        canvas.box(0.76, 0.36, 0.97, 0.78, (52, 58, 82))
    elif name == "pothole":
        canvas.box(0, 0.3, 1, 1, _STREET)
        for mark in range(4):
            canvas.box(0.05 + mark * 0.27, 0.62, 0.18 + mark * 0.27, 0.65, (214, 210, 196))
        canvas.disc(0.5 + lean, 0.74, 0.17, _EARTH, 0.5)
        canvas.disc(0.5 + lean, 0.75, 0.12, (62, 48, 40), 0.45)
    elif name == "rubbish":
        canvas.box(0, 0.68, 1, 1, _STREET)
        canvas.box(0, 0.2, 1, 0.68, _WALL)
        for x, y, size in ((0.3, 0.7, 0.1), (0.45, 0.66, 0.12), (0.6, 0.72, 0.09), (0.5, 0.8, 0.1)):
            canvas.disc(x + lean, y, size, _BAG, 0.9)
            canvas.disc(x + lean - 0.02, y - 0.04, size / 3, (92, 92, 98))
    elif name == "leak":
        canvas.box(0, 0.4, 1, 1, (150, 146, 138))
        canvas.disc(0.5 + lean, 0.76, 0.3, _WATER, 0.35)
        canvas.box(0.46 + lean, 0.36, 0.54 + lean, 0.6, _POLE)
        canvas.box(0.485 + lean, 0.6, 0.515 + lean, 0.76, _WATER)
    elif name == "tree":
        canvas.box(0, 0.7, 1, 1, _GRASS)
        canvas.box(0.47 + lean, 0.4, 0.54 + lean, 0.76, _EARTH)
        for x, y in ((0.4, 0.36), (0.5, 0.26), (0.6, 0.36), (0.5, 0.4)):
            canvas.disc(x + lean, y, 0.13, (74, 116, 70))
    else:
        canvas.box(0, 0.15, 1, 0.8, _WALL)
        canvas.box(0, 0.8, 1, 1, _STREET)
        for brick in range(12):
            canvas.box(
                brick % 4 * 0.25,
                0.2 + brick // 4 * 0.2,
                brick % 4 * 0.25 + 0.01,
                0.4 + brick // 4 * 0.2,
                (170, 134, 104),
            )
    return canvas.png()


@cache
def tone(seconds: int = 3, rate: int = 8000) -> bytes:
    """A soft two-note hum as an 8-bit mono WAV file, which every browser plays."""
    samples = bytearray()
    for index in range(rate * max(1, min(seconds, 60))):
        moment = index / rate
        pitch = 220 if int(moment * 2) % 2 == 0 else 262
        fade = 0.5 + 0.5 * math.sin(2 * math.pi * moment * 2 - math.pi / 2)
        samples.append(128 + int(40 * fade * math.sin(2 * math.pi * pitch * moment)))
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate, 1, 8
    )
    return head + struct.pack("<4sI", b"data", len(samples)) + bytes(samples)


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG file; None when it is none of them."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:4] == b"GIF8" and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:2] == b"\xff\xd8":
        at = 2
        while at + 9 < len(content) and content[at] == 0xFF:
            kind = content[at + 1]
            if kind in (0xC0, 0xC1, 0xC2, 0xC3):
                height, width = struct.unpack(">HH", content[at + 5 : at + 9])
                return width, height
            at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
