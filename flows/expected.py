"""The day the team expects a report to be done, and why: those who wait read both."""

from __future__ import annotations

from datetime import date

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_date, ask_text


def _day(context: Context) -> Phrase:
    return say(N_("On which day will <b>{code}</b> be done?"), code=context.params["code"])


@flow(
    "expected",
    title=N_("Expected date"),
    review=N_("Shall I tell those who wait for it?"),
    send=N_("📆 Tell them"),
    done=N_("Done. Those who wait for it will hear."),
)
class Expected:
    """A day and its reason. Params: code."""

    day: date = ask_date(_day, short=N_("Day"), earliest=0, latest=730)
    reason: str = ask_text(
        N_("Why that day? Say it in a sentence or two: those who wait will read it."),
        short=N_("Reason"),
        shortest=3,
        longest=500,
    )
