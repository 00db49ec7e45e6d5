"""The button "expected date" of a card: the day and its reason are asked for in private."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import expected, overtaken
from actions.act import GESTOR, Act, require
from actions.buttons import ReportTap
from flows.expected import Expected
from handlers.casework_forms import back, hand_code, seen
from handlers.desk import Desk
from handlers.registration import About, Ending, register
from handlers.talk import Talk

router = Router(name="expected")


def finish_expected(act: Act, about: About, record: Expected) -> Ending:
    expected.expect(act, about["report"], record.day, record.reason, seen=seen(act, about))
    return Ending(buttons=back(act, about))


register(Expected, finish_expected, hand_code, GESTOR)


@router.callback_query(ReportTap.filter(F.do == "expected"))
async def ask(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = expected.expectable(act, callback_data.report)
        about = {"report": report.id, "seen": overtaken.newest(act, report)}
        Talk(act, desk.user_id).begin("expected", about)

    await desk.write(work)
