"""Report a problem: what it is, in your own words, where, with photos if there are any.

Before anything is sent, what is near and may be the same is shown: joining it ends the report.
"""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_photos, ask_place, ask_text, choose
from flows.values import Picture, Place, Recording

ANOTHER = "new"
"""What "no, it is another problem" begins with, followed by what it was chosen over."""


def is_another(value: str) -> bool:
    """Whether none of what is near was the same."""
    return value.startswith(ANOTHER)


def is_the_same(value: str) -> bool:
    """Whether one of what is near was the same: there is nothing left to ask."""
    return not is_another(value)


@flow(
    "report",
    title=N_("Report a problem"),
    review=N_("Shall I send it?"),
    send=N_("✅ Send the report"),
    done=N_("Thank you! Your report is <b>{code}</b>."),
)
class Report:
    """A problem somebody tells us. Lists: categories; barrios and nearby, made from the answers so
    far: where an address does not say in which barrio it is, that is asked."""

    category: str = choose(N_("What is it about?"), short=N_("About"), options="categories")
    details: str | Recording = ask_text(
        N_("Tell us in your own words what is happening."),
        short=N_("What happens"),
        shortest=10,
        longest=1000,
        voice=True,
    )
    place: Place = ask_place(N_("Where is it?"), short=N_("Where"), outside=True)
    barrio: str | None = choose(
        N_("In which barrio is it?"),
        short=N_("Barrio"),
        options="barrios",
        skip_empty=True,
        optional=True,
    )
    same: str | None = choose(
        N_("Your neighbours have already told us of something like this. Is it the same?"),
        hint=N_("Tap the one that is the same, or say that it is another problem."),
        short=N_("Told already"),
        options="nearby",
        skip_empty=True,
        ends=is_the_same,
    )
    photos: tuple[Picture, ...] = ask_photos(
        N_("Do you have photos of it?"), short=N_("Photos"), at_most=3, optional=True
    )
