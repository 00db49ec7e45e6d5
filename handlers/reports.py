"""A report told in chat: from the first question, past what is known already, to its code."""

from __future__ import annotations

from typing import Any

from aiogram import Router

from actions import additions, barrios, nearby, reports
from actions.act import CITIZEN, Act
from actions.buttons import NeighbourTap
from actions.world import TownView
from flows.declare import Flow
from flows.given import Content
from flows.grown import Chose, extra_of, grown
from flows.more import More
from flows.phrase import N_, Phrase, day, say
from flows.question import Question
from flows.report import Report as ReportFlow
from flows.spec import attributes_of, questions_of
from flows.values import Picture, Recording
from handlers.doors import door, number_in
from handlers.menu import BACK, MY_REPORTS, menu_item
from handlers.registration import About, Ending, Handed, grown_once, register
from handlers.talk import Talk
from storage import parcel, report_event
from storage.report import Report
from storage.report_event import QUESTION

router = Router(name="reports")

DONE = N_("Thank you! Your report is <b>{code}</b>.")
BY = N_("The team means to deal with it by {day}.")
SEEN_BY = N_("Your neighbours can see it and join it, without your name.")
ONLY_TEAM = N_("🔒 Only for the team")
LOOK = N_("See {code}")
JOINED = N_("Thank you! You have joined report <b>{code}</b>: you will hear what becomes of it.")
ADDED = N_("Thank you! I added it to your report <b>{code}</b>.")
WITHOUT_PHOTOS = N_(
    "Thank you! I added it to report <b>{code}</b>, but not every photo: there are enough of yours."
)
NOTHING_KEPT = N_("Cancelled. Nothing was kept.")


def photos_of(answers: Any) -> list[dict[str, str]]:
    """A flow's pictures as an action takes them."""
    pictures: tuple[Picture, ...] = tuple(answers or ())
    return [{"file_id": p.file_id, "unique_id": p.unique_id, "kind": p.kind} for p in pictures]


def said_of(answer: Any) -> str | None:
    """What a flow's answer says in writing: the text, or what was written with a voice note."""
    return answer.words if isinstance(answer, Recording) else answer


def voice_of(answer: Any) -> dict[str, Any] | None:
    """A flow's voice note as an action takes it."""
    if isinstance(answer, Recording):
        return {"file_id": answer.voice, "seconds": answer.seconds}
    return None


def hand_report(act: Act, about: About) -> Handed:
    return Handed(
        lists={
            "categories": act.town.category_options,
            "barrios": barrios.lister(act),
            "nearby": nearby.lister(act),
        }
    )


@grown_once
def with_questions(town: TownView, flow: Flow) -> Flow:
    """The flow with what each category asks of its own, once it is known to be nobody else's."""
    asked: dict[str, Question] = {}
    for category in town.categories:
        chosen = Chose("category", category.key)
        asked |= questions_of(category.id or 0, category.questions, when=chosen)
    return grown(flow, after="same", questions=asked)


def attributes(act: Act, record: ReportFlow) -> dict[str, Any]:
    """The answers to the category's own questions, by their keys; those skipped are none."""
    kind = next((c for c in act.town.categories if c.key == record.category), None)
    if kind is None:
        return {}
    given = attributes_of(kind.id or 0, kind.questions, extra_of(record))
    return {key: value for key, value in given.items() if value is not None}


def finish_report(act: Act, about: About, record: ReportFlow) -> Ending:
    details: Any = record.details
    said = said_of(details)
    place = record.place.words or record.place.label
    same = nearby.chosen(record.same)
    if same is not None:
        return _join(act, same, said, voice_of(details), photos_of(record.photos), place)
    report = reports.file(
        act,
        category=str(record.category),
        said=said,
        voice=voice_of(details),
        latitude=record.place.latitude,
        longitude=record.place.longitude,
        address=place,
        barrio=record.barrio,
        photos=photos_of(record.photos),
        outside=record.place.outside,
        attributes=attributes(act, record),
        another=record.same is not None,
    )
    return Ending(text=_thanks(act, report), buttons=_ways(report))


