"""What somebody left half-finished is offered to them again, in the words of its flow."""

from __future__ import annotations

from typing import Any

from actions.buttons import Draft
from flows.phrase import N_, say
from handlers.registration import FLOWS
from storage import parcel

HALF_DONE = N_("You left something half-finished: <b>{title}</b>. Shall we go on with it?")
GO_ON, LET_GO = N_("Go on"), N_("Discard it")


def known(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    """A conversation that can be gone on with; None for one of a flow that is there no more."""
    return entry if entry and entry["name"] in FLOWS else None


def reminder(entry: dict[str, Any]) -> parcel.Parcel | None:
    """The offer to go on, for whoever has not come back; None where it cannot be gone on with, and
    for what was only offered."""
    return half_done(entry) if known(entry) and not entry.get("offered") else None


def half_done(entry: dict[str, Any]) -> parcel.Parcel:
    """The offer to go on with a flow that was put aside."""
    serial = entry["talk"]["serial"]
    title = FLOWS[entry["name"]].flow.title
    return parcel.message(
        say(HALF_DONE, title=say(title)),
        [
            [
                parcel.button(say(GO_ON), Draft(do="go_on", serial=serial).pack()),
                parcel.button(say(LET_GO), Draft(do="discard", serial=serial).pack()),
            ]
        ],
    )
