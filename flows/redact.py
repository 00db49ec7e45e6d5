"""Take out what nobody should read or see: one thing at a time, replaced or left out."""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.question import Answers
from flows.questions import ask_text, choose

PICTURE = "p"
"""How the name of a photo or a voice note begins, of which nothing can be written anew."""


def _what(context: Context) -> Phrase:
    return say(
        N_("What shall be taken out of <b>{code}</b>? Administrators can still see it."),
        code=context.params["code"],
    )


def _words(answers: Answers) -> bool:
    return not str(answers.get("what", PICTURE)).startswith(PICTURE)


@flow(
    "redact",
    title=N_("Take out words or photos"),
    review=N_("Shall I take it out?"),
    send=N_("🖍 Take it out"),
    done=N_("Done: it is taken out of <b>{code}</b>."),
)
class Redact:
    """What is taken out, and what others read in its place. Lists: parts. Params: code."""

    what: str = choose(_what, short=N_("What"), options="parts")
    instead: str | None = ask_text(
        N_(
            "How shall others read it? Write it again without what must not be seen, "
            "or skip to take it out whole."
        ),
        short=N_("Instead"),
        longest=1000,
        optional=True,
        when=_words,
    )
