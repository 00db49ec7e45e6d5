"""/exportar: the team chooses which reports and in which format, on one card kept up to date.

Every button carries the whole choice, so nothing is remembered between two taps.
"""

from __future__ import annotations

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery

from actions import exports, periods
from actions.act import GESTOR, Act, require
from actions.buttons import ExportTap
from actions.exports import SHOWN, Choice
from actions.filters import AGES, WHOSE
from actions.world import category_name
from flows.phrase import N_, Phrase, lines, say
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, FOLLOWING, PREVIOUS, menu_item
from handlers.tray import following
from storage import parcel
from storage.parcel import Buttons, Parcel
from storage.tray import OLDEST, SUPPORTED

router = Router(name="exports")

CARD = "export"
A_PAGE = 16
HEAD = N_("📄 <b>A file of reports</b>")
HOW = N_("Choose which ones, and then the kind of file. It is sent to you here.")
WARNING = N_(
    "The file holds what neighbours wrote, and places. Keep it well, and share it with nobody who "
    "does not need it."
)
STATE, PERIOD = N_("📂 Which state"), N_("🗓 Which time")
CATEGORY, PLACE = N_("🏷 Which category"), N_("📍 Which place")
ANY_JOINED, JOINED = N_("🙋 Joined or not"), N_("🙋 Only those that neighbours joined")
PRIVATE_IN, PRIVATE_OUT = N_("🔒 Private ones: yes"), N_("🔒 Private ones: no")
NAMES_IN, NAMES_OUT = N_("👤 Names: yes"), N_("👤 Names: no")
CHOSEN, BULLET = N_("✓ {choice}"), N_("• {choice}")
BACK_TO_FILE = N_("⬅️ Back")
COMING = N_("I am making your file. It comes here in a moment.")
QUESTIONS = {
    "state": N_("In which state?"),
    "period": N_("From which time?"),
    "kind": N_("About what?"),
    "place": N_("Where?"),
}


@door("export")
def open_export(act: Act, chat_id: int, about: str) -> None:
    require(act, GESTOR)
    act.turn.card(chat_id, CARD, card(act, Choice()), anew=True)


@router.callback_query(ExportTap.filter())
async def tapped(query: CallbackQuery, callback_data: ExportTap, desk: Desk) -> None:
    tap = callback_data
    asked = Choice(
        **tap.model_dump(exclude={"screen", "page", "joined"}),
        order=SUPPORTED if tap.joined else OLDEST,
    )

    def work(act: Act) -> None:
        require(act, GESTOR)
        if tap.screen in exports.FORMATS:
            exports.ask(act, asked, tap.screen)
            act.turn.answer(say(COMING))
            return
        choice = asked.known(act)
        if tap.screen in QUESTIONS:
            shown = question(act, choice, tap.screen, tap.page)
        else:
            shown = card(act, choice)
        act.turn.card(desk.user_id, CARD, shown, anew=tap.screen == "begin")

    await desk.write(work)


def card(act: Act, choice: Choice) -> Parcel:
    """What is chosen, and the ways to choose otherwise."""
    parts: list[Phrase] = [say(HEAD), ""]
    parts += [say(BULLET, choice=chosen) for chosen in choice.spoken(act)]
    parts += ["", say(HOW), "", say(WARNING)]
    private = say(PRIVATE_IN if choice.private else PRIVATE_OUT)
    extras = [_tap(choice, private, "choice", private=not choice.private)]
    if act.is_admin():
        names = say(NAMES_IN if choice.names else NAMES_OUT)
        extras.append(_tap(choice, names, "choice", names=not choice.names))
    joined = choice.order == SUPPORTED
    age, whose = following(AGES, choice.age), following(WHOSE, choice.whose)
    rows: Buttons = [
        [_tap(choice, say(STATE), "state"), _tap(choice, say(PERIOD), "period")],
        [_tap(choice, say(CATEGORY), "kind"), _tap(choice, say(PLACE), "place")],
        [
            _tap(choice, say(AGES[choice.age]), "choice", age=age),
            _tap(choice, say(WHOSE[choice.whose]), "choice", whose=whose),
        ],
        [_tap(choice, say(JOINED if joined else ANY_JOINED), "choice", joined=not joined)],
        extras,
        *([_tap(choice, say(label), kind)] for kind, label in exports.FORMATS.items()),
        [menu_item(BACK, "menu")],
    ]
    return parcel.message(lines(parts), rows)


def question(act: Act, choice: Choice, screen: str, page: int) -> Parcel:
    """One question of the choice, its answers a button each, page by page."""
    answers: list[tuple[Phrase, dict[str, Any]]]
    if screen == "state":
        answers = [(say(label), {"state": key}) for key, label in SHOWN.items()]
    elif screen == "period":
        answers = [(say(label), {"period": key}) for key, label in periods.PERIODS.items()]
    elif screen == "kind":
        answers = [(say(exports.ANY_CATEGORY), {"category": 0})]
        answers += [(category_name(c), {"category": c.id or 0}) for c in act.town.categories]
    else:
        answers = [(say(exports.ANY_PLACE), {"territory": 0})]
        answers += [(t.name, {"territory": t.id or 0}) for t in act.town.territories]
    pages = -(-len(answers) // A_PAGE)
    page = min(page, pages - 1)
    rows: Buttons = [
        [_tap(choice, _marked(choice, label, changes), "choice", **changes)]
        for label, changes in answers[page * A_PAGE : (page + 1) * A_PAGE]
    ]
    turning = []
    if page > 0:
        turning.append(_tap(choice, say(PREVIOUS), screen, page=page - 1))
    if page < pages - 1:
        turning.append(_tap(choice, say(FOLLOWING), screen, page=page + 1))
    if turning:
        rows.append(turning)
    rows.append([_tap(choice, say(BACK_TO_FILE), "choice")])
    return parcel.message(lines([say(HEAD), "", say(QUESTIONS[screen])]), rows)


def _marked(choice: Choice, label: Phrase, changes: dict[str, Any]) -> Phrase:
    chosen = all(getattr(choice, name) == value for name, value in changes.items())
    return say(CHOSEN, choice=label) if chosen else label


def _tap(choice: Choice, label: Phrase, screen: str, **changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "state": choice.state,
        "period": choice.period,
        "category": choice.category,
        "territory": choice.territory,
        "private": choice.private,
        "names": choice.names,
        "age": choice.age,
        "whose": choice.whose,
        "joined": choice.order == SUPPORTED,
        **changes,
    }
    return parcel.button(label, ExportTap(screen=screen, **told).pack())
