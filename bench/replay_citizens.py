"""The citizens of a replay: each files one row of the file by chat, step after step, as people do.

Runs in the simulator's process; the bot hears of all of it over HTTP only.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

from bench.chaos_people import SEND, spoken
from bench.replay_rows import Row
from handlers.consent import AGREE, CONSENT_QUESTION
from simulator.person import Person
from simulator.seen import Seen
from simulator.server import Simulator

FIRST = 1_000_001
PATIENCE_S = 120.0
_MORE = "Más ›"
_WHAT = ("Hay un problema", "Desde hace días hay un daño", "Nadie ha venido a mirar", "Se ve mal")
_WHERE = ("en la esquina", "frente a la tienda", "al lado del parque", "cerca de la parada")
_END = ("y ya molesta.", "y es peligroso.", "desde el lunes.", "otra vez, por favor ayuden.")


def words_of(seed: int, number: int) -> str:
    """What the citizen of that row says: the same for the same seed."""
    chance = random.Random(seed * 1_000_003 + number)
    said = " ".join(chance.choice(part) for part in (_WHAT, _WHERE, _END))
    return f"{said} ({number})"


@dataclass(slots=True)
class Filing:
    """The whole filing: `steps` are what people did and were answered."""

    sim: Simulator
    rows: list[Row]
    seed: int
    steps: int = 0

    async def all(self, at_once: int) -> float:
        """File every row, so many people at a time; the seconds it took."""
        numbers = iter(range(len(self.rows)))
        began = time.monotonic()

        async def next_ones() -> None:
            for number in numbers:
                await self._file(number)

        await asyncio.gather(*(next_ones() for _ in range(at_once)))
        return time.monotonic() - began

    async def _file(self, number: int) -> None:
        row = self.rows[number]
        person = self.sim.person("Vecina", language_code="es", id=FIRST + number)
        person.starts()
        await self._hears(person, "Los Angeles")
        person.says("/reportar")
        await self._hears(person, spoken(CONSENT_QUESTION))
        person.taps(spoken(AGREE))
        seen = await self._hears(person, "1 de 4")
        while row.category not in seen.buttons:
            # A long list has pages; the next one comes in place of this.
            person.taps(_MORE, message=seen)
            seen = await self._hears(person, "1 de 4")
        person.taps(row.category, message=seen)
        await self._hears(person, "2 de 4")
        person.says(words_of(self.seed, number))
        await self._hears(person, "3 de 4")
        if row.latitude is None or row.longitude is None:
            person.says(row.address)
        else:
            person.shares_place(row.latitude, row.longitude)
        await self._hears(person, "4 de 4")
        person.taps("Saltar")
        await self._hears(person, spoken("Shall I send it?"))
        person.taps(SEND)
        await self._hears(person, "R-")

    async def _hears(self, person: Person, *wanted: str) -> Seen:
        self.steps += 1
        return await person.hears(
            lambda seen: any(part in seen.text for part in wanted), timeout=PATIENCE_S
        )


def answer_times(entries: list[dict[str, Any]]) -> list[float]:
    """Milliseconds from each update's handing out to the first message or edit its chat got."""
    chat_of: dict[int, str] = {}
    since: dict[str, float] = {}
    times = []
    for entry in entries:
        kind = entry["kind"]
        if kind == "created":
            chat_of[entry["update_id"]] = str(entry["chat"])
        elif kind == "handed":
            since.setdefault(chat_of[entry["update_id"]], entry["t"])
        elif kind == "call" and entry["method"] in ("sendMessage", "editMessageText"):
            began = since.pop(str(entry["chat"]), None)
            if began is not None:
                times.append((entry["t"] - began) * 1000)
    return times
