"""What was taken out of a report, for an administrator who asks; the action writes that down."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import redacting, reports, team_card
from actions import report_words as words
from actions.act import Act
from actions.buttons import ReportTap
from flows.phrase import N_, Phrase, lines, moment, say
from handlers.casework import TO_CARD
from handlers.desk import Desk
from handlers.report_files import send
from storage import parcel

router = Router(name="originals")

TAKEN_OUT_OF = N_("🗄 <b>{code}</b> · {category}: what was taken out")
ON = N_("{when}: “{words}”")
PICTURE_ON = N_("{when}: a photo or voice note, sent below")


@router.callback_query(ReportTap.filter(F.do == "originals"))
async def originals(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        found = redacting.originals(act, callback_data.report)
        report = reports.get(act, callback_data.report)
        heading = say(TAKEN_OUT_OF, **words.head(act, report))
        told: list[Phrase] = [heading]
        for one, photo in found:
            when = moment(one.created_at, "short")
            told.append(
                say(PICTURE_ON, when=when)
                if photo is not None
                else say(ON, when=when, words=one.original or "…")
            )
        card = [[team_card.button(say(TO_CARD), report, "card")]]
        shown = parcel.message(lines(told), card)
        act.turn.card(desk.user_id, f"originals:{report.id}", shown, anew=True)
        send(act, [photo for _, photo in found if photo is not None], heading, desk.user_id)

    await desk.write(work)
