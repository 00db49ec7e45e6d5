"""What the team takes from the neighbours' eyes is gone from what they have open, too."""

from __future__ import annotations

from collections.abc import Callable

from actions import casework, outdated, report_views
from actions.act import Act, actor_of
from handlers import my_reports
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_joining import joined
from tests.conversations.test_my_reports import STORY, looks, told
from tests.conversations.test_report import stored


async def acts(town: Town, who: Talker, work: Callable[[Act], object]) -> None:
    """Something that somebody does, in a turn of its own."""

    def turn(turn: Turn) -> None:
        work(Act(turn, actor_of(turn.session, who.id, "Marta", "es"), town.house.world))

    await town.turn(turn)
    await town.quiet()


async def test_whoever_joined_may_leave_what_was_made_private(small_town: Town) -> None:
    marta, rosa = await small_town.gestora("Marta"), await small_town.neighbour("Rosa")
    ana, eva = await small_town.neighbour("Ana"), await small_town.neighbour("Eva")
    code = await told(small_town, rosa)
    number = (await stored(small_town, code)).id or 0
    await looks(ana, code)
    await ana.taps(report_views.JOIN)
    await acts(small_town, marta, lambda act: casework.set_private(act, number, True))
    await ana.taps(data=f"n:leave:{number}:")
    ana.told(report_views.SURE["leave"], code=code)
    await ana.taps(report_views.YES["leave"])
    ana.shown(my_reports.NOW_LEFT)
    assert ana.reads(outdated.OUTDATED) in ana.last.text and STORY not in ana.last.text
    assert await joined(small_town, code) == 0
    for who in (ana, eva):
        await who.taps(data=f"n:leave:{number}:yes")
        who.shown("There is no such report.")
