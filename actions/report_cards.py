"""The team's cards: each chat of the team has one card of a report, and it is always up to date."""

from __future__ import annotations

from actions import report_words as words
from actions.act import Act
from civic import moments
from storage import due, letter
from storage import person as people
from storage.report import Report


def subject(report: Report) -> str:
    """The name of a report's card."""
    return f"report:{report.id}"


def refresh(act: Act, report: Report, *, anew: bool = False) -> None:
    """Bring every card of a report up to date; `anew` puts it at the bottom of those chats."""
    for chat_id in letter.card_chats(act.session, subject(report)):
        act.turn.card(chat_id, subject(report), words.card(act, report), anew=anew)


def show(act: Act, report: Report, chat_id: int) -> None:
    """Put a report's card at the bottom of a gestor's chat."""
    act.turn.card(chat_id, subject(report), words.card(act, report), anew=True)


def hand_out(act: Act, report: Report) -> None:
    """Give a new report to the team: a card at once, or with each gestor's next digest."""
    told: set[int] = set()
    for person in people.holders(act.session, people.GESTOR):
        told.add(person.telegram_id)
        at = moments.next_digest(person.digest, act.now, act.town.zone)
        if at is None:
            act.turn.card(person.telegram_id, subject(report), words.card(act, report))
        else:
            assert person.id is not None
            due.plan(
                act.session,
                f"digest:{person.id}:{at.isoformat()}",
                "digest",
                person.id,
                at,
                first=report.id,
            )
    if told:
        return
    # While there is no gestor, the admins who have agreed hear of what comes in.
    for admin in sorted(act.world.admins):
        if people.by_telegram(act.session, admin) is not None:
            act.turn.card(admin, subject(report), words.card(act, report))
