"""Nothing in a tap is trusted: forged data of every kind of button gains nobody anything.

Whatever a stranger, a neighbour or the leader of another group makes up, every tap is answered,
nothing breaks, and what is not theirs in the database is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.filters.callback_data import CallbackData
from sqlmodel import select

from actions import buttons
from storage import METADATA
from storage.call import Call
from storage.group import Meeting, WorkingGroup
from storage.person import Role, by_telegram
from storage.turn import Turn
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker
from tests.conversations.test_report import STORY, tells

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBERS = ("1", "2", "-1", str(2**31 - 1), str(2**31), "")
FEW = ("1", "2", str(2**31 - 1), "-1", "")
WORDS = ("closed", "received.closed", "0.1", "")
DOORS = ("menu", "help", "language", "notices", "report", "mine", "more", "r", "tray", "groups",
         "group", "lead", "invite", "role", "roles", "votes", "vote", "newvote", "newgroup", "call",
         "zz", "")  # fmt: skip

FORGED: dict[type[CallbackData], tuple[tuple[str, ...], ...]] = {
    buttons.FlowTap: (("1.1.s", "1.0.on", "2.q.x", "zz", "", "1", "1..", "." * 40),),
    buttons.Menu: (DOORS, ("", "1", "2", "-1", "9999999999", "²", "a-b")),
    buttons.Consent: (("0", "x"), NUMBERS, ("", "mine", "tray", "role-x")),
    buttons.Language: (("es", "en", "pt_BR", "xx", "", "../es"),),
    buttons.Draft: (("go_on", "discard", "zz"), ("1", "2", "zz", "")),
    buttons.ReportTap: (
        ("move", "take", "give", "assign", "privacy", "answer", "ask", "note", "after", "expected",
         "merge", "categorize", "locate", "redact", "ban", "lift", "history", "originals", "photos",
         "place", "card", "more", "hide", "back", "zz"), FEW, WORDS,
    ),
    buttons.BanTap: (("lift", "zz"), NUMBERS),
    buttons.NeighbourTap: (
        ("photos", "place", "add", "leave", "mended", "withdraw", "private", "public", "zz"),
        FEW, ("yes", ""),
    ),
    buttons.OfferTap: (("other", "no", "zz"), FEW),
    buttons.AskedTap: (("add", "zz"), FEW),
    buttons.Page: (
        ("mine", "tray", "place", "groups", "themes", "link", "roles", "votes", "calls", "members",
         "notices", "follows", "places", "kinds", "quiet", "from", "zz"), NUMBERS,
    ),
    buttons.Wish: (
        ("calls", "nocalls", "reminders", "news", "follow_ups", "digest", "place", "quiet", "from",
         "zz"),
        ("0", "1", "now", "daily", "22-6", "7-7", "99999999999", "-5", "²", ""),
    ),
    buttons.MeetingTap: (
        ("yes", "maybe", "no", "show", "place", "who", "move", "cancel", "off", "zz"), NUMBERS,
    ),
    buttons.GroupTap: (
        ("leave", "chat", "lead", "call", "meetings", "write", "members", "link", "zz"), NUMBERS,
    ),
    buttons.VerdictTap: (("yes", "no", "unsure", "photo", "zz"), FEW, ("0", "1")),
    buttons.FollowTap: (("territory", "category", "drop", "place", "zz"), NUMBERS, ("0", "99")),
    buttons.CallTap: (("send", "discard", "stop", "zz"), NUMBERS),
    buttons.RoleTap: (("gestor", "leader", "ask", "end", "zz"), NUMBERS),
    buttons.TrayTap: (
        ("list", "filter", "zz"), ("0", "1"), ("1", "x"), ("", "zz"), ("",), ("", "mine"), ("",),
        ("0", "99"),
    ),
    buttons.StaffTap: (("link", "keep", "ask", "stay", "off", "zz"), FEW),
    buttons.TemplateTap: (("list", "show", "send", "own", "zz"), FEW, ("zz", ""), ("closed", "")),
    # Erasing oneself is one's own right: it is asked for here, and never said yes to.
    buttons.DataTap: (("copy", "sure", "erase", "zz"), ("0",)),
    buttons.ExportTap: (
        ("choice", "begin", "kind", "csv", "zz"), ("all", "zz"), ("30", "zz"), ("1",), ("0",),
        ("0", "1"), ("0", "1"), ("over", "zz"), ("mine", "zz"), ("1",), ("0", str(2**31)),
    ),
}  # fmt: skip
"""Every kind of button, with the words its fields are forged with."""

PASSING = frozenset(
    {"inbox", "inbox_update", "letter", "card", "conversation", "lease", "alembic_version"}
)
"""Tables of what passes through: everybody's own."""


def forgeries() -> Iterator[str]:
    """The data of every forged tap."""
    for kind, fields in FORGED.items():
        for values in product(*fields):
            data = ":".join((kind.__prefix__, *values))
            if len(data.encode()) <= 64:
                yield data
    yield from ("", ":", "zz:1", "f", "r:move", "r:move:1:fixed:more", "\u0000", "é" * 32, "r" * 64)


