"""What became of what one told or joined, and any report by its code: seen, joined, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import own_reports, pseudonyms, report_cards, report_views, reports
from actions import report_words as words
from actions.act import CITIZEN, Act, Refused, require
from actions.buttons import NeighbourTap, Page
from flows.phrase import N_, Phrase, lines, say
from flows.pseudonym import Pseudonym
from handlers.desk import Desk
from handlers.doors import door
from handlers.menu import BACK, MY_REPORTS, menu_item, turn_page
from handlers.registration import About, Ending, Handed, register
from handlers.reports import LOOK, menu_to
from handlers.talk import OLD_BUTTON, Talk
from storage import neighbours, parcel
from storage.parcel import Parcel
from storage.report import PHOTO, Report

router = Router(name="my_reports")

A_PAGE = 5
MOST_IN_ALBUM = 10
NONE_YET = N_("You have not told us of any problem yet.")
YOURS = N_("<b>What you told and what you joined</b>")
TELL_US = N_("📣 Report a problem")
SEEN_AS = N_("How others see you: <b>{name}</b>")
CHANGE_NAME = N_("✏️ How others see me")
JOINED_MARK = N_("🤝 You have joined it")
WHICH = N_("Write /reporte and the code of the report, like this: /reporte R-1001")
NOT_FOUND = N_("There is no report with that code. Please look at it again: it is like R-1001.")
NOW_JOINED = N_("You have joined it: you will hear what becomes of it.")
NOW_LEFT = N_("Done: you will hear no more of it.")
NOW_BACK = N_("Done: it was taken back.")
NOW_LET_GO = N_("Done: you will hear no more of it. It stays open for those who joined it.")
NOW_MENDED = N_("Thank you! The team knows now.")
NOW_PRIVATE = N_("Done: only you and the team can see it.")
NOW_PUBLIC = N_("Done: your neighbours can see it, without your name.")
NO_PHOTOS = N_("This report has no photos.")
NAME_KEPT = N_("Done. Your neighbours see your reports under <b>{name}</b>.")
NAME_GONE = N_("Done. Your neighbours see your reports as told by “a neighbour”.")

Tapped: TypeAlias = Callable[[Act, Report, int, str], None]


@door("mine")
def open_mine(act: Act, chat_id: int, about: str) -> None:
    require(act, CITIZEN)
    act.turn.card(chat_id, "mine", mine_page(act, 0), anew=True)


def mine_page(act: Act, number: int) -> Parcel:
    """A page of what somebody told or joined, each with the way to it."""
    found = neighbours.theirs(act.session, act.my_id, number * A_PAGE, A_PAGE + 1)
    name = act.me.pseudonym
    seen_as = say(SEEN_AS, name=name or say(report_views.NEIGHBOUR))
    change = [menu_item(CHANGE_NAME, "pseudonym")]
    if not found and number == 0:
        rows = [[menu_item(TELL_US, "report")], [menu_item(BACK, "menu")]]
        return parcel.message(say(NONE_YET), rows)
    shown = found[:A_PAGE]
    looks = [parcel.button(say(LOOK, code=one.code), menu_to(one)) for one in shown]
    pages = turn_page("mine", number, number + 2 if len(found) > A_PAGE else number + 1)
    text: list[Phrase] = [say(YOURS), ""]
    for one in shown:
        text += [_paragraph(act, one), ""]
    text.append(seen_as)
    return parcel.message(
        lines(text),
        [
            *(looks[i : i + 2] for i in range(0, len(looks), 2)),
            *([pages] if pages else []),
            change,
            [menu_item(BACK, "menu")],
        ],
    )


def _paragraph(act: Act, report: Report) -> Phrase:
    told = [
        say(words.HEADING, **words.head(act, report)),
        words.standing(act, report),
        words.where(act, report),
    ]
    if not reports.is_mine(act, report):
        told.append(say(JOINED_MARK))
    return lines(told)


@router.callback_query(Page.filter(F.what == "mine"))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, CITIZEN)
        number = min(max(callback_data.number, 0), 10_000)
        act.turn.card(desk.user_id, "mine", mine_page(act, number))

    await desk.write(work, then="mine")


@door("r")
def open_one(act: Act, chat_id: int, about: str) -> None:
    """A report by its code: its card for a gestor, for anybody else what neighbours may read."""
    report = _by_code(act, chat_id, about)
    if report is None:
        return
    if act.agreed() and act.is_gestor():
        report_cards.show(act, report, chat_id)
    else:
        report_views.show(act, report, chat_id)


@door("view")
def open_view(act: Act, chat_id: int, about: str) -> None:
    """A report by its code, as neighbours read it, whoever asks."""
    report = _by_code(act, chat_id, about)
    if report is not None:
        report_views.show(act, report, chat_id)


def _by_code(act: Act, chat_id: int, about: str) -> Report | None:
    """The report of this code; where there is none, they were told what to do."""
    code = reports.code_in(about)
    ways = [[menu_item(MY_REPORTS, "mine"), menu_item(BACK, "menu")]]
    try:
        if code is not None:
            return reports.seen(act, code)
    except Refused:
        pass
    told = say(NOT_FOUND) if about else say(WHICH)
    act.turn.owe(chat_id, parcel.message(told, ways))
    return None


def _photos(act: Act, report: Report, chat_id: int, word: str) -> None:
    """The photos anybody may see, as albums; those that came as files, as files."""
    found = report_views.photos(act, report)
    caption = say(words.HEADING, **words.head(act, report))
    pictures = [photo.file_id for photo in found if photo.kind == PHOTO]
    for first in range(0, len(pictures), MOST_IN_ALBUM):
        some = pictures[first : first + MOST_IN_ALBUM]
        if len(some) >= 2:
            act.turn.owe(chat_id, parcel.album(some, caption))
        else:
            act.turn.owe(chat_id, parcel.message(caption, photo=some[0]))
    for photo in found:
        if photo.kind != PHOTO:
            act.turn.owe(chat_id, parcel.message(caption, document=photo.file_id))
    if not found:
        act.turn.answer(say(NO_PHOTOS))


def _place(act: Act, report: Report, chat_id: int, word: str) -> None:
    if report.latitude is None or report.longitude is None:
        act.turn.answer(say(OLD_BUTTON))
        return
    territory = act.town.territory(report.territory_id)
    title = say(words.HEADING, **words.head(act, report))
    where = territory.name if territory else act.town.name
    act.turn.owe(chat_id, parcel.venue(report.latitude, report.longitude, title, where))


def _add(act: Act, report: Report, chat_id: int, word: str) -> None:
    reports.not_banned(act)
    followed = reports.followed(act, report.id or 0)
    Talk(act, chat_id).begin("more", {"report": followed.id})


def _join(act: Act, report: Report, chat_id: int, word: str) -> None:
    reports.support(act, report.id or 0)
    act.turn.answer(say(NOW_JOINED))
    report_views.show(act, report, chat_id, anew=False)


def _sure(
    what: str,
    verb: Callable[[Act, int], Report],
    told: str | Callable[[Report], str],
    may: Callable[[Act, int], Report],
) -> Tapped:
    """A verb that is asked about once before it is done."""

    def tap(act: Act, report: Report, chat_id: int, word: str) -> None:
        number = report.id or 0
        if word == "yes":
            done = verb(act, number)
            act.turn.answer(say(told if isinstance(told, str) else told(done)))
        else:
            may(act, number)
        if word:
            report_views.show(act, report, chat_id, anew=False)
        else:
            report_views.ask_first(act, report, chat_id, what)

    return tap


def _private(act: Act, report: Report, chat_id: int, word: str) -> None:
    own_reports.set_private(act, report.id or 0, True)
    act.turn.answer(say(NOW_PRIVATE))
    report_views.show(act, report, chat_id, anew=word == "new")


def _public(act: Act, report: Report, chat_id: int, word: str) -> None:
    own_reports.set_private(act, report.id or 0, False)
    act.turn.answer(say(NOW_PUBLIC))
    report_views.show(act, report, chat_id, anew=False)


def _taken_back(report: Report) -> str:
    return NOW_LET_GO if report.person_id is None else NOW_BACK


TAPS: dict[str, Tapped] = {
    "photos": _photos,
    "place": _place,
    "add": _add,
    "join": _join,
    "leave": _sure("leave", reports.unsupport, NOW_LEFT, reports.known),
    "withdraw": _sure("withdraw", own_reports.withdraw, _taken_back, reports.mine),
    "mended": _sure("mended", own_reports.mended, NOW_MENDED, reports.mine),
    "private": _private,
    "public": _public,
}


@router.callback_query(NeighbourTap.filter())
async def tapped(query: CallbackQuery, callback_data: NeighbourTap, desk: Desk) -> None:
    code = reports.code_of(callback_data.report)

    def work(act: Act) -> None:
        tap = TAPS.get(callback_data.do)
        if tap is None:
            act.turn.answer(say(OLD_BUTTON))
            return
        # Whoever joined it may leave it, also what is the team's alone by now.
        find = reports.known if callback_data.do == "leave" else reports.seen
        tap(act, find(act, callback_data.report), desk.user_id, callback_data.word)

    await desk.write(work, then=f"view-{code[2:]}")


def hand_pseudonym(act: Act, about: About) -> Handed:
    return Handed(params={"name": act.me.pseudonym or ""})


def finish_pseudonym(act: Act, about: About, record: Pseudonym) -> Ending:
    try:
        pseudonyms.set_pseudonym(act, record.name)
    except Refused as refusal:
        if refusal.for_now:
            raise
        again = [menu_item(CHANGE_NAME, "pseudonym")]
        return Ending(text=refusal.reason, buttons=[again, [menu_item(BACK, "menu")]])
    text = say(NAME_KEPT, name=record.name) if record.name else say(NAME_GONE)
    return Ending(text=text, buttons=[[menu_item(MY_REPORTS, "mine"), menu_item(BACK, "menu")]])


register(Pseudonym, finish_pseudonym, hand_pseudonym)


@door("pseudonym")
def open_pseudonym(act: Act, chat_id: int, about: str) -> None:
    reports.not_banned(act)
    Talk(act, chat_id).begin("pseudonym")
