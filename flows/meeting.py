"""Call a meeting of a group: what about, when, and where."""

from __future__ import annotations

from datetime import datetime

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_place, ask_text, ask_when, choose
from flows.values import Place


@flow(
    "meeting",
    title=N_("Call a meeting"),
    review=N_("Shall I tell the members?"),
    send=N_("📣 Call the meeting"),
    done=N_("Done. I am telling the members, and will remind them the day and the hour before."),
)
class Meeting:
    """A meeting to come. Lists: groups (prefill the group where there is only one)."""

    group: str = choose(N_("Which group is it for?"), short=N_("Group"), options="groups")
    what: str = ask_text(
        N_("What is the meeting about?"), short=N_("About"), shortest=3, longest=200
    )
    when: datetime = ask_when(N_("When is it?"), short=N_("When"))
    where: Place = ask_place(N_("Where do you meet?"), short=N_("Where"), anywhere=True)
