"""On each working day at eight a gestor hears what there is to do: what is new, overdue, waiting
for them, opened again. Nothing to do, nothing said.

The next morning is a due row that plans the one after it.
"""

from __future__ import annotations

from datetime import timedelta

from actions.act import SYSTEM, Act, action
from actions.buttons import TrayTap
from civic import lifecycle, mornings, working_days
from flows.phrase import N_, Phrase, count, lines, say
from storage import due, parcel, tray
from storage import person as people
from storage.letter import Lane
from storage.parcel import Buttons, Parcel
from storage.tray import Wanted

MORNING = "morning"
"""The due row of a morning; it is about no subject in particular."""
TOO_LATE = timedelta(hours=12)
"""After so long the next morning is nearer, and says the same."""

GOOD_MORNING = N_("☀️ Good morning, {name}. Today there is this to look at:")
SEE_NEW, SEE_OVERDUE = N_("🆕 See what is new"), N_("⏰ See what is overdue")
SEE_MINE, SEE_AGAIN = N_("👤 See what waits for you"), N_("↩️ See what was opened again")


def plan(act: Act) -> None:
    """Have the next working morning told of; planned once, however often this is asked."""
    town = act.town
    at = mornings.next_morning(act.now, town.zone, town.weekend, town.holidays)
    due.plan(act.session, f"{MORNING}:{at.isoformat()}", MORNING, 0, at)


@action(SYSTEM)
def tell(act: Act, row: due.Due) -> int:
    """Tell each gestor (each admin, where there is none) what there is to do; how many letters."""
    plan(act)
    town = act.town
    today = act.now.astimezone(town.zone).date()
    if not working_days.is_working_day(today, town.weekend, town.holidays):
        return 0
    if act.now - row.at > TOO_LATE:
        return 0
    back = Wanted(states=(lifecycle.RECEIVED,), again=True)
    new = Wanted(states=(lifecycle.RECEIVED,), again=False)
    everybodys = {
        "new": tray.how_many(act.session, new),
        "over": tray.how_many(act.session, Wanted(overdue=act.now)),
        "again": tray.how_many(act.session, back),
    }
    wrote = 0
    team = people.holders(act.session, people.GESTOR)
    if not team:
        known = [people.by_telegram(act.session, number) for number in sorted(act.world.admins)]
        team = [admin for admin in known if admin is not None]
    for person in team:
        mine = tray.how_many(act.session, Wanted(assignee=person.id))
        body = digest(person.name, everybodys | {"mine": mine})
        if body is None:
            continue
        key = f"{row.key}:{person.id}"
        act.turn.owe_once(person.telegram_id, body, dedupe=key, lane=Lane.REMINDER)
        wrote += 1
    return wrote


def digest(name: str, numbers: dict[str, int]) -> Parcel | None:
    """The morning's letter; None when there is nothing to do. Numbers by new, over, mine, again."""
    text: list[Phrase] = []
    rows: Buttons = []
    each = (
        ("new", count("🆕 {count} new report", "🆕 {count} new reports", numbers["new"]), SEE_NEW,
         TrayTap(state="new")),
        ("over", count("⏰ {count} report is overdue", "⏰ {count} reports are overdue",
                       numbers["over"]), SEE_OVERDUE, TrayTap(age="over")),
        ("mine", count("👤 {count} report waits for you", "👤 {count} reports wait for you",
                       numbers["mine"]), SEE_MINE, TrayTap(whose="mine")),
        ("again", count("↩️ {count} report was opened again", "↩️ {count} reports were opened again",
                        numbers["again"]), SEE_AGAIN, TrayTap(state="again")),
    )  # fmt: skip
    for what, told, label, tap in each:
        if numbers[what]:
            text.append(told)
            rows.append([parcel.button(say(label), tap.pack())])
    if not rows:
        return None
    return parcel.message(lines([say(GOOD_MORNING, name=name), *text]), rows)
