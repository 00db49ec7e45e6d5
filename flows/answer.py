"""What the team writes about a report: for whoever told it, or for the team alone.

Whoever told it reads an answer, a question and what comes with a photo word for word.
"""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_photos, ask_text
from flows.ready import write_or_choose
from flows.values import Picture

REVIEW = N_("Shall I send it to the person who reported?")
DONE = N_("Done. The person who reported will read it.")


def _answer(context: Context) -> Phrase:
    return say(N_("What is the answer to <b>{code}</b>?"), code=context.params["code"])


def _asking(context: Context) -> Phrase:
    return say(N_("What do you need to know about <b>{code}</b>?"), code=context.params["code"])


def _note(context: Context) -> Phrase:
    return say(
        N_("What should the team know about <b>{code}</b>? Nobody else reads it."),
        code=context.params["code"],
    )


def _after(context: Context) -> Phrase:
    return say(
        N_(
            "Send up to 3 photos of the work on <b>{code}</b>. Those who wait for it will see them."
        ),
        code=context.params["code"],
    )


@flow("answer", title=N_("Answer a report"), review=REVIEW, done=DONE)
class Answer:
    """A public answer. Lists: ready. Params: code."""

    text: str = write_or_choose(
        _answer, short=N_("The answer"), options="ready", shortest=3, longest=1000
    )


@flow("asking", title=N_("Ask for more"), review=REVIEW, done=DONE)
class Asking:
    """What the person who reported is asked for. Params: code."""

    question: str = ask_text(_asking, short=N_("Question"), shortest=3, longest=500)


@flow("note", title=N_("Note for the team"), done=N_("Done. The note is on the card."))
class Note:
    """What only the team reads. Params: code."""

    text: str = ask_text(_note, short=N_("Note"), shortest=1, longest=1000)


@flow("after", title=N_("Photo of the work"), review=REVIEW, done=DONE)
class After:
    """Photos of the work. Params: code."""

    photos: tuple[Picture, ...] = ask_photos(_after, short=N_("Photos"), at_most=3)
    text: str | None = ask_text(
        N_("Anything to say with it? You can skip this."),
        short=N_("Words"),
        longest=500,
        optional=True,
    )
