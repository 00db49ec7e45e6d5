"""Figures for the team: how many reports, how soon they are fixed, what the neighbours confirm.

Counted a page a turn, so that nobody waits for a large town's numbers; a small town's are there at
once. They are told in words that can be read aloud, and drawn in pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from actions import periods
from actions.act import GESTOR, SYSTEM, Act, action
from actions.buttons import Menu
from actions.world import category_name
from civic.figures import ELSEWHERE, Figures, Tally, ranked, together
from civic.permission import allows
from flows.phrase import N_, Phrase, count, lines, say
from storage import due, figures, parcel
from storage import person as people
from storage.letter import Lane
from storage.parcel import Buttons
from storage.person import Person
from storage.town import Category, Territory

KIND = "figures"
A_PAGE = 2000
"""Reports read in one turn: some tens of milliseconds."""
MOST_BARS = 16
"""The most rows of a picture; whatever has fewer reports shares the last one."""
MOST_TOLD = 8
"""The most rows told in words: Telegram allows a caption 1,024 characters."""

TITLE = N_("📊 <b>Figures of {town}</b>")
NONE = N_("Nobody told of any problem in this time.")
COUNTING = N_("It is a lot: I am counting. The figures come here in a moment.")
OPEN_CLOSED = N_(
    "Fixed: <b>{fixed}</b> ({share}%). Open: {open}. Closed without a repair: {closed}."
)
TIMES = N_("Half of the repairs took up to {half}; nine in ten, up to {most}.")
NO_REPAIRS = N_("Nothing has been fixed yet, so there is no time to tell.")
NEIGHBOURS = N_("Neighbours confirmed {share}% of the repairs ({confirmed} of {fixed}).")
BY_CATEGORY, BY_TERRITORY = N_("<b>By category</b>"), N_("<b>By barrio</b>")
HEAD_CATEGORY, HEAD_TERRITORY = N_("Reports by category"), N_("Reports by barrio")
LINE = N_("• {name}: <b>{told}</b>, fixed {fixed}")
LINE_TIME = N_("• {name}: <b>{told}</b>, fixed {fixed}, half within {half}")
ELSE = N_("Without a barrio")
CHOSEN = N_("✓ {period}")
MENU = N_("⬅️ Menu")
EXPORT = N_("📄 Export")


@action(GESTOR)
def ask(act: Act, chat_id: int, period: str) -> None:
    """Tell a period's figures: at once where a page holds them, else once counted."""
    period = periods.period_of(period)
    since = periods.since(act, period)
    found = Figures()
    last = _count(act, found, since, act.now, 0)
    if last is None:
        _tell(act, chat_id, period, act.now, found, Lane.REPLY)
        return
    due.plan(
        act.session,
        f"{KIND}:{act.my_id}:{period}:{act.now.isoformat()}",
        KIND,
        act.my_id,
        act.now,
        period=period,
        until=act.now.isoformat(),
        since=last[0].isoformat(),
        so_far=found.plain(),
        after=last[1],
    )
    act.turn.owe(chat_id, parcel.message(say(COUNTING), [[_door(MENU, "menu")]]))


@action(SYSTEM)
def go_on(act: Act, row: due.Due) -> bool:
    """Count the next page for whoever asked; whether there is more. Tells the figures at the end.

    Whoever is no gestor any more by then is told nothing.
    """
    person = act.session.get(Person, row.subject)
    if person is None or not is_team(act, person):
        return False
    facts = row.facts
    found, until = Figures.of(facts["so_far"]), datetime.fromisoformat(facts["until"])
    last = _count(act, found, datetime.fromisoformat(facts["since"]), until, facts["after"])
    if last is not None:
        row.facts = facts | {
            "so_far": found.plain(),
            "since": last[0].isoformat(),
            "after": last[1],
        }
        return True
    _tell(act, person.telegram_id, facts["period"], until, found, Lane.REPLY)
    return False


def is_team(act: Act, person: Person, role: str = GESTOR) -> bool:
    """Whether somebody has the role now, as it is asked of those who act themselves."""
    assert person.id is not None
    held = [(r.role, r.group_id) for r in people.roles_of(act.session, person.id)]
    held = [each for each in held if each[0] != people.ADMIN]
    if person.telegram_id in act.world.admins:
        held.append((people.ADMIN, None))
    return allows(role, held)


def _count(
    act: Act, found: Figures, since: datetime, until: datetime, after: int
) -> tuple[datetime, int] | None:
    page = figures.page(act.session, since, until, after, A_PAGE)
    for told in page:
        found.add(
            category=told.category_id,
            territory=told.territory_id,
            state=told.state,
            told_at=told.created_at,
            fixed_at=told.fixed_at,
            confirmed=told.neighbours_at is not None,
        )
    return (page[-1].created_at, page[-1].id) if len(page) == A_PAGE else None


