"""Set up a working group: its name, theme, territory and purpose."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_text, choose


@flow(
    "group",
    title=N_("New working group"),
    review=N_("Shall I create it?"),
    send=N_("✅ Create the group"),
    done=N_("The group <b>{group}</b> is ready."),
)
class Group:
    """A group to be. Lists: themes, territories."""

    name: str = ask_text(N_("What is the group called?"), short=N_("Name"), shortest=3, longest=80)
    theme: str = choose(N_("What is its theme?"), short=N_("Theme"), options="themes")
    territory: str | None = choose(
        N_("Which part of town is it for? Skip this if it is for all."),
        short=N_("Territory"),
        options="territories",
        optional=True,
    )
    purpose: str = ask_text(
        N_("What is it for? One or two sentences that invite people."),
        short=N_("Purpose"),
        shortest=10,
        longest=500,
    )
