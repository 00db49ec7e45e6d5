"""Tell more about a report: words or a voice note, and photos, asked for by a gestor or not."""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_photos, ask_text
from flows.values import Picture, Recording


def _asked(context: Context) -> Phrase:
    code, question = context.params["code"], context.params["question"]
    if not question:
        return say(N_("What would you like to add to report <b>{code}</b>?"), code=code)
    return say(N_("About your report <b>{code}</b>: {question}"), code=code, question=question)


@flow(
    "more",
    title=N_("Tell more about a report"),
    done=N_("Thank you! I added it to report <b>{code}</b>."),
)
class More:
    """What a person adds to a report; both may be empty. Params: code, question (phrases, the
    question empty where nobody asked)."""

    words: str | Recording | None = ask_text(
        _asked, short=N_("In words"), longest=1000, voice=True, optional=True
    )
    photos: tuple[Picture, ...] = ask_photos(
        N_("Would you like to add photos?"), short=N_("Photos"), at_most=3, optional=True
    )
