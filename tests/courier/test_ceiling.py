"""The courier against a Telegram that enforces its limits: never one "too many".

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import time

from courier import TELEGRAM, Limits
from simulator.server import Simulator
from storage.parcel import album, message
from storage.turn import Turn
from tests.courier.conftest import CALL, Post, heard


async def test_a_call_stays_within_the_limits_and_replies_pass_it(
    idle_post: Post, sim: Simulator
) -> None:
    sim.rate_limits = True
    people = [sim.person(f"P{n}") for n in range(100)]
    luis = sim.person("Luis")
    for someone in [*people, luis]:
        someone.starts()
    courier = idle_post.another(limits=TELEGRAM)
    await courier.start()

    def owe(turn: Turn) -> None:
        for someone in people:
            turn.owe(someone.id, message("ven"), lane=CALL)

    began = time.monotonic()
    await idle_post.do(owe)
    await asyncio.sleep(0.5)
    for n in range(3):
        await idle_post.owe(luis.id, f"{n}")
    await idle_post.until(lambda: len(heard(luis)) == 3)
    assert sum(len(heard(p)) for p in people) < 90
    await idle_post.settled()
    took = time.monotonic() - began
    assert all(len(heard(p)) == 1 for p in people)
    assert sim.violations == []
    assert took > 100 / 30 - 0.2


async def test_a_person_and_a_group_are_not_flooded(idle_post: Post, sim: Simulator) -> None:
    sim.rate_limits = True
    rosa = sim.person("Rosa")
    rosa.starts()
    group = sim.group("Mesa", [rosa])
    photo = rosa.sends_photo().data["photo"][-1]["file_id"]
    courier = idle_post.another(limits=TELEGRAM)
    await courier.start()
    for n in range(6):
        await idle_post.owe(rosa.id, f"{n}")
    for _ in range(2):
        await idle_post.owe(group.id, album([photo] * 10))
    late = await idle_post.owe(group.id, "21")
    await idle_post.until(lambda: len(heard(rosa)) == 6, 10)
    # The group has heard its twenty for this minute, and nobody waits for the next one.
    await idle_post.settled()
    assert len(heard(rosa.at(group))) == 20
    assert idle_post.state(late) == "owed"
    assert sim.violations == []


async def test_the_courier_ticks(idle_post: Post) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        ticks += 1

    courier = idle_post.another(limits=Limits.off(), tick=tick)
    await courier.start()
    await idle_post.until(lambda: ticks >= 2)
    await courier.stop()
    assert courier.stats["ticks"] == ticks
    assert courier.stats["tick_failures"] == 0
