"""The buttons "another subject" and "its barrio" of a card: each asks its question in private."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import correcting, reports
from actions.act import GESTOR, Act, require
from actions.buttons import ReportTap
from flows.correcting import Categorizing, Locating
from handlers.casework_forms import back, report_of
from handlers.desk import Desk
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk

router = Router(name="correcting")


def hand_categories(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    if report is None:
        return Handed({"categories": []}, {"code": "…"})
    return Handed({"categories": correcting.categories(act, report)}, {"code": report.code})


def hand_barrios(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    if report is None:
        return Handed({"territories": []}, {"code": "…"})
    return Handed({"territories": correcting.barrios(act, report)}, {"code": report.code})


def finish_categorizing(act: Act, about: About, record: Categorizing) -> Ending:
    correcting.categorize(act, about["report"], record.category, before=about.get("before"))
    return Ending(buttons=back(act, about))


def finish_locating(act: Act, about: About, record: Locating) -> Ending:
    correcting.locate(act, about["report"], record.barrio)
    return Ending(buttons=back(act, about))


register(Categorizing, finish_categorizing, hand_categories, GESTOR)
register(Locating, finish_locating, hand_barrios, GESTOR)


@router.callback_query(ReportTap.filter(F.do.in_({"categorize", "locate"})))
async def ask(query: CallbackQuery, callback_data: ReportTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        about: dict[str, object] = {"report": report.id}
        if callback_data.do == "categorize":
            about["before"] = report.category_id
        Talk(act, desk.user_id).begin(callback_data.do, about)

    await desk.write(work)