def _join(
    act: Act,
    number: int,
    said: str | None,
    voice: dict[str, Any] | None,
    photos: list[dict[str, str]],
    place: str | None,
) -> Ending:
    """It is known already: one's own is added to, a neighbour's is joined; nothing is lost, nor
    what they call the place, where the report says another."""
    report = reports.seen(act, number)
    if place and place != report.address:
        said = f"{said}\n{place}" if said else place
    own = reports.is_mine(act, report)
    additions.not_too_often(act)
    if not own:
        reports.support(act, number)
    additions.add(act, number, said=said, voice=voice, photos=photos)
    return Ending(text=say(ADDED if own else JOINED, code=report.code), buttons=_ways(report))


def _thanks(act: Act, report: Report) -> Phrase:
    told: list[Phrase] = [say(DONE, code=report.code)]
    if report.due_at is not None:
        told.append(say(BY, day=day(report.due_at.astimezone(act.town.zone).date())))
    if not report.private:
        told.append(say(SEEN_BY))
    return {"lines": told}


def _ways(report: Report) -> parcel.Buttons:
    rows: parcel.Buttons = [
        [parcel.button(say(LOOK, code=report.code), menu_to(report))],
        [menu_item(MY_REPORTS, "mine"), menu_item(BACK, "menu")],
    ]
    if not report.private and not report.supports:
        private = NeighbourTap(do="private", report=report.id or 0, word="new").pack()
        rows[0].append(parcel.button(say(ONLY_TEAM), private))
    return rows


def menu_to(report: Report) -> str:
    """What a button to a report as neighbours read it carries."""
    return str(menu_item(LOOK, "view", report.code[2:])["data"])


def finish_more(act: Act, about: About, record: More) -> Ending:
    if not record.words and not record.photos:
        return Ending(text=say(NOTHING_KEPT))
    room = reports.room_for_photos(act, reports.followed(act, about["report"]))
    report = additions.add(
        act,
        about["report"],
        said=said_of(record.words),
        voice=voice_of(record.words),
        photos=photos_of(record.photos),
    )
    too_many = len(record.photos or ()) > room - isinstance(record.words, Recording)
    return Ending(
        text=say(WITHOUT_PHOTOS, code=report.code) if too_many else None,
        values={"code": report.code},
        buttons=ways_from_added(report),
    )


def ways_from_added(report: Report) -> parcel.Buttons:
    """Where to go once something was added to a report."""
    look = parcel.button(say(LOOK, code=report.code), menu_to(report))
    return [[look], [menu_item(BACK, "menu")]]


def hand_more(act: Act, about: About) -> Handed:
    report = reports.followed(act, about["report"])
    question = ""
    if about.get("asked") and reports.is_mine(act, report):
        asked = report_event.last_events(act.session, report.id or 0, (QUESTION,), 1)
        question = (asked[0].words if asked else None) or ""
    return Handed(params={"code": report.code, "question": question})


register(ReportFlow, finish_report, hand_report, CITIZEN, with_questions)
register(More, finish_more, hand_more)


def begin_report(
    act: Act,
    chat_id: int,
    about: About | None = None,
    prefilled: dict[str, Any] | None = None,
    sent: Content | None = None,
) -> None:
    """Begin a report, with what is known of it already and what was `sent`. Raises Refused for who
    may not tell."""
    reports.not_banned(act)
    Talk(act, chat_id).begin("report", about, prefilled, sent=sent)


@door("report")
def open_report(act: Act, chat_id: int, about: str) -> None:
    begin_report(act, chat_id)


@door("more")
def open_more(act: Act, chat_id: int, about: str) -> None:
    """The answer to what a gestor asked. Raises Refused for who may not tell."""
    reports.not_banned(act)
    report = reports.mine(act, number_in(about))
    Talk(act, chat_id).begin("more", {"report": report.id, "asked": True})
