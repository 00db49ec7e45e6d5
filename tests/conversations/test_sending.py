"""A call goes to everybody it is for, once; its status message ends with numbers that add up."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlmodel import select

from actions import call_words as words
from storage.call import CallRecipient
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker


async def composes(who: Talker, text: str, photo: bool = False) -> Talker:
    """A call for everybody, seen as it will be received."""
    await who.says("/convocar")
    await who.says(text)
    if photo:
        await who.does("sends_photo")
    else:
        await who.taps("Skip")
    return await who.taps("Everybody")


async def ends(town: Town, who: Talker, said: str) -> str:
    """The status of the call that said this, once it has ended."""
    ended = who.reads(words.STATES["finished"])
    async with asyncio.timeout(20):
        while True:
            await town.house.heart.beat()
            await town.quiet()
            for seen in who.person.inbox:
                if ended in seen.text and said in seen.text:
                    return seen.text
            await asyncio.sleep(0.05)


async def test_a_call_is_received_as_it_was_previewed(town: Town) -> None:
    elena = await town.gestora("Elena")
    people = [await town.neighbour(f"P{n}") for n in range(6)]
    await people[5].does("blocks")
    await people[4].says("/avisos")
    await people[4].taps("✅ Calls to take part")
    town.wrote = "El sábado limpiamos el río.\nTraiga guantes <y> {ganas}."
    await composes(elena, town.wrote, photo=True)
    preview, control = elena.person.inbox[-2:]
    assert preview.kind == "photo"
    await elena.taps(words.SEND)
    status = await ends(town, elena, "El sábado")
    for who in people[:4]:
        seen = who.last
        assert seen.kind == "photo"
        assert (seen.text, seen.buttons) == (preview.text, preview.buttons)
        assert "<y> {ganas}" in seen.text
    assert control.id == elena.find(words.STATES["finished"]).id
    for key, number in ((words.SENT, 5), (words.SKIPPED, 2), (words.TOTAL, 7)):
        assert elena.reads(key, number=number) in status
    # The same tap once more, from last week's message, sends nothing.
    await elena.taps(data=f"a:send:{await the_call(town)}")
    await town.house.heart.beat()
    await town.quiet()
    assert len([seen for seen in people[0].person.inbox if "guantes" in seen.text]) == 1


async def the_call(town: Town) -> int:
    """The number of the one call there is."""

    def read(turn: Any) -> int:
        return int(turn.session.exec(select(CallRecipient.call_id)).first() or 0)

    return await town.turn(read)


async def test_no_more_notices_works_at_once_and_sticks(town: Town) -> None:
    elena, rosa = await town.gestora("Elena"), await town.neighbour("Rosa")
    await composes(elena, "Primera convocatoria")
    await elena.taps(words.SEND)
    await ends(town, elena, "Primera")
    await rosa.taps(words.NO_MORE)
    await composes(elena, "Segunda convocatoria")
    await elena.taps(words.SEND)
    status = await ends(town, elena, "Segunda")
    assert "Segunda" not in rosa.texts
    assert elena.reads(words.REASON, reason={"key": words.REASONS["muted"]}, number=1) in status
