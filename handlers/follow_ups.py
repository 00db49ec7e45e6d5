"""Was it fixed? An answer is a tap, and counts at once; why and photos may follow it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import verdicts
from actions.act import Act
from actions.buttons import VerdictTap
from flows.follow_up import Evidence, NotFixed
from flows.phrase import N_, say
from handlers.desk import Desk
from handlers.menu import BACK, MY_REPORTS, menu_item
from handlers.registration import About, Ending, register
from handlers.reports import photos_of, said_of, voice_of
from handlers.talk import Talk
from storage import parcel
from storage.parcel import Buttons

router = Router(name="follow_ups")

THANKS = N_("Thank you! We are glad it was fixed.")
THANKS_ANYWAY = N_(
    "Thank you. When you have seen it, you can still tap Yes or No under the question."
)
REOPENED = N_("Thank you for telling us. The report is open again.")
ASKED_GESTOR = N_("Thank you for telling us. The person in charge will decide and write to you.")
ADD_PHOTO = N_("📷 Add a photo")
NOTHING_ADDED = N_("Thank you. Your answer counts as it is.")


def finish_not_fixed(act: Act, about: About, record: NotFixed) -> Ending:
    if not record.why and not record.photos:
        return _nothing()
    report = verdicts.add_why(
        act,
        about["report"],
        about["asking"],
        said=said_of(record.why),
        voice=voice_of(record.why),
        photos=photos_of(record.photos),
    )
    return Ending(values={"code": report.code}, buttons=_back())


def finish_evidence(act: Act, about: About, record: Evidence) -> Ending:
    if not record.photos:
        return _nothing()
    photos = photos_of(record.photos)
    report = verdicts.add_evidence(act, about["report"], about["asking"], photos)
    return Ending(values={"code": report.code}, buttons=_back())


def _nothing() -> Ending:
    return Ending(text=say(NOTHING_ADDED), buttons=_back())


def _back() -> Buttons:
    return [[menu_item(MY_REPORTS, "mine"), menu_item(BACK, "menu")]]


register(NotFixed, finish_not_fixed)
register(Evidence, finish_evidence)


@router.callback_query(VerdictTap.filter(F.do == "photo"))
async def photo(query: CallbackQuery, callback_data: VerdictTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        verdicts.may_show(act, callback_data.report, callback_data.asking)
        Talk(act, desk.user_id).begin("evidence", about_of(callback_data))

    await desk.write(work)


@router.callback_query(VerdictTap.filter())
async def verdict(query: CallbackQuery, callback_data: VerdictTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        about = about_of(callback_data)
        outcome = verdicts.judge(act, callback_data.report, callback_data.asking, callback_data.do)
        if outcome in ("reopen", "ask_gestor"):
            text = REOPENED if outcome == "reopen" else ASKED_GESTOR
            act.turn.owe(desk.user_id, parcel.message(say(text)))
            Talk(act, desk.user_id).begin("not_fixed", about)
            return
        show = VerdictTap(do="photo", report=callback_data.report, asking=callback_data.asking)
        buttons = [[parcel.button(say(ADD_PHOTO), show.pack())], *_back()]
        text = THANKS if outcome == "thanks" else THANKS_ANYWAY
        act.turn.owe(desk.user_id, parcel.message(say(text), buttons))

    await desk.write(work)


def about_of(tap: VerdictTap) -> About:
    return {"report": tap.report, "asking": tap.asking}
