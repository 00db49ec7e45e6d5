"""Ready answers in chat: read in full where they are offered, sent with one tap, or left alone.

They are offered in private, after a move and wherever words for whoever told it are asked for.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

import locales
from actions import overtaken, reports, team_card, templates
from actions import report_words as words
from actions.act import GESTOR, Act, Refused, require
from actions.buttons import TemplateTap
from actions.templates import Spell
from flows.context import Option
from flows.phrase import N_, Phrase, lines, names, say
from flows.ready import MARK
from handlers.desk import Desk
from handlers.talk import Talk
from storage import parcel
from storage.parcel import Buttons
from storage.report import Report

router = Router(name="templates")

OFFER = N_("<b>{code}</b> · {state}\nWould you like to send an answer too? These are ready:")
ONE, SEND_ONE = N_("• <b>{name}</b>: “{text}”"), N_("📨 Send: {name}")
OWN_WORDS = N_("✏️ Write my own")
TO_CARD = N_("See the card")
SENT = N_("📨 Sent to those who wait for <b>{code}</b>:\n“{text}”")


def card_button(report: Report) -> dict[str, object]:
    """The way to a report's card."""
    return team_card.button(say(TO_CARD), report, "card")


def spelling(act: Act) -> Spell:
    """How a ready text's values are written in a language."""
    zone = act.town.zone
    return lambda phrase, language: locales.sentence(phrase, language, zone, markup=False)


def offer(act: Act, report: Report, chat_id: int) -> None:
    """Offer what is ready for a report in the state it has now, where there is anything."""
    found = templates.matching(act, report, report.state)
    if not found:
        return
    text: list[Phrase] = [say(OFFER, code=report.code, state=words.standing(act, report))]
    rows: Buttons = []
    for template in found:
        name = names(template["names"])
        texts = templates.filled(act, report, template, spelling(act))
        text.append(say(ONE, name=name, text=names(texts)))
        tap = TemplateTap(do="send", report=report.id or 0, template=templates.token(template),
                          to=report.state)  # fmt: skip
        rows.append([parcel.button(say(SEND_ONE, name=name), tap.pack())])
    own = TemplateTap(do="own", report=report.id or 0)
    rows.append([parcel.button(say(OWN_WORDS), own.pack()), card_button(report)])
    act.turn.card(chat_id, "ready", parcel.message(lines(text), rows), anew=True)


def ready(act: Act, report: Report, state: str, responsible: str | None = None) -> list[Option]:
    """What is ready as options of a form, each with its whole text."""
    return [
        Option(
            MARK + templates.token(template),
            names(template["names"]),
            names(templates.filled(act, report, template, spelling(act), responsible)),
        )
        for template in templates.matching(act, report, state, responsible)
    ]


def chosen(
    act: Act, report: Report, state: str, said: str, responsible: str | None = None
) -> tuple[str, Phrase]:
    """What a form's answer is kept as, and what people read: a ready text, or the words written.

    Raises Refused for a ready text that is there no more.
    """
    if not said.startswith(MARK):
        return said, said
    template = templates.find(act, report, state, said.removeprefix(MARK), responsible)
    texts = templates.filled(act, report, template, spelling(act), responsible)
    return templates.in_town(act, texts), names(texts)


@router.callback_query(TemplateTap.filter(F.do == "send"))
async def send(query: CallbackQuery, callback_data: TemplateTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        if callback_data.to != report.state:
            # What was offered was for another moment of its life.
            raise Refused(say(templates.GONE))
        template = templates.find(act, report, report.state, callback_data.template)
        texts = names(templates.filled(act, report, template, spelling(act)))
        templates.send(act, callback_data.report, callback_data.template, spelling(act))
        done = say(SENT, code=report.code, text=texts)
        act.turn.card(desk.user_id, "ready", parcel.message(done, [[card_button(report)]]))

    await desk.write(work)


@router.callback_query(TemplateTap.filter(F.do == "own"))
async def own(query: CallbackQuery, callback_data: TemplateTap, desk: Desk) -> None:
    def work(act: Act) -> None:
        require(act, GESTOR)
        report = reports.get(act, callback_data.report)
        about = {"report": report.id, "seen": overtaken.newest(act, report)}
        Talk(act, desk.user_id).begin("answer", about)

    await desk.write(work)
