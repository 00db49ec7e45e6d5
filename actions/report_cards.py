"""The team's cards: each chat of the team has one card of a report, and it is always up to date."""

from __future__ import annotations

from actions import deadlines, mornings, team_card
from actions.act import Act
from civic import moments
from storage import card as cards
from storage import due, letter, staff
from storage import person as people
from storage.parcel import Buttons
from storage.report import Report


def subject(report: Report) -> str:
    """The name of a report's card."""
    return f"report:{report.id}"


def refresh(act: Act, report: Report, *, anew: bool = False) -> None:
    """Bring every card of a report up to date; `anew` puts it at the bottom of private chats.

    In a group a report is one card, whatever happens to it. Whoever is of the team no more keeps
    the card as it was: they see nothing new.
    """
    chats = cards.chats_of(act.session, subject(report))
    if not chats:
        return
    team = of_the_team(act)
    card = team_card.card(act, report)
    for chat_id in chats:
        if chat_id in team:
            act.turn.card(chat_id, subject(report), card, anew=anew and chat_id > 0)


def of_the_team(act: Act) -> set[int]:
    """The chats in which a card may be shown: gestores', admins', the team's groups."""
    gestores = people.holders(act.session, people.GESTOR)
    groups = staff.groups(act.session)
    return {p.telegram_id for p in gestores} | act.world.admins | {g.chat_id for g in groups}


def put(act: Act, report: Report, chat_id: int) -> None:
    """Have a report's card in a chat of the team: brought up to date where it stands, or sent."""
    act.turn.card(chat_id, subject(report), team_card.card(act, report))


def show(act: Act, report: Report, chat_id: int) -> None:
    """Put a report's card at the bottom of a chat of the team."""
    act.turn.card(chat_id, subject(report), team_card.card(act, report), anew=True)


def turn(
    act: Act, report: Report, chat_id: int, message_id: int | None, face: Buttons | None
) -> None:
    """Show other buttons on the card that was tapped (None: the main ones).

    Tapped on a message that is the card no more, or where there is none, a fresh one comes at the
    bottom: of a private chat, where nobody else is bothered.
    """
    act.turn.flush()
    carrier = cards.letter_of(act.session, chat_id, subject(report))
    standing = letter.by_id(act.session, carrier) if carrier is not None else None
    tapped = standing is not None and standing["message_id"] == message_id
    if not tapped and chat_id < 0:
        chat_id = act.actor.telegram_id
    act.turn.card(chat_id, subject(report), team_card.card(act, report, face), anew=not tapped)


def hand_out(act: Act, report: Report) -> None:
    """Give a new report to the team: a card at once, or with each gestor's next digest."""
    deadlines.watch(act, report)
    mornings.plan(act)
    for group in staff.groups(act.session):
        put(act, report, group.chat_id)
    told: set[int] = set()
    for person in people.holders(act.session, people.GESTOR):
        told.add(person.telegram_id)
        at = moments.next_digest(person.digest, act.now, act.town.zone)
        if at is None:
            put(act, report, person.telegram_id)
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
            put(act, report, admin)
