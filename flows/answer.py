"""What a gestor writes about a report: a public answer, why it is closed, or what is missing.
The person who reported reads it word for word."""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import ask_text

REVIEW = N_("Shall I send it to the person who reported?")
DONE = N_("Done. The person who reported will read it.")


def _answer(context: Context) -> Phrase:
    return say(N_("What is the answer to <b>{code}</b>?"), code=context.params["code"])


def _closing(context: Context) -> Phrase:
    return say(N_("Why is <b>{code}</b> closed?"), code=context.params["code"])


def _asking(context: Context) -> Phrase:
    return say(N_("What do you need to know about <b>{code}</b>?"), code=context.params["code"])


@flow("answer", title=N_("Answer a report"), review=REVIEW, done=DONE)
class Answer:
    """A public answer. Params: code."""

    text: str = ask_text(_answer, short=N_("Answer"), shortest=3, longest=1000)


@flow("closing", title=N_("Close a report"), review=REVIEW, done=DONE)
class Closing:
    """The reason a report is closed without being fixed. Params: code."""

    reason: str = ask_text(_closing, short=N_("Reason"), shortest=3, longest=1000)


@flow("asking", title=N_("Ask for more"), review=REVIEW, done=DONE)
class Asking:
    """What the person who reported is asked for. Params: code."""

    question: str = ask_text(_asking, short=N_("Question"), shortest=3, longest=500)
