"""A vote closes once every ballot that reached the inbox before is in, and nothing else tells of
a ballot: neither what passed through, nor what is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from sqlmodel import select

from actions import vote_words
from handlers import votes as words
from storage import METADATA
from storage.vote import Ballot, Vote, VoteOption
from tests.conversations.conftest import Town
from tests.conversations.talker import Talker

CAST = "🗳 Cast my ballot"


async def the_vote(town: Town) -> Vote:
    """The demo's open vote, as it stands."""
    return await town.turn(lambda turn: turn.session.exec(select(Vote)).one())


async def options(town: Town) -> list[VoteOption]:
    """Its options, in order."""
    return await town.turn(
        lambda turn: list(turn.session.exec(select(VoteOption).order_by("position")))
    )


async def tables(town: Town) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""

    def read(turn: Any) -> dict[str, list[dict[str, Any]]]:
        connection = turn.session.connection()
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]
            for table in METADATA.sorted_tables
        }

    return await town.turn(read)


async def held(town: Town, updates: int) -> None:
    """Until so many updates are in the inbox and not applied."""
    while town.house.intake.waiting < updates:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def fills_in(who: Talker, vote: Vote, *labels: str) -> Talker:
    """A ballot ready to be cast."""
    await who.starts(f"vote-{vote.id}")
    for label in labels:
        await who.taps(label)
    return await who.taps("Done ({number})", number=len(labels))


async def test_closing_waits_for_the_ballots_received_before(town: Town) -> None:
    vote, choices = await the_vote(town), await options(town)
    rosa, luis = await town.neighbour("Rosa"), await town.neighbour("Luis")
    closes = vote.closes_at
    await town.jump(seconds=(closes - town.clock.now()).total_seconds() - 1)
    for who in (rosa, luis):
        await fills_in(who, vote, choices[0].label)

    # Rosa's ballot reaches the inbox, and the bot is slow to apply it.
    slow = asyncio.Event()
    apply = town.house.intake._apply

    async def late(held: Any) -> bool:
        await slow.wait()
        return await apply(held)

    town.house.intake._apply = late
    rosa.person.taps(rosa.reads(CAST))
    await held(town, 1)
    await town.clock.move(closes + timedelta(milliseconds=1))
    await town.house.heart._scan()
    assert (await the_vote(town)).closed_at is None

    # Luis's comes after the hour, while the vote still waits for hers.
    luis.person.taps(luis.reads(CAST))
    await held(town, 2)
    slow.set()
    await town.quiet()
    await town.jump(seconds=1)
    closed = await the_vote(town)
    assert closed.result is not None and closed.result["ballots"] == 1
    assert rosa.find("Your ballot is in. You may change it until the vote closes.")
    assert luis.find("This vote has closed. Its result is in /votar.")
    photos = [who.last.data["photo"][-1]["file_id"] for who in (rosa, luis)]
    assert photos[0] == photos[1]
    for who in (rosa, luis):
        assert who.last.text.count(choices[0].label) == 2


async def test_what_passed_through_is_emptied(town: Town) -> None:
    """The ballot is in one row that only the secret finds; nothing else holds its words."""
    vote, choices = await the_vote(town), await options(town)
    rosa = await town.neighbour("Rosa")
    await fills_in(rosa, vote, choices[1].label, choices[3].label)
    await rosa.taps(CAST)
    # She changes her mind: her ballot is shown as it stands, then replaced.
    await rosa.says("/votar")
    rosa.told(vote_words.VOTED)
    await rosa.taps(words.CHANGE, question=vote.question)
    shown = rosa.last.buttons
    assert f"✅ {choices[1].label}" in shown and f"✅ {choices[3].label}" in shown
    await rosa.taps(f"✅ {choices[3].label}")
    await rosa.taps("Done ({number})", number=1)
    await rosa.taps(CAST)
    found = await tables(town)
    [kept] = found["ballot"]
    assert kept["choices"] == [choices[1].id]
    assert set(kept) == set(Ballot.model_fields)
    assert all(row["payload"] is None for row in found["inbox"])
    assert all(row["body"] is None for row in found["letter"])
    assert all(not row["active"] and not row["parked"] for row in found["conversation"])
    for name, rows in found.items():
        if name not in ("ballot", "vote_option"):
            assert choices[1].label not in str(rows)
            assert kept["voter"] not in str(rows) and kept["id"] not in str(rows)
    assert {row["action"] for row in found["audit"]} == {"set_up_town", "agree"}


async def test_thirty_taps_at_once_cast_one_ballot(town: Town) -> None:
    vote, choices = await the_vote(town), await options(town)
    rosa = await town.neighbour("Rosa")
    await fills_in(rosa, vote, choices[0].label)
    label = rosa.reads(CAST)
    for _ in range(30):
        rosa.person.taps(label, rosa.last)
    await town.quiet()
    town.judge()
    assert len((await tables(town))["ballot"]) == 1
    done = rosa.reads("Your ballot is in. You may change it until the vote closes.")
    assert len([seen for seen in rosa.person.inbox if done in seen.text]) == 1