OF_THE_HOUSE = {"dormant_scan", "morning"}
"""What the house plans for itself, some moment after its start."""


def dump(turn: Turn, own: int | None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the database that is not this person's own."""
    found = {}
    for table in METADATA.sorted_tables:
        if table.name in PASSING:
            continue
        kept = []
        for row in turn.session.connection().execute(table.select()):
            if table.name == "due" and row._mapping["kind"] in OF_THE_HOUSE:
                continue
            mine = row._mapping.get("person_id") if table.name != "person" else row._mapping["id"]
            if own is None or mine != own:
                kept.append(tuple(map(repr, row)))
        found[table.name] = sorted(kept)
    return found


async def own_number(who: Talker) -> int | None:
    """The person behind a talker, if any is kept."""

    def read(turn: Turn) -> int | None:
        person = by_telegram(turn.session, who.id)
        return person.id if person else None

    return await who.town.turn(read)


async def a_busy_town(town: Town) -> None:
    """A gestora, a leader, a report, a meeting, a call about to be sent, and an invitation."""
    marta, rosa = await town.gestora("Marta"), await town.neighbour("Rosa")
    await town.leader("Lía", 1)
    code = await tells(rosa)
    await rosa.says("/reportar")
    await rosa.taps("Basura")
    await marta.taps("Mark as fixed", marta.find(code))

    def more(turn: Turn) -> None:
        gestora = by_telegram(turn.session, marta.id)
        group = turn.session.exec(select(WorkingGroup)).first()
        assert gestora is not None and group is not None and group.id is not None
        starts = turn.now + timedelta(days=3)
        wall = starts.astimezone(ZoneInfo("America/Bogota")).replace(tzinfo=None)
        turn.session.add(
            Meeting(
                group_id=group.id, title="Jornada", place="El parque", called_by=gestora.id,
                starts_local=wall.isoformat(timespec="minutes"), starts_at=starts,
                created_at=turn.now,
            )
        )  # fmt: skip
        turn.session.add(
            Call(
                words="Vengan el domingo", audience={"kind": "all"}, state="draft",
                made_by=gestora.id, created_at=turn.now,
            )
        )  # fmt: skip

    await town.turn(more)


async def test_every_kind_of_button_is_forged() -> None:
    kinds = {
        found
        for found in vars(buttons).values()
        if isinstance(found, type) and issubclass(found, CallbackData) and found is not CallbackData
    }
    assert kinds == set(FORGED)


@pytest.mark.parametrize("street", ["postgresql"], indirect=True)
async def test_a_neighbour_gains_nothing(street: Town) -> None:
    await gains_nothing(street, "neighbour")


@pytest.mark.parametrize("role", ["stranger", "leader", "busy"])
async def test_nobody_gains_anything(lane: Town, role: str) -> None:
    await gains_nothing(lane, role)


async def gains_nothing(street: Town, role: str) -> None:
    """Forge everything, and compare the database from before and after."""
    await a_busy_town(street)
    if role == "stranger":
        ana = street.talker("Ana")
        await ana.starts()
    elif role == "leader":
        ana = await street.leader("Ana", 2)
    else:
        ana = await street.neighbour("Ana")
        if role == "busy":
            # In the middle of a conversation of her own.
            await ana.says("/reportar")
            await ana.taps("Basura")
            await ana.says(STORY)
    own = await own_number(ana)
    before = await street.turn(lambda turn: dump(turn, own))
    answered = len(ana.person.toasts)
    taps = list(forgeries())
    for start in range(0, len(taps), 300):
        # An old message is gone from a chat that holds too many.
        message = next(seen for seen in reversed(ana.person.inbox) if seen.rows)
        for data in taps[start : start + 300]:
            ana.person.taps(data=data, message=message, forged=True)
        await street.quiet()
    street.wrote += "".join(taps)
    street.judge()
    assert len(ana.person.toasts) - answered == len(taps)
    after = await street.turn(lambda turn: dump(turn, own))
    for name in before:
        assert after[name] == before[name], name
    roles = await street.turn(lambda turn: turn.session.exec(select(Role)).all())
    assert [r.role for r in roles if r.person_id == own] == (["leader"] if role == "leader" else [])
    # And she can still do what she could.
    street.languages[ana.id] = "es" if role == "stranger" else "pt_BR"
    await ana.says("/menu")
    ana.told("What shall we do?")


async def test_a_gestora_who_forges_breaks_nothing(lane: Town) -> None:
    street = lane
    await a_busy_town(street)
    ana = await street.gestora("Ana")
    answered = len(ana.person.toasts)
    taps = list(forgeries())
    for start in range(0, len(taps), 300):
        # An old message is gone from a chat that holds too many.
        message = next(seen for seen in reversed(ana.person.inbox) if seen.rows)
        for data in taps[start : start + 300]:
            ana.person.taps(data=data, message=message, forged=True)
        await street.quiet()
    street.judge()
    assert len(ana.person.toasts) - answered == len(taps)
