"""What a report is about, or in which barrio it is, is put right by the team: one question each."""

from __future__ import annotations

from flows.context import Context
from flows.declare import flow
from flows.phrase import N_, Phrase, say
from flows.questions import choose


def _about(context: Context) -> Phrase:
    return say(N_("What is <b>{code}</b> about?"), code=context.params["code"])


def _where(context: Context) -> Phrase:
    return say(N_("In which barrio is <b>{code}</b>?"), code=context.params["code"])


@flow(
    "categorize",
    title=N_("Another subject"),
    review=N_("Shall I change it? Those who wait for it will hear."),
    send=N_("🏷 Change the subject"),
    done=N_("Done. Those who wait for it will hear."),
)
class Categorizing:
    """Another category. Lists: categories. Params: code."""

    category: str = choose(_about, short=N_("About"), options="categories")


@flow("locate", title=N_("Its barrio"), done=N_("Done. The barrio is on the card."))
class Locating:
    """A barrio. Lists: territories. Params: code."""

    barrio: str = choose(_where, short=N_("Barrio"), options="territories")
