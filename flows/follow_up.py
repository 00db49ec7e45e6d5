"""What is added to an answer to "was it fixed?": why it is not, and photos of how it is now."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_photos, ask_text
from flows.values import Picture, Recording


@flow(
    "not_fixed",
    title=N_("It is not fixed"),
    done=N_("Thank you! The team will see it with report <b>{code}</b>."),
)
class NotFixed:
    """Why it is not fixed; both may be empty."""

    why: str | Recording | None = ask_text(
        N_("What is still wrong? Write it, send a voice note, or skip."),
        short=N_("What is wrong"),
        longest=1000,
        voice=True,
        optional=True,
    )
    photos: tuple[Picture, ...] = ask_photos(
        N_("Do you have photos of how it is now?"), short=N_("Photos"), at_most=3, optional=True
    )


@flow(
    "evidence",
    title=N_("How it is now"),
    done=N_("Thank you! The photos are with report <b>{code}</b>."),
)
class Evidence:
    """Photos that go with an answer."""

    photos: tuple[Picture, ...] = ask_photos(
        N_("Please send up to 3 photos of how it is now."),
        short=N_("Photos"),
        at_most=3,
        optional=True,
    )
