"""What was shown and holds no more says so where it stands, with the way to how it is now."""

from __future__ import annotations

from actions.act import Act
from actions.buttons import GroupTap, Menu
from flows.phrase import N_, say
from storage import card as cards
from storage import parcel
from storage.parcel import Parcel

OUTDATED = N_("Something has changed here. Open it again to see how it stands now.")
OPEN_AGAIN = N_("Open it again")


def message(way: Menu | GroupTap) -> Parcel:
    """What stands there from now on."""
    return parcel.message(say(OUTDATED), [[parcel.button(say(OPEN_AGAIN), way.pack())]])


def turn_over(act: Act, subject: str, way: Menu | GroupTap) -> None:
    """A card says that it has changed, wherever it was last shown."""
    for chat_id in cards.chats_of(act.session, subject):
        act.turn.card(chat_id, subject, message(way))
