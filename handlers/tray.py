"""The team's queue on one card that is edited in place: what to show travels in its buttons.

Nothing of the choice is remembered, so an old card shows what it says, to whoever may see it.
"""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from actions import casework, periods, terms
from actions import report_words as words
from actions.act import GESTOR, Act, require
from actions.buttons import ExportTap, ReportTap, TrayTap
from actions.filters import AGES, STATES_OF, WHOSE, Filter, age_told, is_age
from actions.world import category_name
from flows.phrase import N_, Phrase, count, day, lines, listing, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, FOLLOWING, PREVIOUS, menu_item
from storage import parcel
from storage import tray as stored
from storage.parcel import Buttons, Parcel
from storage.person import Person
from storage.report import Report
from storage.tray import Wanted

router = Router(name="tray")

A_PAGE, CHOICES_A_PAGE = 5, 12
LAST_PAGE = 1000
"""Nobody turns so many pages; a forged number asks for no more than these."""

OPEN_ONES = N_("<b>Open reports</b>, the oldest first")
SOME = N_("<b>Reports</b>, the oldest first")
JOINED = N_("<b>Reports</b>, those that most neighbours joined first")
CHOSEN = N_("🔎 {chosen}")
NO_OPEN = N_("Nothing is open. A good day.")
NONE_SUCH = N_("There is no such report.\n🔎 {chosen}")
NONE_JOINED = N_(
    "This list shows only reports that other neighbours joined, and there is none like that.\n"
    "🔎 {chosen}"
)
CARD = N_("See {code}")
TOLD_ON = N_("Told on {day}")
OVERDUE_SINCE, DUE_ON = N_("⏰ Overdue since {day}"), N_("🗓 Until {day}")
ASSIGNED_TO = N_("👤 {person}")
PRIVATE = N_("🔒 Private")
FILTER, EVERYTHING, SHOW = (
    N_("🔎 Choose what to see"),
    N_("Show all that is open"),
    N_("See the list"),
)
WHAT_TO_SEE = N_("What would you like to see?\nTap a line to change it.")
ANY_PLACE, ONE_PLACE = N_("📍 Any place"), N_("📍 {place}")
ANY_KIND, ANY_STATE = N_("🏷 Any category"), N_("📂 All that is open")
WHICH_PLACE, WHICH_KIND = N_("Which place?"), N_("Which category?")
WHICH_STATE = N_("In which state?")
EXPORT = N_("📤 Export these")
ORDERS = {stored.OLDEST: N_("↕️ The oldest first"), stored.SUPPORTED: N_("↕️ The most joined first")}
STATES: dict[str, str] = {"": ANY_STATE, **STATES_OF}


def sane(act: Act, tap: TrayTap) -> TrayTap:
    """The choice of a button without what there is not (any more)."""
    town = act.town
    return TrayTap(
        screen=tap.screen,
        territory=tap.territory if town.territory(tap.territory) else 0,
        category=tap.category if town.category(tap.category) else 0,
        state=tap.state if tap.state in STATES else "",
        age=tap.age if is_age(tap.age) else "",
        whose=tap.whose if tap.whose in WHOSE else "",
        order=tap.order if tap.order in ORDERS else "",
        page=min(tap.page, LAST_PAGE),
    )


def wanted(act: Act, tap: TrayTap) -> Wanted:
    """What a choice asks the database for."""
    chosen = Filter(**tap.model_dump(exclude={"screen", "page"}))
    return chosen.wanted(act, act.my_id)


def chosen(act: Act, tap: TrayTap) -> list[Phrase]:
    """What of a choice is not simply everything that is open, in words."""
    told: list[Phrase] = []
    if place := act.town.territory(tap.territory):
        told.append(place.name)
    if kind := act.town.category(tap.category):
        told.append(category_name(kind))
    if tap.state:
        told.append(say(STATES[tap.state]))
    if tap.age:
        told.append(age_told(tap.age))
    if tap.whose:
        told.append(say(WHOSE[tap.whose]))
    return told


def button(label: Phrase, tap: TrayTap, **change: Any) -> dict[str, Any]:
    """A button with the same choice but for what it changes."""
    return parcel.button(label, tap.model_copy(update=change).pack())


def in_list(act: Act, report: Report) -> Phrase:
    """A report in the queue, a few short lines."""
    about = [say(words.STATES[report.state])]
    if report.private:
        about.append(say(PRIVATE))
    told: list[Phrase] = [
        say(words.HEADING, **words.head(act, report)),
        listing(about) if len(about) > 1 else about[0],
        words.where(act, report),
        say(TOLD_ON, day=day(report.created_at.astimezone(act.town.zone).date(), "medium")),
    ]
    last = terms.last_day(act, report)
    if last is not None and report.state in casework.OPEN:
        late = terms.is_over(act, report)
        told.append(say(OVERDUE_SINCE if late else DUE_ON, day=day(last, "medium")))
    who = act.session.get(Person, report.assignee_id) if report.assignee_id else None
    if who is not None:
        told.append(say(ASSIGNED_TO, person=who.name))
    if report.supports:
        told.append(
            count("🙋 {count} neighbour joined", "🙋 {count} neighbours joined", report.supports)
        )
    return lines([*told, ""])


