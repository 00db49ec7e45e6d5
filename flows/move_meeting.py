"""Move a meeting: the new day and hour, and the new place if that changes too."""

from __future__ import annotations

from datetime import datetime

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_place, ask_when
from flows.values import Place


def _when(context: Context) -> Phrase:
    return say(N_("When will “{meeting}” be now?"), meeting=context.params["meeting"])


@flow(
    "move_meeting",
    title=N_("Move a meeting"),
    review=N_("Shall I tell the members?"),
    send=N_("📣 Move the meeting"),
    done=N_("Done. I am telling the members."),
)
class MoveMeeting:
    """A meeting's new moment. Params: meeting (what it is about)."""

    when: datetime = ask_when(_when, short=N_("When"))
    where: Place | None = ask_place(
        N_("Does the place change? Skip this if it stays the same."),
        short=N_("New place"),
        anywhere=True,
        optional=True,
    )
