"""Vote on priorities: as many options as the vote allows, looked at once more before it counts."""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import choose_many


def _question(context: Context) -> Phrase:
    return say(N_("<b>{question}</b>"), question=context.params["question"])


@flow(
    "vote",
    title=N_("Vote"),
    intro=N_("Your ballot is secret, and you may change it until the vote closes."),
    review=N_("Is this your ballot?"),
    send=N_("🗳 Cast my ballot"),
    done=N_("Your ballot is in. You may change it until the vote closes."),
)
class Vote:
    """A ballot. Lists: options. Params: question (phrase), at_most (int)."""

    choices: tuple[str, ...] = choose_many(
        _question, short=N_("Your choice"), options="options", at_least=1, at_most="at_most"
    )
