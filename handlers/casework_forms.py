"""The team's forms about a report: handed what they need, each ended in its action.

Whose role has ended meanwhile is handed nothing of the report, and can still leave the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import (
    bans,
    casework,
    merging,
    overtaken,
    pseudonyms,
    redacting,
    reports,
    team_card,
)
from actions.act import GESTOR, Act, Refused
from flows import closing
from flows.answer import After, Answer, Asking, Note
from flows.ban import Ban
from flows.closing import Closing, Merging
from flows.context import HandedList, Option
from flows.phrase import N_, Phrase, lines, moment, names, say
from flows.redact import Redact
from handlers import templates
from handlers.casework import TO_CARD
from handlers.doors import number_in
from handlers.registration import About, Ending, Handed, register
from handlers.reports import photos_of
from storage.parcel import Buttons
from storage.report import Report

CANNOT_READ = N_(
    "Done: it is with the report. The person who reported cannot be written to now: they have "
    "blocked this chat or left. They will find it in /misreportes if they come back."
)
NOBODY_READS = N_(
    "Done: it is with the report. Whoever told it is no longer here to be written to."
)
YOU_WROTE = N_("What you had written: “{words}”")
CANNOT_ANSWER = N_(
    "Done. The person who reported will read it, but is banned and cannot answer here until {when}."
)
SOMEBODY_ELSE = N_("Somebody else")
CLOSED = "closed"


def report_of(act: Act, about: About) -> Report | None:
    """The report of a form, while whoever fills it in is of the team."""
    return act.session.get(Report, about["report"]) if act.is_gestor() else None


def seen(act: Act, about: About) -> int | None:
    """What a form was opened on; for another try it has seen what stands now."""
    before = about.get("seen")
    about["seen"] = overtaken.newest(act, reports.get(act, about["report"]))
    return int(before) if before is not None else None


def back(act: Act, about: About) -> Buttons:
    """The way back to the card."""
    report = reports.get(act, about["report"])
    return [[team_card.button(say(TO_CARD), report, "card")]]


def hand_code(act: Act, about: About) -> Handed:
    report = report_of(act, about)
    return Handed(params={"code": report.code if report is not None else "…"})


def hand_answer(act: Act, about: About) -> Handed:
    """What an answer can be chosen from."""
    report = report_of(act, about)
    if report is None:
        return Handed({"ready": []}, {"code": "…"})
    return Handed({"ready": templates.ready(act, report, report.state)}, {"code": report.code})


def whose(answers: Mapping[str, Any]) -> str | None:
    """Whose the report is, as a closing says so far."""
    if answers.get("how") != closing.NOT_RESPONSIBLE:
        return None
    body = answers.get("body")
    return answers.get("other") or (body if body != closing.OTHER else None)


def hand_other(act: Act, about: About) -> Handed:
    """What joining a report to another needs, and whose it may be."""
    report = report_of(act, about)
    if report is None:
        lists: dict[str, HandedList] = {"bodies": [], "ready": []}
        return Handed(lists, {"code": "…", "near": [], "against": lambda code: None})
    params: dict[str, Any] = {
        "code": report.code,
        "near": merging.near(act, report),
        "against": lambda code: merging.against(act, report, code),
    }

    def reasons(answers: Mapping[str, Any]) -> list[Option]:
        return templates.ready(act, report, CLOSED, whose(answers))

    return Handed({"bodies": bodies(act, report), "ready": reasons}, params)


def bodies(act: Act, report: Report) -> list[Option]:
    """Who is responsible for what: the report's own category first, then somebody else, whom no
    list holds, then the others."""
    own = act.town.category(report.category_id)
    found: dict[str, Phrase] = {}
    for category in [*([own] if own is not None else []), *act.town.categories]:
        if category.responsible:
            found.setdefault(body_name(act, category.responsible), names(category.responsible))
    options = [Option(name, label) for name, label in found.items()]
    first = 1 if own is not None and own.responsible else 0
    return [*options[:first], Option(closing.OTHER, say(SOMEBODY_ELSE)), *options[first:]]


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


def _unheard(act: Act, about: About, *, asked: bool = False) -> Phrase | None:
    """What is said instead of "the person who reported will read it" where they will not; or,
    `asked` something, cannot answer."""
    person = pseudonyms.teller(act, reports.get(act, about["report"]))
    if person is None:
        return say(NOBODY_READS)
    if not person.reachable:
        return say(CANNOT_READ)
    if asked and bans.is_banned(act, person):
        assert person.banned_until is not None
        return say(CANNOT_ANSWER, when=moment(person.banned_until))
    return None


def finish_answer(act: Act, about: About, record: Answer) -> Ending:
    report = reports.get(act, about["report"])
    said, shown = templates.chosen(act, report, report.state, record.text)
    casework.answer(act, about["report"], said, shown, seen=seen(act, about))
    return Ending(text=_unheard(act, about), buttons=back(act, about))


def finish_asking(act: Act, about: About, record: Asking) -> Ending:
    casework.ask(act, about["report"], record.question, seen=seen(act, about))
    return Ending(text=_unheard(act, about, asked=True), buttons=back(act, about))


def finish_note(act: Act, about: About, record: Note) -> Ending:
    casework.note(act, about["report"], record.text)
    return Ending(buttons=back(act, about))


def finish_after(act: Act, about: About, record: After) -> Ending:
    casework.add_after(act, about["report"], photos_of(record.photos), record.text)
    return Ending(text=_unheard(act, about), buttons=back(act, about))


def finish_closing(act: Act, about: About, record: Closing) -> Ending:
    if record.how == closing.DUPLICATE:
        return finish_merging(act, about, Merging(original=record.original or ""))
    report, body = reports.get(act, about["report"]), record.other or record.body
    said, shown = templates.chosen(act, report, CLOSED, record.reason or "", body)
    try:
        casework.move(
            act,
            about["report"],
            CLOSED,
            said,
            seen=seen(act, about),
            closed_as=record.how,
            responsible=body,
            shown=shown,
        )
    except Refused as refusal:
        return _too_late(act, about, refusal, shown or said)
    return Ending(text=_unheard(act, about), buttons=back(act, about))


def _too_late(act: Act, about: About, refusal: Refused, given: Phrase | None = None) -> Ending:
    """What can no longer be done is said beside the card, with what she wrote for it. Raises the
    refusal where it may be done yet."""
    if refusal.for_now:
        raise refusal
    text = [refusal.reason]
    if given is not None:
        text.append(say(YOU_WROTE, words=given))
    return Ending(text=lines(text), buttons=back(act, about))


def finish_merging(act: Act, about: About, record: Merging) -> Ending:
    try:
        original = merging.merge(act, about["report"], record.original, seen=seen(act, about))
    except Refused as refusal:
        return _too_late(act, about, refusal)
    shown = team_card.button(say(TO_CARD), original, "card")
    return Ending(values={"code": original.code}, buttons=[[shown]])


def finish_redact(act: Act, about: About, record: Redact) -> Ending:
    report = redacting.redact(act, about["report"], record.what, record.instead)
    return Ending(values={"code": report.code}, buttons=back(act, about))


def finish_ban(act: Act, about: About, record: Ban) -> Ending:
    person, days = number_in(record.person), number_in(record.days)
    bans.ban(act, about["report"], person, days, record.reason)
    return Ending(buttons=back(act, about))


register(Answer, finish_answer, hand_answer, GESTOR)
register(Asking, finish_asking, hand_code, GESTOR)
register(Note, finish_note, hand_code, GESTOR)
register(After, finish_after, hand_code, GESTOR)
register(Closing, finish_closing, hand_other, GESTOR)
register(Merging, finish_merging, hand_other, GESTOR)
register(Redact, finish_redact, hand_pieces, GESTOR)
register(Ban, finish_ban, hand_people, GESTOR)
