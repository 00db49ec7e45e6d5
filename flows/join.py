"""Join a working group: which one, and yes."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import choose


@flow(
    "join",
    title=N_("Join a working group"),
    review=N_("Shall I add you to this group?"),
    send=N_("🙌 Yes, count me in"),
    done=N_("Welcome to <b>{group}</b>!"),
)
class Join:
    """Somebody joins a group. Lists: groups (hint: purpose and next meeting)."""

    group: str = choose(
        N_("Which group would you like to join?"), short=N_("Group"), options="groups", columns=1
    )
