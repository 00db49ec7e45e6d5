"""On each working day at eight everybody of the team hears in one letter what there is to do: what
is new, overdue, waiting for them, opened again, and what has gone up. Nothing to do, nothing said.

The next morning is a due row that plans the one after it; it keeps since when things are told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from actions import gone_up, team_card, terms
from actions.act import SYSTEM, Act, action
from actions.buttons import TrayTap, since_of, told_since
from actions.deadlines import LATE
from actions.gone_up import Sections
from civic import lifecycle, mornings, working_days
from flows.phrase import N_, Phrase, count, lines, say
from storage import due, late, parcel, tray
from storage import person as people
from storage.letter import Lane
from storage.parcel import Buttons, Parcel
from storage.tray import Wanted

MORNING = "morning"
"""The due row of a morning; it is about no subject in particular."""
PATIENCE = timedelta(hours=1)
"""So long a morning waits for the steps that are due by then: one that fails does not hold it."""

GOOD_MORNING = N_("☀️ Good morning, {name}. Today there is this to look at:")
SEE_NEW, SEE_OVERDUE = N_("🆕 See what is new"), N_("⏰ See what is overdue")
SEE_MINE, SEE_AGAIN = N_("👤 See what waits for you"), N_("↩️ See what was opened again")
NO_HOLIDAYS = N_(
    "📅 The list of holidays has none for the coming 12 months, so deadlines count those days too. "
    "The town's file needs the next ones."
)
SEE_DECIDE = N_("❗ See what to decide")


def plan(act: Act, since: datetime | None = None) -> None:
    """Have the next working morning told of; planned once, however often this is asked.

    since: when things were told last, if that is not now.
    """
    town = act.town
    at = mornings.next_morning(act.now, town.zone, town.weekend, town.holidays)
    told = (since or act.now).isoformat()
    due.plan(act.session, f"{MORNING}:{at.isoformat()}", MORNING, 0, at, since=told)


@action(SYSTEM)
def tell(act: Act, row: due.Due) -> int | None:
    """Tell each of the team what there is to do; how many letters. None while what is due by this
    morning has not all gone up yet.

    What concerns all gestores is told to the admins where there is none.
    """
    if act.now - row.at < PATIENCE and late.waits(act.session, LATE, row.at):
        return None
    town = act.town
    since = datetime.fromisoformat(row.facts["since"])
    if not mornings.at_work(act.now, town.zone, town.weekend, town.holidays):
        plan(act, since)
        return 0
    plan(act)
    today = act.now.astimezone(town.zone).date()
    admins = {person.id for person in team_card.admins(act)} if _to_say(act, since) else set()
    sections = gone_up.since(act, since)
    gestores = people.holders(act.session, people.GESTOR) or team_card.admins(act)
    team = {person.id for person in gestores}
    new = TrayTap(state="new", age=told_since(since))
    everybodys = _everybodys(act, new)
    wrote = 0
    for one in team_card.colleagues(act):
        numbers = everybodys if one.id in team else {}
        mine = tray.how_many(act.session, Wanted(waits=one.id))
        numbers = numbers | {"mine": mine, "holidays": int(one.id in admins)}
        body = letter(act, one.name, numbers, sections.get(one.id, {}), new)
        if body is not None:
            key = f"{MORNING}:{today.isoformat()}:{one.id}"
            act.turn.owe_once(one.telegram_id, body, dedupe=key, lane=Lane.REMINDER)
            wrote += 1
    return wrote


def _to_say(act: Act, since: datetime) -> bool:
    """Whether the admins are to hear that the holidays have run out: on a week's first morning."""
    zone = act.town.zone
    today, before = act.now.astimezone(zone).date(), since.astimezone(zone).date()
    this_week = today.isocalendar()[:2] == before.isocalendar()[:2]
    return not this_week and working_days.run_out(today, act.town.holidays)


def _everybodys(act: Act, new: TrayTap) -> dict[str, int]:
    """What there is to do for all gestores; `new` is the way to what is new."""
    back = Wanted(states=(lifecycle.RECEIVED,), again=True)
    told = Wanted(
        states=(lifecycle.RECEIVED,), again=False, untouched=True, since=since_of(new.age)
    )
    return {
        "new": tray.how_many(act.session, told),
        "over": tray.how_many(act.session, Wanted(overdue=terms.now(act))),
        "again": tray.how_many(act.session, back),
        "decide": tray.how_many(act.session, Wanted(states=(lifecycle.FIXED,), denied=True)),
    }


def letter(
    act: Act, name: str, numbers: dict[str, int], sections: Sections, way: TrayTap
) -> Parcel | None:
    """The morning's letter; None when there is nothing to do.

    numbers: by new, over, mine, again and decide, what is not there being none; 1 by holidays where
    it is to be said that they have run out. way: to what is new.
    """
    text: list[Phrase] = []
    rows: Buttons = []
    new, over, mine, again, decide = (
        numbers.get(what, 0) for what in ("new", "over", "mine", "again", "decide")
    )
    each = (
        (new, count("🆕 {count} new report", "🆕 {count} new reports", new), SEE_NEW,
         way),
        (over, count("⏰ {count} report is overdue", "⏰ {count} reports are overdue", over),
         SEE_OVERDUE, TrayTap(age="over")),
        (mine, count("👤 {count} report waits for you", "👤 {count} reports wait for you", mine),
         SEE_MINE, TrayTap(whose="wait")),
        (again, count("↩️ {count} report was opened again", "↩️ {count} reports were opened again",
                      again), SEE_AGAIN, TrayTap(state="again")),
        (decide, count("❗ {count} report waits for a decision: not fixed, they say again",
                       "❗ {count} reports wait for a decision: not fixed, they say again",
                       decide), SEE_DECIDE, TrayTap(state="decide")),
    )  # fmt: skip
    for number, told, label, tap in each:
        if number:
            text.append(told)
            rows.append([parcel.button(say(label), tap.pack())])
    went_up, sees = gone_up.told(act, sections)
    if went_up and not over:
        rows.append([parcel.button(say(SEE_OVERDUE), TrayTap(age="over").pack())])
    if numbers.get("holidays"):
        went_up += ["", say(NO_HOLIDAYS)]
    if not text and not went_up:
        return None
    return parcel.message(lines([say(GOOD_MORNING, name=name), *text, *went_up]), rows + sees)
