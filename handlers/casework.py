"""The team's taps on a report's card: what each role may do is asked in the action, never here.

A card may stand in a group: what a tap opens goes to the private chat of whoever pressed.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import (
    bans,
    casework,
    overtaken,
    pseudonyms,
    report_cards,
    report_history,
    reports,
    team_card,
)
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, require
from actions.buttons import ReportTap
from flows.phrase import N_, Phrase, lines, say
from handlers import templates
from handlers.desk import Desk
from handlers.doors import number_in
from handlers.report_files import send_files
from handlers.talk import Talk
from storage import parcel
from storage import report as stored
from storage.parcel import Buttons

router = Router(name="casework")

DONE = N_("Done.")
NO_PHOTOS = N_("This report has no photos.")
HISTORY_OF = N_("📜 <b>{code}</b> · {category}: what has happened")
EARLIER, LATEST = N_("◀️ Earlier"), N_("⏭ The latest")
NEWEST = "0"
"""Before which event there is everything: no event has this number."""
TO_CARD = N_("See the card")
UNNAMED = N_("Done. Neighbours see “a neighbour” now, and the person was told.")
LIFTED = N_("Done. They were told that they can write again.")
FLOWS = {
    "answer": "answer",
    "ask": "asking",
    "note": "note",
    "after": "after",
    "redact": "redact",
    "ban": "ban",
}
"""The flow that a button opens."""


def card_button(report: stored.Report) -> dict[str, object]:
    """The way to a report's card."""
    return team_card.button(say(TO_CARD), report, "card")


@router.callback_query(ReportTap.filter(F.do == "move"))
async def move(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    before, _, after = callback_data.word.rpartition(".")

    def work(act: Act) -> None:
        report = casework.movable(act, callback_data.report, after, before or None)
        if casework.needs_reason(after):
            Talk(act, desk.user_id).begin("closing", overtaken.about(act, report))
            return
        casework.move(act, callback_data.report, after, before=report.state)
        act.turn.answer(say(DONE))
        templates.offer(act, report, desk.user_id)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do.in_({"take", "give"})))
async def hand_over(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    holder, _, person = callback_data.word.partition(".")

    def work(act: Act) -> None:
        require(act, GESTOR)
        to = act.my_id if callback_data.do == "take" else number_in(person)
        casework.assign(act, callback_data.report, number_in(holder), to)
        act.turn.answer(say(DONE))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "privacy"))
async def privacy(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        if callback_data.word not in (casework.PRIVATE, casework.PUBLIC):
            raise Refused(say(casework.MOVED_ALREADY))
        casework.set_private(act, callback_data.report, callback_data.word == casework.PRIVATE)
        act.turn.answer(say(DONE))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do.in_(set(FLOWS))))
async def open_flow(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        if callback_data.do == "ask" and report.person_id is None:
            raise Refused(say(casework.NOBODY_TO_ASK))
        if callback_data.do == "ban" and not bans.writers(act, report):
            raise Refused(say(bans.NO_SUCH_PERSON))
        about: dict[str, object] = {"report": report.id}
        if callback_data.do in ("answer", "ask"):
            about["seen"] = overtaken.newest(act, report)
        Talk(act, desk.user_id).begin(FLOWS[callback_data.do], about)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "merge"))
async def merge(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        report = casework.movable(act, callback_data.report, "closed")
        Talk(act, desk.user_id).begin("merging", overtaken.about(act, report))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "lift"))
async def lift(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        bans.lift(act, report.person_id or 0, report.id)
        act.turn.answer(say(LIFTED))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "unname"))
async def unname(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        pseudonyms.take_back(act, callback_data.report)
        act.turn.answer(say(UNNAMED))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do.in_({"more", "back", "assign", "hide"})))
async def turn(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    """Other buttons of a card: the rarer ones, colleagues, whether to hide it, the main ones."""
    tapped = query.message.message_id if query.message is not None else None

    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        face: Buttons | None = None
        asked: Phrase | None = None
        if callback_data.do == "hide":
            casework.movable(act, callback_data.report, "hidden", callback_data.word)
            face, asked = team_card.hiding_face(report), say(team_card.SURE_HIDE)
        elif callback_data.do == "more":
            face = team_card.rarer_face(act, report)
        elif callback_data.do == "assign":
            face = team_card.colleagues_face(act, report, number_in(callback_data.word))
        report_cards.turn(act, report, desk.chat_id, tapped, face, asked)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "card"))
async def card(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report_cards.show(act, reports.get(act, callback_data.report), desk.user_id)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "history"))
async def history(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        before = number_in(callback_data.word) or None
        told, earlier = report_history.page(act, report, before)
        turns = []
        if earlier is not None:
            turns.append(team_card.button(say(EARLIER), report, "history", str(earlier)))
        if before is not None:
            turns.append(team_card.button(say(LATEST), report, "history", NEWEST))
        shown = parcel.message(
            lines([say(HISTORY_OF, **words.head(act, report)), *told]),
            [*([turns] if turns else []), [card_button(report)]],
        )
        # Leafing through it turns the page where it stands.
        anew = not callback_data.word
        act.turn.card(desk.user_id, f"history:{report.id}", shown, anew=anew)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "photos"))
async def photos(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        if not send_files(act, report, desk.user_id):
            act.turn.answer(say(NO_PHOTOS))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "place"))
async def place(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        if report.latitude is None or report.longitude is None:
            return
        territory = act.town.territory(report.territory_id)
        act.turn.owe(
            desk.user_id,
            parcel.venue(
                report.latitude,
                report.longitude,
                say(words.HEADING, **words.head(act, report)),
                territory.name if territory else act.town.name,
            ),
        )

    await desk.write(work)
