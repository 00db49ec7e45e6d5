"""Report a problem: what it is, in your own words, where, with photos if there are any."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_photos, ask_place, ask_text, choose
from flows.values import Picture, Place, Recording


@flow(
    "report",
    title=N_("Report a problem"),
    review=N_("Shall I send it?"),
    send=N_("✅ Send the report"),
    done=N_("Thank you! Your report is <b>{code}</b>."),
)
class Report:
    """A problem somebody tells us."""

    category: str = choose(N_("What is it about?"), short=N_("About"), options="categories")
    details: str | Recording = ask_text(
        N_("Tell us in your own words what is happening."),
        short=N_("What happens"),
        shortest=10,
        longest=1000,
        voice=True,
    )
    place: Place = ask_place(N_("Where is it?"), short=N_("Where"))
    photos: tuple[Picture, ...] = ask_photos(
        N_("Do you have photos of it?"), short=N_("Photos"), at_most=3, optional=True
    )
