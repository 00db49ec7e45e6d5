"""Write a call for participation: the words, a photo, and whom it is for. It is not sent here:
whoever composed it first sees it exactly as it will be received."""

from __future__ import annotations

from flows.declare import flow
from flows.phrase import N_
from flows.questions import ask_photos, ask_text, choose
from flows.values import Picture


@flow("call", title=N_("New call"))
class Call:
    """A call to be. Lists: audiences. A photo's caption may have 1,024 characters: the text
    leaves room for the line every call carries."""

    text: str = ask_text(N_("What would you like to tell people?"), short=N_("Text"), longest=900)
    photo: tuple[Picture, ...] = ask_photos(
        N_("Does it go with a photo?"), short=N_("Photo"), at_most=1, optional=True
    )
    audience: str = choose(N_("Whom is it for?"), short=N_("For"), options="audiences")