def list_page(act: Act, tap: TrayTap) -> Parcel:
    """A page of the queue."""
    asked = wanted(act, tap)
    found = stored.page(act.session, asked, tap.page * A_PAGE, A_PAGE + 1)
    if not found and tap.page:
        # What stood on the last page is done.
        tap = tap.model_copy(update={"page": 0})
        found = stored.page(act.session, asked, 0, A_PAGE + 1)
    told = chosen(act, tap)
    choose = [button(say(FILTER), tap, screen="filter", page=0)]
    ways: Buttons = [choose, [menu_item(BACK, "menu")]]
    if told or tap.order:
        choose_all = [button(say(EVERYTHING), TrayTap())]
        ways.insert(1, choose_all)
    if not found:
        which = [*told, *([say(ORDERS[tap.order])] if tap.order else [])]
        none = NONE_JOINED if tap.order else NONE_SUCH
        text = say(none, chosen=listing(which)) if which else say(NO_OPEN)
        return parcel.message(text, ways)
    shown = found[:A_PAGE]
    rows: Buttons = [
        [
            parcel.button(
                say(CARD, code=report.code), ReportTap(do="card", report=report.id or 0).pack()
            )
        ]
        for report in shown
    ]
    turn = []
    if tap.page:
        turn.append(button(say(PREVIOUS), tap, page=tap.page - 1))
    if len(found) > A_PAGE and tap.page < LAST_PAGE:
        turn.append(button(say(FOLLOWING), tap, page=tap.page + 1))
    if turn:
        rows.append(turn)
    head = say(JOINED) if tap.order else say(SOME) if told else say(OPEN_ONES)
    top = [head, *([say(CHOSEN, chosen=listing(told))] if told else []), ""]
    return parcel.message(lines([*top, *(in_list(act, report) for report in shown)]), rows + ways)


def as_file(tap: TrayTap) -> ExportTap:
    """The way to a file of the same choice, whenever they were told."""
    return ExportTap(
        screen="begin",
        state=tap.state or "open",
        period=periods.ALL,
        **tap.model_dump(include={"territory", "category", "age", "whose"}),
        joined=tap.order == stored.SUPPORTED,
    )


def following(values: dict[str, str], value: str) -> str:
    """The value after this one, round and round; the first after what is none of them."""
    order = list(values)
    return order[(order.index(value) + 1) % len(order)] if value in values else order[0]


def filter_page(act: Act, tap: TrayTap) -> Parcel:
    """What can be chosen, each with what is chosen now."""
    town = act.town
    place, kind = town.territory(tap.territory), town.category(tap.category)
    tap = tap.model_copy(update={"page": 0})
    rows: Buttons = [
        [
            button(
                say(ONE_PLACE, place=place.name) if place else say(ANY_PLACE), tap, screen="place"
            )
        ],
        [button(category_name(kind) if kind else say(ANY_KIND), tap, screen="kind")],
        [button(say(STATES[tap.state]), tap, screen="state")],
        [button(age_told(tap.age), tap, age=following(AGES, tap.age))],
        [button(say(WHOSE[tap.whose]), tap, whose=following(WHOSE, tap.whose))],
        [button(say(ORDERS[tap.order]), tap, order=following(ORDERS, tap.order))],
        [button(say(SHOW), tap, screen="list"), button(say(EVERYTHING), TrayTap())],
        [parcel.button(say(EXPORT), as_file(tap).pack())],
    ]
    return parcel.message(say(WHAT_TO_SEE), rows)


def choices(
    question: str, anything: str, what: str, options: list[tuple[int, Phrase]], tap: TrayTap
) -> Parcel:
    """One of many, a page of them; `what` is the part of the choice that it changes."""
    pages = max(1, -(-len(options) // CHOICES_A_PAGE))
    number = min(tap.page, pages - 1)
    shown = options[number * CHOICES_A_PAGE : (number + 1) * CHOICES_A_PAGE]
    each = [button(name, tap, screen="filter", page=0, **{what: n}) for n, name in shown]
    rows: Buttons = [each[i : i + 2] for i in range(0, len(each), 2)]
    turn = []
    if number:
        turn.append(button(say(PREVIOUS), tap, page=number - 1))
    if number < pages - 1:
        turn.append(button(say(FOLLOWING), tap, page=number + 1))
    if turn:
        rows.append(turn)
    rows.append([button(say(anything), tap, screen="filter", page=0, **{what: 0})])
    return parcel.message(say(question), rows)


def states_page(tap: TrayTap) -> Parcel:
    """The states to choose from."""
    tap = tap.model_copy(update={"screen": "filter", "page": 0})
    each = [button(say(label), tap, state=state) for state, label in STATES.items()]
    return parcel.message(say(WHICH_STATE), [each[i : i + 2] for i in range(0, len(each), 2)])


def tray(act: Act, tap: TrayTap) -> Parcel:
    """The queue, or what can be chosen of it, as a button asks for it."""
    tap = sane(act, tap)
    town = act.town
    if tap.screen == "filter":
        return filter_page(act, tap)
    if tap.screen == "place":
        places: list[tuple[int, Phrase]] = [(t.id or 0, t.name) for t in town.territories]
        return choices(WHICH_PLACE, ANY_PLACE, "territory", places, tap)
    if tap.screen == "kind":
        kinds = [(c.id or 0, category_name(c)) for c in town.categories]
        return choices(WHICH_KIND, ANY_KIND, "category", kinds, tap)
    if tap.screen == "state":
        return states_page(tap)
    return list_page(act, tap.model_copy(update={"screen": "list"}))


@door("tray")
def open_tray(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, "tray", tray(act, TrayTap()), anew=True)


@router.callback_query(TrayTap.filter())
async def look(query: CallbackQuery, callback_data: TrayTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        act.turn.card(desk.user_id, "tray", tray(act, callback_data))

    await desk.write(work, then="tray")
