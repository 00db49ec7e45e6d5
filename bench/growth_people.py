"""Those who talk to a town that grew: known to it already, each reports one problem.

They report beside something that is open, so that a town of any size asks them the same questions.
"""

from __future__ import annotations

import asyncio

from bench.conversing import Talking
from simulator.server import Simulator

FIRST = 2_000_001
FOR_TALKING = 4000
"""So many are known for it: each talks once, since nobody may report too often."""

Place = tuple[str, float, float]


async def tell_all(
    sim: Simulator, bot: int, first: int, places: list[tuple[str, float, float]], at_once: int
) -> int:
    """Each of these is told by somebody of their own, so many at a time; the steps it took.

    The first of a place is the category's name.
    """
    numbers = iter(range(len(places)))
    steps = 0

    async def next_ones() -> None:
        nonlocal steps
        for number in numbers:
            category, latitude, longitude = places[number]
            person = sim.person("Vecina", language_code="es", id=first + number)
            sim.world.private(bot, person.id).started = True
            talking = Talking(person)
            words = f"Otra vez lo mismo en la esquina de siempre, número {number}."
            await talking.tells(category, words, (latitude, longitude))
            steps += talking.steps

    await asyncio.gather(*(next_ones() for _ in range(at_once)))
    return steps
