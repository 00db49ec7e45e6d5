"""Keep somebody from writing for a while: who, how long, and why, which they read."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_text, choose


@flow(
    "ban",
    title=N_("Ban somebody"),
    review=N_("Shall I do it? The person is told, with the reason."),
    send=N_("🚫 Ban"),
    done=N_("Done. The person was told until when and why. You can end it in /vetos."),
)
class Ban:
    """Who may not write, and until when. Lists: people."""

    person: str = choose(N_("Whom?"), short=N_("Whom"), options="people")
    days: str = choose(
        N_("For how long?"),
        short=N_("How long"),
        options=(
            ("1", N_("A day")),
            ("7", N_("A week")),
            ("30", N_("30 days")),
            ("90", N_("90 days")),
            ("365", N_("A year")),
        ),
    )
    reason: str = ask_text(
        N_("Why? The person reads these words."), short=N_("Reason"), shortest=5, longest=500
    )
