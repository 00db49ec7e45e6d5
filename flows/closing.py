"""Why a report ends without being fixed: what people read is asked for, nothing is left unsaid.

Who looks after it instead, or which report tells the same, is asked only where it matters.
"""

from __future__ import annotations

from typing import Any

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, lines, say
from flows.question import Answers
from flows.questions import ask_text, choose
from flows.ready import write_or_choose

NO_ACTION, NOT_RESPONSIBLE = "no_action", "not_responsible"
DUPLICATE, NOT_NEEDED = "duplicate", "not_needed"
OTHER = "other"
"""Of the bodies: one that is not on the list."""

REVIEW = N_("Shall I send it to the person who reported?")
DONE = N_("Done. The person who reported will read it.")
WHICH = N_("Which report tells the same as <b>{code}</b>? Write its code, for example R-1012.")
NEAR = N_("Near it:")


def _how(context: Context) -> Phrase:
    return say(N_("Why is <b>{code}</b> closed?"), code=context.params["code"])


def _which(context: Context) -> Phrase:
    asked = say(WHICH, code=context.params["code"])
    near = context.params.get("near") or []
    return lines([asked, say(NEAR), *near]) if near else asked


def _known(value: Any, answers: Answers, context: Context) -> Phrase | None:
    """What speaks against this code, as whoever hands it in knows."""
    found: Phrase | None = context.params["against"](str(value))
    return found


def _other(answers: Answers) -> bool:
    return answers.get("how") == NOT_RESPONSIBLE and answers.get("body") in (None, OTHER)


@flow("closing", title=N_("Close a report"), review=REVIEW, done=DONE)
class Closing:
    """A closing with its reason. Lists: bodies (with OTHER), ready. Params: code, near, against."""

    how: str = choose(
        _how,
        short=N_("Why"),
        options=(
            (NO_ACTION, N_("Nothing more will be done")),
            (NOT_RESPONSIBLE, N_("It is up to somebody else")),
            (DUPLICATE, N_("Another report tells the same")),
            (NOT_NEEDED, N_("It is no longer needed")),
        ),
    )
    body: str | None = choose(
        N_("Whose is it?"),
        short=N_("Whose it is"),
        options="bodies",
        when=lambda answers: answers.get("how") == NOT_RESPONSIBLE,
    )
    other: str | None = ask_text(
        N_("Who looks after it? Write the name, and a telephone if you know it."),
        short=N_("Who"),
        shortest=2,
        longest=200,
        when=_other,
    )
    original: str | None = ask_text(
        _which,
        short=N_("The other report"),
        shortest=3,
        longest=20,
        check=_known,
        when=lambda answers: answers.get("how") == DUPLICATE,
    )
    reason: str | None = write_or_choose(
        N_("What shall the person who reported read? Say why, in one or two sentences."),
        short=N_("Reason"),
        options="ready",
        shortest=3,
        longest=1000,
        when=lambda answers: answers.get("how") != DUPLICATE,
    )


@flow(
    "merging",
    title=N_("Two reports that tell the same"),
    review=N_("Shall I close this one, and let everybody follow the other?"),
    send=N_("🔗 Join them"),
    done=N_("Done. Everybody who waited for it will hear of <b>{code}</b>."),
)
class Merging:
    """The report that stays. Params: code, near, against."""

    original: str = ask_text(
        _which, short=N_("The other report"), shortest=3, longest=20, check=_known
    )
