"""Figures for the team: how many reports, how soon they are fixed, what the neighbours confirm.

Counted a page a turn, so that nobody waits for a large town's numbers; a small town's are there at
once. They are told in words that can be read aloud, and drawn in pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from actions import periods
from actions.act import GESTOR, SYSTEM, Act, Refused, action
from actions.buttons import Menu
from actions.world import category_name
from civic import moments
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
TOLD, REPAIRS = "told", "repairs"
"""What is counted, one after the other."""
MOST_BARS = 16
"""The most rows of a picture; whatever has fewer reports shares the last one."""
MOST_TOLD = 6
"""The most rows told in words: Telegram allows a caption 1,024 characters."""

TITLE = N_("📊 <b>Figures of {town}</b>")
NONE = N_("Nobody told of any problem in this time.")
ONE_AT_A_TIME = N_(
    "I am still counting what you asked for before. Those figures come here first: please ask "
    "again then."
)
COUNTING = N_("It is a lot: I am counting. The figures come here in a moment.")
OPEN_CLOSED = N_(
    "Of them, fixed: <b>{fixed}</b> ({share}%). Open: {open}. Closed without a repair: {closed}."
)
TIMES = N_("Half of the repairs took up to {half}; nine in ten, up to {most}.")
NO_REPAIRS = N_("Nothing was fixed in this time, so there are no repair times to tell.")
NEIGHBOURS = N_(
    "Neighbours confirmed {share}% of the repairs they were asked about ({confirmed} of {asked})."
)
NOT_ASKED = N_("Not asked about yet: {count}. Neighbours are asked some weeks after a repair.")
BY_CATEGORY, BY_TERRITORY = N_("<b>By category</b>"), N_("<b>By barrio</b>")
HEAD_CATEGORY, HEAD_TERRITORY = N_("Reports by category"), N_("Reports by barrio")
LINE = N_("• {name}: <b>{told}</b>, no repairs")
LINE_TIME = N_("• {name}: <b>{told}</b>, repairs: {repairs}, half within {half}")
ELSE = N_("Without a barrio")
CHOSEN = N_("✓ {period}")
MENU = N_("⬅️ Menu")
EXPORT = N_("📄 Export")


@action(GESTOR)
def ask(act: Act, chat_id: int, period: str) -> None:
    """Tell a period's figures: at once where a page holds them, else once counted, one period at
    a time."""
    period = periods.period_of(period)
    first = periods.since(act, period)
    found = Figures()
    at = _count(act, found, _Place(TOLD, first, 0), first, act.now)
    if at is None:
        _tell(act, chat_id, period, act.now, found, Lane.REPLY)
        return
    if due.waits(act.session, KIND, act.my_id):
        raise Refused(say(ONE_AT_A_TIME))
    due.plan(
        act.session,
        f"{KIND}:{act.my_id}:{period}:{act.now.isoformat()}",
        KIND,
        act.my_id,
        act.now,
        period=period,
        first=first.isoformat(),
        until=act.now.isoformat(),
        so_far=found.plain(),
        **at.plain(),
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
    found = Figures.of(facts["so_far"])
    first, until = (datetime.fromisoformat(facts[end]) for end in ("first", "until"))
    at = _count(act, found, _Place.of(facts), first, until)
    if at is not None:
        row.facts = facts | {"so_far": found.plain(), **at.plain()}
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


class _Place(NamedTuple):
    """Where to go on counting: of what, from which moment, beyond which report."""

    what: str
    since: datetime
    after: int

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {"what": self.what, "since": self.since.isoformat(), "after": self.after}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> _Place:
        """What `plain` put away."""
        return cls(plain["what"], datetime.fromisoformat(plain["since"]), plain["after"])


def _count(act: Act, found: Figures, at: _Place, first: datetime, until: datetime) -> _Place | None:
    """Count a page from a place on; where to go on, or None when all is counted."""
    most = A_PAGE
    if at.what == TOLD:
        page = figures.page(act.session, at.since, until, at.after, most)
        for told in page:
            found.add_told(told.category_id, told.territory_id, told.state, told.closed_as)
        if len(page) == most:
            return _Place(TOLD, page[-1].created_at, page[-1].id)
        at, most = _Place(REPAIRS, first, 0), most - len(page)
    page = figures.repairs(act.session, at.since, until, at.after, most)
    for told in page:
        assert told.fixed_at is not None
        days = act.town.days_until_asked(told.category_id)
        found.add_repair(
            told.category_id,
            told.territory_id,
            told.created_at,
            told.fixed_at,
            asked=moments.days_later(told.fixed_at, days, act.town.zone) <= until,
            confirmed=told.neighbours_at is not None,
        )
        at = _Place(REPAIRS, told.fixed_at, told.id)
    return at if len(page) == most else None


def _tell(act: Act, chat_id: int, period: str, until: datetime, found: Figures, lane: Lane) -> None:
    when = periods.spoken(act, period, until)
    head: list[Phrase] = [say(TITLE, town=act.town.name), when, ""]
    buttons = _buttons(period)
    if not found.whole.told and not found.whole.repairs:
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
        count("<b>{count}</b> report was told.", "<b>{count}</b> reports were told.", tally.told)
    ]
    if tally.told:
        told.append(
            say(
                OPEN_CLOSED,
                fixed=tally.fixed,
                share=share(tally.fixed, tally.told),
                open=tally.open,
                closed=tally.closed,
            )
        )
    return [*told, "", *_repairs(tally)]


def _repairs(tally: Tally) -> list[Phrase]:
    half, most = tally.within(0.5), tally.within(0.9)
    if half is None or most is None:
        return [say(NO_REPAIRS)]
    told: list[Phrase] = [
        count(
            "<b>{count}</b> repair was done in this time.",
            "<b>{count}</b> repairs were done in this time.",
            tally.repairs,
        ),
        say(TIMES, half=long(half), most=long(most)),
    ]
    if tally.asked:
        told.append(
            say(
                NEIGHBOURS,
                share=share(tally.confirmed, tally.asked),
                confirmed=tally.confirmed,
                asked=tally.asked,
            )
        )
    if not_yet := tally.repairs - tally.asked:
        told.append(say(NOT_ASKED, count=not_yet))
    return told


def share(part: int, whole: int) -> int:
    """A part in whole percent: never 0 while there is any, never 100 while any is missing."""
    if not part or not whole:
        return 0
    percent = round(100 * part / whole)
    return min(max(percent, 1), 99) if part < whole else 100


def long(hours: int) -> Phrase:
    """So many hours as people say it: hours for two days, then days, a begun one as a whole."""
    if hours < 48:
        return count("{count} hour", "{count} hours", max(1, hours))
    return count("{count} day", "{count} days", -(-hours // 24))


def _rows(named: Sequence[tuple[Phrase, Tally]]) -> list[Phrase]:
    told: list[Phrase] = []
    for name, tally in named[:MOST_TOLD]:
        half = tally.within(0.5)
        if half is None:
            told.append(say(LINE, name=name, told=tally.told))
        else:
            values: dict[str, Phrase] = {"repairs": tally.repairs, "half": long(half)}
            told.append(say(LINE_TIME, name=name, told=tally.told, **values))
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
        "asked": tally.asked,
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
