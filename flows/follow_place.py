"""A circle round a place that somebody cares about: home, the school, the park."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_place, ask_text, choose
from flows.values import Place


@flow(
    "follow_place",
    title=N_("Follow what happens round a place"),
    done=N_("Done. What happens there will reach you in one message, at most every hour."),
)
class FollowPlace:
    """A point, how far round it, and what they call it."""

    place: Place = ask_place(N_("Which place is it?"), short=N_("Where"), words=False)
    radius: str = choose(
        N_("How far round it?"),
        short=N_("How far"),
        options=[
            ("100", N_("100 metres")),
            ("300", N_("300 metres")),
            ("500", N_("500 metres")),
            ("1000", N_("1 kilometre")),
            ("2000", N_("2 kilometres")),
            ("3000", N_("3 kilometres")),
        ],
        columns=2,
    )
    label: str | None = ask_text(
        N_("What do you call that place? For example: home, the school. Or skip."),
        short=N_("Name"),
        shortest=2,
        longest=40,
        optional=True,
    )
