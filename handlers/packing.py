"""An engine's messages as parcels: the flows know no Telegram, and a letter no flow."""

from __future__ import annotations

from actions.buttons import FlowTap
from flows.turn import Message, Pictures
from storage import parcel

# Written by hand for speed: what FlowTap(token=...).pack() writes.
_TAP = FlowTap.__prefix__


def pack_pictures(pictures: Pictures) -> parcel.Parcel:
    """An engine's photos as a parcel: one by itself, more as an album."""
    if len(pictures.photos) == 1:
        return parcel.message(pictures.caption, photo=pictures.photos[0])
    return parcel.album(pictures.photos, pictures.caption)


def pack(message: Message) -> parcel.Parcel:
    """An engine's message as a parcel."""
    packed: parcel.Parcel = {"kind": "message", "text": message.text}
    if message.buttons:
        packed["buttons"] = [
            [
                {"label": b.label, "url": b.url}
                if b.url
                else {"label": b.label, "data": f"{_TAP}:{b.token}"}
                for b in row
            ]
            for row in message.buttons
        ]
    if message.keys:
        packed["keys"] = [[{"label": k.label, "asks": k.asks} for k in row] for row in message.keys]
    if message.clears_keys:
        packed["clear_keys"] = True
    return packed
