"""The people of a replay: each citizen files one row of the file by chat, step after step, and
gestoras move each to the state in which its row ends.

Runs in the simulator's process; the bot hears of all of it over HTTP only.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

from bench.conversing import Talking, spoken
from bench.replay_rows import Row
from civic.lifecycle import CLOSED, FIXED, IN_PROGRESS, RECEIVED
from handlers.consent import AGREE, CONSENT_QUESTION
from simulator.server import Simulator

FIRST = 1_000_001
GESTORAS = range(901, 909)
_WHAT = ("Hay un problema", "Desde hace días hay un daño", "Nadie ha venido a mirar", "Se ve mal")
_WHERE = ("en la esquina", "frente a la tienda", "al lado del parque", "cerca de la parada")
_END = ("y ya molesta.", "y es peligroso.", "desde el lunes.", "otra vez, por favor ayuden.")
REASON = "Gracias por avisar. Se cierra."
BODY = "La entidad del distrito, 311"


def words_of(seed: int, number: int) -> str:
    """What the citizen of that row says: the same for the same seed."""
    chance = random.Random(seed * 1_000_003 + number)
    said = " ".join(chance.choice(part) for part in (_WHAT, _WHERE, _END))
    return f"{said} ({number})"


@dataclass(slots=True)
class Filing:
    """The whole filing: `steps` are what people did and were answered, `moves` what gestoras
    changed."""

    sim: Simulator
    rows: list[Row]
    seed: int
    steps: int = 0
    moves: int = 0
    _told: asyncio.Queue[tuple[int, str] | None] = field(default_factory=asyncio.Queue)

    async def all(self, at_once: int) -> float:
        """File every row, so many people at a time, and move each; the seconds it took."""
        numbers = iter(range(len(self.rows)))
        began = time.monotonic()

        async def next_ones() -> None:
            for number in numbers:
                await self._file(number)

        team = [asyncio.create_task(self._look_after(number)) for number in GESTORAS]
        await asyncio.gather(*(next_ones() for _ in range(at_once)))
        for _ in team:
            self._told.put_nowait(None)
        await asyncio.gather(*team)
        return time.monotonic() - began

    async def _file(self, number: int) -> None:
        row = self.rows[number]
        person = self.sim.person("Vecina", language_code="es", id=FIRST + number)
        talking = Talking(person)
        person.starts()
        await talking.hears(lambda seen: "Los Angeles" in seen.text)
        person.says("/misreportes")
        await talking.hears(CONSENT_QUESTION)
        person.taps(spoken(AGREE))
        await talking.hears(lambda seen: len(seen.buttons) > 0 and seen.find(spoken(AGREE)) is None)
        known = row.latitude is not None and row.longitude is not None
        place = (row.latitude, row.longitude) if known else row.address
        code = await talking.tells(row.category, words_of(self.seed, number), place)  # type: ignore[arg-type]
        self.steps += talking.steps
        self._told.put_nowait((number, code))

    async def _look_after(self, gestora: int) -> None:
        """One gestora takes what was told, one after the other, to where its row ends."""
        talking = Talking(self.sim.someone(gestora))
        while (told := await self._told.get()) is not None:
            number, code = told
            state, closed_as = self.rows[number].end
            if state == CLOSED:
                await talking.closes(code, closed_as or "", REASON, BODY)
                self.moves += 1
            elif state != RECEIVED:
                for after in (IN_PROGRESS, FIXED)[: 2 if state == FIXED else 1]:
                    await talking.moves(code, after)
                    self.moves += 1
        self.steps += talking.steps


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
