"""What a file of reports holds: one row a report, one column a fact, each said in one sentence.

Who told a report is no column unless it was asked for by somebody who may know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from actions.act import Act
from civic.lifecycle import (
    BODY,
    CLOSED,
    CONFIRMED,
    DUPLICATE,
    FIXED,
    HIDDEN,
    IN_PROGRESS,
    INVESTIGATING,
    NO_ACTION,
    NOT_NEEDED,
    NOT_RESPONSIBLE,
    PLANNED,
    RECEIVED,
    USERS,
)
from flows.phrase import N_, Phrase, names, say
from storage.town import Category, Territory

STATES = {
    RECEIVED: N_("received"),
    CONFIRMED: N_("confirmed"),
    INVESTIGATING: N_("being looked into"),
    PLANNED: N_("planned"),
    IN_PROGRESS: N_("in progress"),
    FIXED: N_("fixed"),
    CLOSED: N_("closed"),
    HIDDEN: N_("hidden"),
}
"""Without the emoji of a card: a spreadsheet sorts and filters by these words."""
CLOSED_AS = {
    NO_ACTION: N_("no further action"),
    NOT_RESPONSIBLE: N_("somebody else's task"),
    DUPLICATE: N_("the same as another report"),
    NOT_NEEDED: N_("no longer needed"),
}
FIXED_BY = {BODY: N_("the responsible body"), USERS: N_("the neighbours")}

COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("code", "text", N_("Code"), N_("The code people quote.")),
    ("state", "choice", N_("State"), N_("Where the report stands now.")),
    ("category", "choice", N_("Category"), N_("What the report is about.")),
    ("territory", "choice", N_("Barrio"), N_("The barrio its point or its address lies in.")),
    ("words", "text", N_("Words"), N_("What was told; empty where it was a voice note.")),
    ("attributes", "answers", N_("Answers"), N_("The answers to the category's own questions.")),
    ("address", "text", N_("Address"), N_("The place in words, as it was told.")),
    ("latitude", "number", N_("Latitude"), N_("Degrees, WGS 84.")),
    ("longitude", "number", N_("Longitude"), N_("Degrees, WGS 84.")),
    ("outside", "yes_no", N_("Outside"), N_("Whether its point lies outside our territory.")),
    ("private", "yes_no", N_("Private"), N_("Whether only the team and its author may see it.")),
    ("told_at", "moment", N_("Told"), N_("When it was told, on the town's clock.")),
    ("changed_at", "moment", N_("Changed"), N_("When its state changed last.")),
    ("due_at", "moment", N_("To be done by"), N_("The end of the last day its category allows.")),
    ("expected_on", "date", N_("Expected"), N_("The day the team has announced.")),
    ("fixed_at", "moment", N_("Fixed on"), N_("When it was last marked as fixed.")),
    ("fixed_by", "choice", N_("Fixed by"), N_("Who fixed it.")),
    ("confirmed_at", "moment", N_("Confirmed"), N_("When three neighbours had confirmed it.")),
    ("closed_as", "choice", N_("Closed as"), N_("Why it was closed without a repair.")),
    ("original", "text", N_("Same as"), N_("The code of the report that tells the same.")),
    ("responsible", "text", N_("Whose task"), N_("Who is responsible, where it is not us.")),
    ("reopened", "number", N_("Reopened"), N_("How many times it was opened again.")),
    ("supports", "number", N_("Joined"), N_("How many neighbours joined it.")),
    ("assignee", "text", N_("Looked after by"), N_("Who of the team looks after it.")),
)
"""Each column's key, its kind (papers/table.py), its heading and what it holds."""

REPORTER = ("reporter", "text", N_("Told by"), N_("The name of whoever told it."))


def columns(act: Act, *, with_names: bool) -> list[dict[str, Any]]:
    """The columns as a file takes them (see papers/table.py)."""
    town = act.town
    choices: dict[str, Mapping[str, Phrase]] = {
        "state": {state: say(key) for state, key in STATES.items()},
        "category": {c.key: names(c.names) for c in town.categories},
        "territory": {t.key: t.name for t in town.territories},
        "fixed_by": {key: say(words_) for key, words_ in FIXED_BY.items()},
        "closed_as": {key: say(words_) for key, words_ in CLOSED_AS.items()},
        "attributes": _questions([*town.categories, *town.retired_categories]),
    }
    made = []
    for key, kind, label, about in (*COLUMNS, *((REPORTER,) if with_names else ())):
        column: dict[str, Any] = {
            "key": key,
            "kind": kind,
            "label": say(label),
            "about": say(about),
        }
        if key in choices:
            column["choices"] = choices[key]
        made.append(column)
    return made


def row(
    act: Act, report: Mapping[str, Any], people: Mapping[int, str], *, with_names: bool
) -> list[Any]:
    """A report's cells, in the order of the columns; `people` are the names that are known."""
    category = act.town.category(report["category_id"])
    category = category or act.session.get(Category, report["category_id"])
    territory = None
    if report["territory_id"] is not None:
        territory = act.town.territory(report["territory_id"])
        territory = territory or act.session.get(Territory, report["territory_id"])
    facts: dict[str, Any] = {
        **report,
        "category": category.key if category else None,
        "territory": territory.key if territory else None,
        "attributes": _answers(category, report["attributes"]),
        "told_at": report["created_at"],
        "confirmed_at": report["neighbours_at"],
        "assignee": people.get(report["assignee_id"]),
        "reporter": people.get(report["person_id"]),
    }
    keys = [key for key, *_ in (*COLUMNS, *((REPORTER,) if with_names else ()))]
    return [_plain(facts[key]) for key in keys]


def _answers(
    category: Category | None, attributes: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """What was answered, each question by its category's key and its own."""
    begins = f"{category.key}." if category else ""
    given = {key: value for key, value in (attributes or {}).items() if value not in (None, "", [])}
    return {f"{begins}{key}": value for key, value in given.items()} or None


def _questions(categories: Iterable[Category]) -> dict[str, Phrase]:
    """The categories' own questions and the answers to choose from, in the town's words."""
    told: dict[str, Phrase] = {}
    for category in categories:
        for question in category.questions:
            key = f"{category.key}.{question['key']}"
            told[key] = names(dict(question["text"]))
            for choice in question.get("choices") or ():
                told[f"{key}.{choice['key']}"] = names(dict(choice["names"]))
    return told


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
