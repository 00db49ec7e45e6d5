"""Ready answers of the town, filled in for one report: each reader reads them in their language.

They are public, so they never hold anybody's name: whoever is greeted is a neighbour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from actions import casework
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, action
from actions.reports import get
from civic.lifecycle import CLOSED
from flows.phrase import N_, Phrase, day, names, say
from storage import report_event
from storage.report import Report
from storage.report_event import ANSWER

Spell: TypeAlias = Callable[[Phrase, str], str]
"""(phrase, language) -> the sentence, in plain text."""

GONE = N_("That ready answer is no longer there, or no longer fits. Please write your own.")
SENT_ALREADY = N_("That answer was sent already.")
NEIGHBOUR, NO_DAY = N_("neighbour"), N_("a day still to be set")
SHOWN = 6
"""At most so many are offered at once: more than these nobody reads on a telephone."""


def token(template: Mapping[str, Any]) -> str:
    """A template's key in few bytes, for a button."""
    return hashlib.blake2s(str(template["key"]).encode(), digest_size=4).hexdigest()


def matching(
    act: Act, report: Report, state: str, responsible: str | None = None
) -> Sequence[Mapping[str, Any]]:
    """The town's ready answers for this report in a state, in the order of the town's file.

    Those for this very category come first: they say more. A closing that is up to nobody else
    (responsible: whose it is) takes none that says whose it is.
    """
    nobodys = state == CLOSED and not (responsible or report.responsible)
    category = words.category(act, report)
    key = category.key if category else ""
    found = [
        template
        for template in act.town.templates
        if state in (template.get("states") or [state])
        and key in (template.get("categories") or [key])
        and not (nobodys and _names_a_body(template))
    ]
    return sorted(found, key=lambda template: not template.get("categories"))[:SHOWN]


def _names_a_body(template: Mapping[str, Any]) -> bool:
    return any("{responsible}" in text for text in template["text"].values())


def filled(
    act: Act,
    report: Report,
    template: Mapping[str, Any],
    spell: Spell,
    responsible: str | None = None,
) -> dict[str, str]:
    """The text in each language the town gave it, its placeholders filled in.

    responsible: whose it is, where that was chosen just now.
    """
    category, place = words.category(act, report), act.town.territory(report.territory_id)
    body: Phrase = responsible or report.responsible or act.town.name
    if responsible is None and report.responsible is None and category and category.responsible:
        body = names(category.responsible)
    values: dict[str, Phrase] = {
        "code": report.code,
        "category": names(category.names) if category else report.code,
        # Its barrio, not the words it was given in: those are somebody's own.
        "place": place.name if place else act.town.name,
        "responsible": body,
        "expected": day(report.expected_on) if report.expected_on else say(NO_DAY),
        "name": say(NEIGHBOUR),
    }
    texts: dict[str, str] = template["text"]
    return {
        language: text.format_map({name: spell(value, language) for name, value in values.items()})
        for language, text in texts.items()
    }


def in_town(act: Act, texts: Mapping[str, str]) -> str:
    """The text as it is kept: in the town's own language, where it was given in it."""
    return texts.get(act.town.language) or next(iter(texts.values()))


def find(
    act: Act, report: Report, state: str, name: str, responsible: str | None = None
) -> Mapping[str, Any]:
    """The ready answer of a button. Raises Refused for one that is there no more."""
    for template in matching(act, report, state, responsible):
        if token(template) == name:
            return template
    raise Refused(say(GONE))


@action(GESTOR)
def send(act: Act, report_id: int, name: str, spell: Spell) -> Report:
    """Answer with a ready text, as it fits the report now."""
    report = get(act, report_id)
    texts = filled(act, report, find(act, report, report.state, name), spell)
    last = report_event.last_events(act.session, report_id, (ANSWER,), 1)
    if last and last[0].words == in_town(act, texts):
        # A second tap on the same button.
        raise Refused(say(SENT_ALREADY))
    return casework.answer(act, report_id, in_town(act, texts), names(texts))
