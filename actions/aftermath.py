"""After somebody was erased: what others have on their screens no longer shows them, and what is
left of them in long tables goes, their name among it. In pieces, so that nobody waits; at the end
nothing is left of the list itself.
"""

from __future__ import annotations

from typing import Any

from actions import meeting_words, outdated, report_cards, report_views, town_names
from actions.act import SYSTEM, Act, action
from actions.buttons import GroupTap, Menu
from civic import naming
from flows.phrase import N_, say
from storage import card as cards
from storage import forgetting, parcel, unnaming
from storage import person as people
from storage.group import Meeting, WorkingGroup
from storage.report import Report

TAKEN_BACK = N_("What stood here was taken back by whoever told it.")
CARDS_A_PIECE = 20
ROWS_A_PIECE = 2000

Facts = dict[str, Any]


@action(SYSTEM)
def clear_up(act: Act, facts: Facts, person_id: int) -> tuple[Facts, bool]:
    """One piece of what is to be done after erasing: what is left to do, empty at the end; and
    whether it must wait until a letter has left."""
    for name, clear in (("reports", _report), ("meetings", _meeting), ("groups", _group)):
        if facts.get(name):
            if name == "reports":
                about_them = naming.pattern(facts["names"])
                unnaming.near(act.session, facts[name][:CARDS_A_PIECE], about_them)
            for number in facts[name][:CARDS_A_PIECE]:
                clear(act, number)
            return {**facts, name: facts[name][CARDS_A_PIECE:]}, False
    if facts.get("text", 0) is not None:
        return _texts(act, facts), False
    if facts.get("staff"):
        return _staff(act, facts, person_id), False
    if "updates" not in facts:
        outdated.turn_over(act, "bans", Menu(what="bans"))
    if "updates" not in facts or facts["updates"] is not None:
        after = forgetting.forget_updates(
            act.session, facts["chat"], facts.get("updates"), ROWS_A_PIECE
        )
        return {**facts, "updates": after}, False
    left = [
        number for number in facts["letters"] if not forgetting.forget_letter(act.session, number)
    ]
    return ({**facts, "letters": left}, True) if left else ({}, False)


def _texts(act: Act, facts: Facts) -> Facts:
    """A piece of all that was ever written of reports: where a name that says by itself whom it
    means is found in it, it goes, and whoever has it on their screens sees it go."""
    names = [
        name
        for name in facts["names"]
        if naming.of_several_words(name) and not town_names.is_the_towns(act, name)
    ]
    number, hits = facts.get("text", 0), facts.get("hits", [])
    if names and number < len(unnaming.TEXTS) and len(hits) <= unnaming.MOST_ELSEWHERE:
        found, after = unnaming.elsewhere(
            act.session, number, facts.get("row", 0), ROWS_A_PIECE, names
        )
        number = number if after is not None else number + 1
        return {**facts, "text": number, "row": after or 0, "hits": [*hits, *found]}
    if len(hits) > unnaming.MOST_ELSEWHERE:
        hits = []
    reports = unnaming.take_out(act.session, hits, names)
    return {**facts, "text": None, "hits": [], "reports": reports}


def _report(act: Act, number: int) -> None:
    report = act.session.get(Report, number)
    if report is None:
        return
    team = report_cards.of_the_team(act)
    report_cards.refresh(act, report)
    for chat_id in cards.chats_of(act.session, report_cards.subject(report)):
        if chat_id not in team:
            # Whoever is of the team no more keeps no card of it either.
            act.turn.card(chat_id, report_cards.subject(report), parcel.message(say(TAKEN_BACK)))
    for name in ("history", "originals"):
        for chat_id in cards.chats_of(act.session, f"{name}:{number}"):
            why = TAKEN_BACK if report.person_id is None else outdated.OUTDATED
            act.turn.card(chat_id, f"{name}:{number}", parcel.message(say(why)))
    report_views.turn_over(act, report)


def _meeting(act: Act, number: int) -> None:
    meeting = act.session.get(Meeting, number)
    group = act.session.get(WorkingGroup, meeting.group_id) if meeting is not None else None
    if meeting is None or group is None:
        return
    meeting_words.refresh(act, meeting, group)
    subject = meeting_words.leader_card(meeting)
    for chat_id in cards.chats_of(act.session, subject):
        person = people.by_telegram(act.session, chat_id)
        if person is None or not meeting_words.may_lead(act, person, group.id or 0):
            act.turn.card(chat_id, subject, parcel.message(say(outdated.OUTDATED)))


def _group(act: Act, number: int) -> None:
    outdated.turn_over(act, f"members:{number}", GroupTap(do="members", group=number))


def _staff(act: Act, facts: Facts, person_id: int) -> Facts:
    """Lists of the team and what was once theirs to do; then no more of it."""
    steps = (("events", forgetting.forget_assignments), ("audit", forgetting.forget_audited))
    for name, forget in steps:
        if facts.get(name, 0) is not None:
            after = forget(act.session, person_id, facts.get(name) or 0, ROWS_A_PIECE)
            return {**facts, name: after}
    outdated.turn_over(act, "roles", Menu(what="roles"))
    outdated.turn_over(act, "tray", Menu(what="tray"))
    return {**facts, "staff": False}
