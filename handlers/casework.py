"""The team's taps on a report's card: what each role may do is asked in the action, never here.

A card may stand in a group: what a tap opens goes to the private chat of whoever pressed.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import casework, report_cards, reports
from actions import report_words as words
from actions.act import GESTOR, Act, require
from actions.buttons import ReportTap
from flows.answer import Answer, Asking, Closing
from flows.phrase import N_, say
from handlers.desk import Desk
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from storage import parcel
from storage import report as stored

router = Router(name="casework")

MOST_IN_ALBUM = 10
DONE = N_("Done.")
NO_PHOTOS = N_("This report has no photos.")


def hand_code(act: Act, about: About) -> Handed:
    return Handed(params={"code": reports.get(act, about["report"]).code})


def finish_answer(act: Act, about: About, record: Answer) -> Ending:
    casework.answer(act, about["report"], record.text)
    return Ending()


def finish_asking(act: Act, about: About, record: Asking) -> Ending:
    casework.ask(act, about["report"], record.question)
    return Ending()


def finish_closing(act: Act, about: About, record: Closing) -> Ending:
    casework.move(act, about["report"], about["to"], record.reason)
    return Ending()


register(Answer, finish_answer, hand_code, GESTOR)
register(Asking, finish_asking, hand_code, GESTOR)
register(Closing, finish_closing, hand_code, GESTOR)


@router.callback_query(ReportTap.filter(F.do == "move"))
async def move(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        if casework.needs_reason(callback_data.word):
            report = reports.get(act, callback_data.report)
            about = {"report": report.id, "to": callback_data.word}
            Talk(act, desk.user_id).begin("closing", about)
            return
        casework.move(act, callback_data.report, callback_data.word)
        act.turn.answer(say(DONE))

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do.in_({"answer", "ask"})))
async def answer(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    flow = "answer" if callback_data.do == "answer" else "asking"

    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        Talk(act, desk.user_id).begin(flow, {"report": report.id})

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "card"))
async def card(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report_cards.show(act, reports.get(act, callback_data.report), desk.user_id)

    await desk.write(work)


@router.callback_query(ReportTap.filter(F.do == "photos"))
async def photos(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        found = stored.photos(act.session, report.id or 0)
        caption = say(words.HEADING, **words.head(act, report))
        as_photos = [photo.file_id for photo in found if photo.kind == "photo"]
        for first in range(0, len(as_photos), MOST_IN_ALBUM):
            some = as_photos[first : first + MOST_IN_ALBUM]
            if len(some) >= 2:
                act.turn.owe(desk.user_id, parcel.album(some, caption))
            else:
                act.turn.owe(desk.user_id, parcel.message(caption, photo=some[0]))
        for photo in found:
            if photo.kind == stored.VOICE:
                act.turn.owe(desk.user_id, parcel.message(caption, voice=photo.file_id))
            elif photo.kind != "photo":
                act.turn.owe(desk.user_id, parcel.message(caption, document=photo.file_id))
        if report.voice:
            act.turn.owe(desk.user_id, parcel.message(caption, voice=report.voice["file_id"]))
        if not found and not report.voice:
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
