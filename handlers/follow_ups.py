"""Was it fixed? An answer is a tap, and is thanked for by what follows from it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import follow_ups
from actions.act import Act
from actions.buttons import ReportTap
from flows.phrase import N_, say
from handlers.desk import Desk
from handlers.menu import BACK, menu_item
from storage import parcel

router = Router(name="follow_ups")

THANKS = N_("Thank you! We are glad it was fixed.")
REOPENED = N_("Thank you for telling us. Your report is open again.")
ASKED_GESTOR = N_("Thank you for telling us. The person in charge will decide and write to you.")


@router.callback_query(ReportTap.filter(F.do == "verdict"))
async def verdict(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    answers = {"thanks": THANKS, "reopen": REOPENED, "ask_gestor": ASKED_GESTOR}

    def work(act: Act) -> None:
        outcome = follow_ups.judge(act, callback_data.report, callback_data.word == "yes")
        back = [[menu_item(BACK, "menu")]]
        act.turn.owe(desk.user_id, parcel.message(say(answers[outcome]), back))

    await desk.write(work)
