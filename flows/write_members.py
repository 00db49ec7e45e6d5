"""Write to the members of a group."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_text, choose


@flow(
    "write",
    title=N_("Write to the members"),
    review=N_("Shall I send it to all members?"),
    done=N_("Done. Your message is on its way to the members."),
)
class WriteMembers:
    """A message to a group. Lists: groups (prefill the group where there is only one)."""

    group: str = choose(N_("Which group is it for?"), short=N_("Group"), options="groups")
    text: str = ask_text(N_("What would you like to tell them?"), short=N_("Message"), longest=3000)
