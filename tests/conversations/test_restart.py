"""The bot stops in the middle of a conversation, and another takes it up."""

from __future__ import annotations

from bot.house import House
from courier.limits import Limits
from tests.conversations.conftest import Town
from tests.conversations.test_report import SEND, STORY, code_in


async def test_a_half_finished_report_is_still_there(town: Town) -> None:
    rosa = await town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await town.house.stop()
    # What she writes meanwhile waits for whoever comes next.
    rosa.person.says(STORY)
    rosa.person.says("Calle 5 con 8, Centro, frente a la tienda")
    await restart(town)
    await rosa.taps("Skip")
    assert STORY in rosa.last.text and "Calle 5 con 8, Centro" in rosa.last.text
    await rosa.taps(SEND)
    assert code_in(rosa.last.text) == "R-1001"


async def test_reminders_fall_due_while_it_is_down(town: Town) -> None:
    rosa = await town.neighbour("Rosa")
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await town.house.stop()
    now = town.clock.now()
    await town.clock.move(now.replace(hour=now.hour + 2))
    await restart(town)
    await town.jump(minutes=1)
    assert rosa.texts.count("¿") and rosa.reads("Go on") in rosa.last.buttons
    await rosa.taps("Go on")
    await rosa.says(STORY)
    assert rosa.person.keys()


async def restart(town: Town) -> None:
    """Another process takes the place of one that has stopped."""
    house = House(town.house.settings, clock=town.clock, limits=Limits.off())
    await house.start()
    town.house = house
    await town.quiet()
