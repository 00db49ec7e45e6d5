"""The bot stops in the middle of a conversation, and another takes it up."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot.house import House
from courier.limits import Limits
from storage.database import Database
from storage.parcel import message
from storage.turn import Turn
from tests.conftest import in_turn
from tests.conversations.conftest import Town
from tests.conversations.test_report import SEND, STORY, at_the_review, code_in


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


async def test_news_of_more_than_a_week_ago_leave_no_more(town: Town) -> None:
    rosa = await town.neighbour("Rosa")
    await at_the_review(rosa)
    await rosa.taps(SEND)
    await town.house.stop()
    # It was killed before these could leave: the report's first event is what one of them is about.
    left = {"news:1:1": "Algo viejo", "other:1": "Otra cosa"}
    database = Database(town.house.settings.database_url)
    for key, text in left.items():
        owe = partial(Turn.owe, chat_id=rosa.id, parcel=message(text), dedupe=key)
        in_turn(database, town.clock.now(), owe)
    database.close()
    await town.clock.move(town.clock.now() + timedelta(days=8))
    await restart(town)
    assert "Otra cosa" in rosa.texts and "Algo viejo" not in rosa.texts


async def restart(town: Town) -> None:
    """Another process takes the place of one that has stopped."""
    house = House(town.house.settings, clock=town.clock, limits=Limits.off())
    await house.start()
    town.house = house
    await town.quiet()
