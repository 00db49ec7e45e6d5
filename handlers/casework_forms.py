"""The team's forms about a report: handed what they need, each ended in its action.

Whose role has ended meanwhile is handed nothing of the report, and can still leave the form.
"""

from __future__ import annotations

from typing import Any

from actions import bans, casework, merging, redacting, reports, team_card
from actions.act import GESTOR, Act
from flows import closing
from flows.answer import After, Answer, Asking, Note
from flows.ban import Ban
from flows.closing import Closing, Merging
from flows.context import Option
from flows.phrase import N_, Phrase, names, say
from flows.redact import Redact
from handlers.casework import TO_CARD
from handlers.doors import number_in
from handlers.registration import About, Ending, Handed, register
from handlers.reports import photos_of
from storage.parcel import Buttons
from storage.report import Report

SOMEBODY_ELSE = N_("Somebody else")


def report_of(act: Act, about: About) -> Report | None:
    """The report of a form, while whoever fills it in is of the team."""
    return act.session.get(Report, about["report"]) if act.is_gestor() else None


def back(act: Act, about: About) -> Buttons:
    """The way back to the card."""
    report = reports.get(act, about["report"])
    return [[team_card.button(say(TO_CARD), report, "card")]]


def hand_code(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    return Handed(params={"code": report.code if report is not None else "…"})


def hand_other(act: Act, about: About) -> Handed:
    """What joining a report to another needs, and whose it may be."""
    report = report_of(act, about)
    if report is None:
        return Handed({"bodies": []}, {"code": "…", "near": [], "against": lambda code: None})
    params: dict[str, Any] = {
        "code": report.code,
        "near": merging.near(act, report),
        "against": lambda code: merging.against(act, report, code),
    }
    return Handed({"bodies": bodies(act, report)}, params)


def bodies(act: Act, report: Report) -> list[Option]:
    """Who is responsible for what, the report's own category first, then somebody else."""
    own = act.town.category(report.category_id)
    found: dict[str, Phrase] = {}
    for category in [*([own] if own is not None else []), *act.town.categories]:
        if category.responsible:
            found.setdefault(body_name(act, category.responsible), names(category.responsible))
    options = [Option(name, label) for name, label in found.items()]
    return [*options, Option(closing.OTHER, say(SOMEBODY_ELSE))]


def body_name(act: Act, responsible: dict[str, str]) -> str:
    """A body's name as it is kept: in the town's own language."""
    return responsible.get(act.town.language) or next(iter(responsible.values()))


def hand_pieces(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    if report is None:
        return Handed({"parts": []}, {"code": "…"})
    found = redacting.pieces(act, report)
    options = [Option(one.key, one.label, photo=one.file_id) for one in found]
    return Handed({"parts": options}, {"code": report.code})


def hand_people(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    found = bans.writers(act, report) if report is not None else []
    return Handed({"people": [Option(str(number), label) for number, label in found]})


def finish_answer(act: Act, about: About, record: Answer) -> Ending:
    casework.answer(act, about["report"], record.text)
    return Ending(buttons=back(act, about))


def finish_asking(act: Act, about: About, record: Asking) -> Ending:
    casework.ask(act, about["report"], record.question)
    return Ending(buttons=back(act, about))


def finish_note(act: Act, about: About, record: Note) -> Ending:
    casework.note(act, about["report"], record.text)
    return Ending(buttons=back(act, about))


def finish_after(act: Act, about: About, record: After) -> Ending:
    casework.add_after(act, about["report"], photos_of(record.photos), record.text)
    return Ending(buttons=back(act, about))


def finish_closing(act: Act, about: About, record: Closing) -> Ending:
    if record.how == closing.DUPLICATE:
        merging.merge(act, about["report"], record.original or "", before=about.get("before"))
        return Ending(buttons=back(act, about))
    casework.move(
        act,
        about["report"],
        "closed",
        record.reason,
        before=about.get("before"),
        closed_as=record.how,
        responsible=record.other or record.body,
    )
    return Ending(buttons=back(act, about))


def finish_merging(act: Act, about: About, record: Merging) -> Ending:
    original = merging.merge(act, about["report"], record.original, before=about.get("before"))
    shown = team_card.button(say(TO_CARD), original, "card")
    return Ending(values={"code": original.code}, buttons=[[shown]])


def finish_redact(act: Act, about: About, record: Redact) -> Ending:
    report = redacting.redact(act, about["report"], record.what, record.instead)
    return Ending(values={"code": report.code}, buttons=back(act, about))


def finish_ban(act: Act, about: About, record: Ban) -> Ending:
    person, days = number_in(record.person), number_in(record.days)
    bans.ban(act, about["report"], person, days, record.reason)
    return Ending(buttons=back(act, about))


register(Answer, finish_answer, hand_code, GESTOR)
register(Asking, finish_asking, hand_code, GESTOR)
register(Note, finish_note, hand_code, GESTOR)
register(After, finish_after, hand_code, GESTOR)
register(Closing, finish_closing, hand_other, GESTOR)
register(Merging, finish_merging, hand_other, GESTOR)
register(Redact, finish_redact, hand_pieces, GESTOR)
register(Ban, finish_ban, hand_people, GESTOR)
