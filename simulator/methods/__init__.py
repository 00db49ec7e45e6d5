"""The Bot API's methods, a file for each kind; importing this room registers them all."""

from simulator.methods import (
    account,
    editing,
    groups,
    links,
    moving,
    polls,
    sending,
    taps,
)
from simulator.methods.registry import MODELLED, Call

__all__ = [
    "MODELLED",
    "Call",
    "account",
    "editing",
    "groups",
    "links",
    "moving",
    "polls",
    "sending",
    "taps",
]
