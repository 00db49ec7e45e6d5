"""What was shown and holds no more says so where it stands, with the way to how it is now.

The first screens change in the turn itself, the rest in pieces, so that nobody waits for them; what
somebody opened since shows how it is now, and stays.
"""

from __future__ import annotations

from typing import Any

from actions.act import Act
from actions.buttons import GroupTap, Menu
from flows.phrase import N_, say
from storage import card as cards
from storage import due, letter, parcel, support
from storage.parcel import Parcel

OUTDATED = N_("Something has changed here. Open it again to see how it stands now.")
OPEN_AGAIN = N_("Open it again")
TURNING = "turn_over"
"""The due row of a card that stands on many screens."""
AT_ONCE = 20
A_PIECE = 100
"""So many screens change in the turn itself, and so many in each piece after it."""


def message(way: Menu | GroupTap) -> Parcel:
    """What stands there from now on."""
    return _message(way.pack())


def _message(way: str) -> Parcel:
    return parcel.message(say(OUTDATED), [[parcel.button(say(OPEN_AGAIN), way)]])


def turn_over(act: Act, subject: str, way: Menu | GroupTap, joined: int | None = None) -> None:
    """A card says that it has changed, wherever it was last shown; with `joined`, only on the
    screens of those who joined the report of that number."""
    act.turn.flush()
    facts = {
        "card": subject,
        "way": way.pack(),
        "joined": joined,
        "until": letter.last_id(act.session),
    }
    after, _ = turn_more(act, facts, 0, AT_ONCE)
    if after is not None:
        key = f"{TURNING}:{subject}:{joined or 0}:{facts['until']}"
        due.plan(act.session, key, TURNING, 0, act.now, after=after, **facts)


def turn_more(act: Act, facts: dict[str, Any], after: int, most: int) -> tuple[int | None, int]:
    """The next screens, after this number of a card: where to go on, None at the end, and how many
    have changed."""
    there = (facts["card"], after, facts["until"], most)
    if facts["joined"] is None:
        found = cards.shown(act.session, *there)
    else:
        found = support.cards_of_joined(act.session, facts["joined"], *there)
    for _, chat_id in found:
        act.turn.card(chat_id, facts["card"], _message(facts["way"]))
    return (found[-1][0] if len(found) == most else None), len(found)
