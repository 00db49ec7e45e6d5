"""Reports in chat: told by a flow, looked after on a card, judged by whoever told them."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import report_cards, reports
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, require
from actions.buttons import Page
from flows.more import More
from flows.phrase import N_, lines, say
from flows.report import Report as ReportFlow
from flows.values import Picture, Recording
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.menu import BACK, MY_REPORTS, menu_item, turn_page
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from storage import parcel
from storage import report as stored
from storage.parcel import Parcel

router = Router(name="reports")

A_PAGE = 5
NONE_YET = N_("You have not told us of any problem yet.")
YOURS = N_("<b>Your reports</b>")
TELL_US = N_("📣 Report a problem")


def photos_of(answers: Any) -> list[dict[str, str]]:
    """A flow's pictures as an action takes them."""
    pictures: tuple[Picture, ...] = tuple(answers or ())
    return [{"file_id": p.file_id, "unique_id": p.unique_id, "kind": p.kind} for p in pictures]


def voice_of(answer: Any) -> dict[str, Any] | None:
    """A flow's voice note as an action takes it."""
    if isinstance(answer, Recording):
        return {"file_id": answer.voice, "seconds": answer.seconds}
    return None


def hand_categories(act: Act, about: About) -> Handed:
    return Handed(lists={"categories": act.town.category_options})


def finish_report(act: Act, about: About, record: ReportFlow) -> Ending:
    details: Any = record.details
    report = reports.file(
        act,
        category=str(record.category),
        said=details if isinstance(details, str) else None,
        voice=voice_of(details),
        latitude=record.place.latitude,
        longitude=record.place.longitude,
        address=record.place.words or record.place.label,
        photos=photos_of(record.photos),
    )
    return Ending(
        values={"code": report.code},
        buttons=[[menu_item(MY_REPORTS, "mine"), menu_item(BACK, "menu")]],
    )


def finish_more(act: Act, about: About, record: More) -> Ending:
    if not record.words and not record.photos:
        return Ending(text=say(N_("Cancelled. Nothing was kept.")))
    report = reports.add(
        act,
        about["report"],
        said=record.words if isinstance(record.words, str) else None,
        voice=voice_of(record.words),
        photos=photos_of(record.photos),
    )
    return Ending(values={"code": report.code})


def hand_more(act: Act, about: About) -> Handed:
    report = reports.mine(act, about["report"])
    asked = stored.last_events(act.session, report.id or 0, ("question",), 1)
    question = asked[0].words if asked else None
    return Handed(params={"code": report.code, "question": question or ""})


register(ReportFlow, finish_report, hand_categories, CITIZEN)
register(More, finish_more, hand_more)


@door("report")
def open_report(act: Act, chat_id: int, about: str) -> None:
    Talk(act, chat_id).begin("report")


@door("more")
def open_more(act: Act, chat_id: int, about: str) -> None:
    report = reports.mine(act, number_in(about))
    Talk(act, chat_id).begin("more", {"report": report.id})


@door("mine")
def open_mine(act: Act, chat_id: int, about: str) -> None:
    require(act, CITIZEN)
    act.turn.card(chat_id, "mine", mine_page(act, 0), anew=True)


@door("r")
def open_one(act: Act, chat_id: int, about: str) -> None:
    """A report by its code, from a link: its card for a gestor, its state for who told it."""
    require(act, CITIZEN)
    report = stored.by_code(act.session, f"R-{about}")
    if report is None or (report.person_id != act.my_id and not act.is_gestor()):
        raise Refused(say(reports.NO_SUCH_REPORT))
    if act.is_gestor():
        report_cards.show(act, report, chat_id)
    else:
        act.turn.owe(chat_id, parcel.message(words.mine(act, [report])))


def mine_page(act: Act, number: int) -> Parcel:
    found = stored.page_of(
        act.session,
        states=None,
        person_id=act.my_id,
        skip=number * A_PAGE,
        most=A_PAGE + 1,
    )
    if not found and number == 0:
        return parcel.message(say(NONE_YET), [[menu_item(TELL_US, "report")]])
    row = turn_page("mine", number, number + 2 if len(found) > A_PAGE else number + 1)
    text = lines([say(YOURS), "", words.mine(act, found[:A_PAGE])])
    return parcel.message(text, [*([row] if row else []), [menu_item(BACK, "menu")]])


@router.callback_query(Page.filter(F.what == "mine"))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        number = min(max(callback_data.number, 0), 10_000)
        act.turn.card(desk.user_id, "mine", mine_page(act, number))

    await desk.write(work, then="mine")
