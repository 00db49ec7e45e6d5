"""Where a meeting is, is for who is in the group: a made-up tap learns nothing."""

from __future__ import annotations

from datetime import timedelta

from actions import groups, meetings
from actions.act import Act, actor_of
from actions.buttons import MeetingTap
from storage.group import WorkingGroup
from storage.turn import Turn
from tests.conftest import NOON
from tests.conversations.conftest import Town

LATITUDE, LONGITUDE = 4.6, -74.1


async def test_a_meetings_place_is_for_its_group(small_town: Town) -> None:
    group = await small_town.turn(lambda turn: turn.session.get(WorkingGroup, 1))
    assert group is not None
    luz = await small_town.leader("Luz", 1)
    ana, eva = await small_town.neighbour("Ana"), await small_town.neighbour("Eva")

    def as_(who: int, turn: Turn) -> Act:
        return Act(turn, actor_of(turn.session, who, "x", "es"), small_town.house.world)

    def call(turn: Turn) -> int | None:
        groups.join(as_(ana.id, turn), 1)
        return meetings.call(
            as_(luz.id, turn),
            1,
            title="Limpieza",
            starts_local=(NOON + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
            place="Salón",
            latitude=LATITUDE,
            longitude=LONGITUDE,
        ).id

    meeting = await small_town.turn(call)
    tap = MeetingTap(do="place", meeting=meeting or 0).pack()
    await eva.starts()
    await eva.taps(data=tap)
    eva.shown(meetings.NOT_IN_GROUP)
    assert not any("venue" in seen.data for seen in eva.heard())
    await ana.starts()
    await ana.taps(data=tap)
    assert any("venue" in seen.data for seen in ana.heard())
