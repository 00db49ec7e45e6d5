"""Everything that can be opened by name: from the menu, from a link, or after consent was given.

A door's name travels as "name" or "name-about"; what is not known opens the menu.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from actions.act import Act

Door: TypeAlias = Callable[[Act, int, str], None]
"""Opens in a private chat: (act, chat_id, about)."""

DOORS: dict[str, Door] = {}


def door(name: str) -> Callable[[Door], Door]:
    """Give a door its name: small letters and digits, since it travels in links and buttons."""

    def declare(opens: Door) -> Door:
        if name in DOORS:
            raise ValueError(f"the door {name} is there twice")
        DOORS[name] = opens
        return opens

    return declare


def open_door(act: Act, chat_id: int, payload: str) -> None:
    """Open what a payload names. Raises Refused for who may not."""
    name, _, about = payload.partition("-")
    DOORS.get(name, DOORS["menu"])(act, chat_id, about)


def number_in(about: str) -> int:
    """The number of a row that a payload names; 0, which no row has, for anything else."""
    return int(about) if about.isascii() and about.isdecimal() and len(about) < 10 else 0
