"""Set up a vote: the question, its options, how many may be chosen, by whom, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, count, say
from flows.questions import ask_lines, ask_number, ask_text, ask_when, choose


def _enough_options(value: int, answers: Mapping[str, Any], context: Context) -> Phrase | None:
    options = len(answers.get("options") or ())
    if value <= options:
        return None
    return count(
        "There is only {count} option to choose from.",
        "There are only {count} options to choose from.",
        options,
    )


def _open_an_hour(value: str, answers: Mapping[str, Any], context: Context) -> Phrase | None:
    closes = datetime.fromisoformat(value).replace(tzinfo=context.now.tzinfo)
    if closes - context.now >= timedelta(hours=1):
        return None
    return say(N_("A vote is open for at least an hour. Please choose a later moment."))


@flow(
    "compose_vote",
    title=N_("New vote"),
    review=N_("Shall I open the vote?"),
    send=N_("🗳 Open the vote"),
    done=N_("The vote is open until {closes}."),
)
class ComposeVote:
    """A vote to be. Lists: audiences."""

    question: str = ask_text(
        N_("What do people vote on? Write it as a question."),
        short=N_("Question"),
        shortest=5,
        longest=200,
    )
    options: tuple[str, ...] = ask_lines(
        N_("What are the options?"), short=N_("Options"), at_least=2, at_most=30, longest=80
    )
    at_most: int = ask_number(
        N_("How many options may each person choose?"),
        short=N_("Each may choose"),
        least=1,
        most=30,
        check=_enough_options,
    )
    audience: str = choose(N_("Who may vote?"), short=N_("Who may vote"), options="audiences")
    closes: datetime = ask_when(
        N_("When does the vote close?"),
        short=N_("Closes"),
        first=0,
        last=23,
        check=_open_an_hour,
    )