def _tell(act: Act, chat_id: int, period: str, until: datetime, found: Figures, lane: Lane) -> None:
    when = periods.spoken(act, period, until)
    head: list[Phrase] = [say(TITLE, town=act.town.name), when, ""]
    buttons = _buttons(period)
    if not found.whole.told:
        act.turn.owe(chat_id, parcel.message(lines([*head, say(NONE)]), buttons), lane=lane)
        return
    categories = [(_category(act, n), tally) for n, tally in ranked(found.categories)]
    barrios = [(_territory(act, n), tally) for n, tally in ranked(found.territories)]
    text = lines([*head, *summary(found.whole), "", say(BY_CATEGORY), *_rows(categories)])
    picture = _picture(act, HEAD_CATEGORY, when, categories, found.whole)
    act.turn.owe(chat_id, parcel.message(text, picture=picture), lane=lane)
    text = lines([say(BY_TERRITORY), when, "", *_rows(barrios)])
    picture = _picture(act, HEAD_TERRITORY, when, barrios, found.whole)
    act.turn.owe(chat_id, parcel.message(text, buttons, picture=picture), lane=lane)


def summary(tally: Tally) -> list[Phrase]:
    """The figures of some reports as sentences."""
    told: list[Phrase] = [
        count("<b>{count}</b> report was told.", "<b>{count}</b> reports were told.", tally.told),
        say(
            OPEN_CLOSED,
            fixed=tally.fixed,
            share=share(tally.fixed, tally.told),
            open=tally.open,
            closed=tally.closed,
        ),
    ]
    half, most = tally.within(0.5), tally.within(0.9)
    if half is None or most is None:
        return [*told, say(NO_REPAIRS)]
    told.append(say(TIMES, half=long(half), most=long(most)))
    told.append(
        say(
            NEIGHBOURS,
            share=share(tally.confirmed, tally.fixed),
            confirmed=tally.confirmed,
            fixed=tally.fixed,
        )
    )
    return told


def share(part: int, whole: int) -> int:
    """A part in whole percent: never 0 while there is any, never 100 while any is missing."""
    if not part or not whole:
        return 0
    percent = round(100 * part / whole)
    return min(max(percent, 1), 99) if part < whole else 100


def long(hours: int) -> Phrase:
    """So many hours as people say it: hours for two days, then days."""
    if hours < 48:
        return count("{count} hour", "{count} hours", max(1, hours))
    return count("{count} day", "{count} days", round(hours / 24))


def _rows(named: Sequence[tuple[Phrase, Tally]]) -> list[Phrase]:
    told: list[Phrase] = []
    for name, tally in named[:MOST_TOLD]:
        half = tally.within(0.5)
        values: dict[str, Phrase] = {"name": name, "told": tally.told, "fixed": tally.fixed}
        if half is None:
            told.append(say(LINE, **values))
        else:
            told.append(say(LINE_TIME, **values, half=long(half)))
    left = len(named) - MOST_TOLD
    if left > 0:
        told.append(
            count("… and {count} more in the picture", "… and {count} more in the picture", left)
        )
    return told


def _picture(
    act: Act, heading: str, when: Phrase, named: Sequence[tuple[Phrase, Tally]], whole: Tally
) -> dict[str, Any]:
    bars = list(named)
    if len(bars) > MOST_BARS:
        rest = [tally for _, tally in bars[MOST_BARS - 1 :]]
        other = count("{count} other", "{count} others", len(rest))
        bars = [*bars[: MOST_BARS - 1], (other, together(rest))]
    return {
        "kind": "reports_by",
        "data": {
            "heading": say(heading),
            "period": when,
            "town": act.town.name,
            "whole": _shown(say(heading), whole),
            "rows": [_shown(name, tally) for name, tally in bars],
        },
    }


def _shown(name: Phrase, tally: Tally) -> dict[str, Any]:
    half, most = tally.within(0.5), tally.within(0.9)
    return {
        "label": name,
        "told": tally.told,
        "fixed": tally.fixed,
        "confirmed": tally.confirmed,
        "half": None if half is None else long(half),
        "most": None if most is None else long(most),
    }


def _category(act: Act, number: int) -> Phrase:
    category = act.town.category(number) or act.session.get(Category, number)
    return category_name(category) if category else str(number)


def _territory(act: Act, number: int) -> Phrase:
    if number == ELSEWHERE:
        return say(ELSE)
    territory = act.town.territory(number) or act.session.get(Territory, number)
    return territory.name if territory else str(number)


def _buttons(period: str) -> Buttons:
    choices = [
        parcel.button(
            say(CHOSEN, period=say(label)) if word == period else say(label),
            Menu(what="figures", about=word).pack(),
        )
        for word, label in periods.PERIODS.items()
    ]
    return [choices[:2], choices[2:], [_door(EXPORT, "export"), _door(MENU, "menu")]]


def _door(label: str, what: str) -> dict[str, Any]:
    return parcel.button(say(label), Menu(what=what).pack())
