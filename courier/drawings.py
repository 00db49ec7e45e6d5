"""A picture is drawn once and uploaded once: who gets the same one later gets Telegram's copy."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import orjson

from pictures.studio import Studio

MOST = 128


@dataclass(slots=True)
class _Drawing:
    # Whoever comes while the first one is drawn and sent waits for Telegram's copy.
    first: asyncio.Lock = field(default_factory=asyncio.Lock)
    file_id: str | None = None
    png: bytes | None = None


class Drawings:
    """The last `MOST` pictures of the studio, by what is on them."""

    def __init__(self, studio: Studio | None) -> None:
        self._studio = studio
        self._known: OrderedDict[bytes, _Drawing] = OrderedDict()

    def of(self, picture: dict[str, Any], language: str) -> _Drawing:
        """The entry of one picture in one language."""
        content = orjson.dumps([picture, language], option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(content).digest()
        drawing = self._known.pop(digest, None) or _Drawing()
        self._known[digest] = drawing
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return drawing

    async def draw(self, drawing: _Drawing, picture: dict[str, Any], language: str) -> bytes:
        """The PNG, drawn now unless an earlier try left it. Raises what the studio raises."""
        if drawing.png is None:
            if self._studio is None:
                raise RuntimeError("no studio: nothing can be drawn")
            drawing.png = await self._studio.draw(picture["kind"], picture["data"], language)
        return drawing.png

    @staticmethod
    def uploaded(drawing: _Drawing, file_id: str) -> None:
        """Telegram has it; our copy is not needed any more."""
        drawing.file_id, drawing.png = file_id, None
