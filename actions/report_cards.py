"""The team's cards: each chat of the team has one card of a report, and it is always up to date."""

from __future__ import annotations

from actions import deadlines, mornings, team_card
from actions.act import Act
from civic import moments
from flows.phrase import N_, Phrase, say
from storage import card as cards
from storage import due, letter, parcel, staff
from storage import person as people
from storage.letter import Lane
from storage.parcel import Buttons
from storage.person import Person
from storage.report import Report

NOT_THERE = N_(
    "That chat is not the team's any more, so no reports are shown there. Here is the one you "
    "asked for."
)


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


def put(act: Act, report: Report, chat_id: int, lane: Lane = Lane.REPLY) -> None:
    """Have a report's card in a chat of the team: brought up to date where it stands, or sent."""
    act.turn.card(chat_id, subject(report), team_card.card(act, report), lane=lane)


def show(
    act: Act,
    report: Report,
    chat_id: int,
    face: Buttons | None = None,
    asked: Phrase | None = None,
) -> None:
    """Put a report's card at the bottom of a chat of the team."""
    card = team_card.card(act, report, face, asked)
    act.turn.card(chat_id, subject(report), card, anew=True)


def turn(
    act: Act,
    report: Report,
    chat_id: int,
    message_id: int | None,
    face: Buttons | None,
    asked: Phrase | None = None,
) -> None:
    """Show other buttons (None: the main ones) on the card that was tapped, `asked` above them.

    In a group the card is everybody's and keeps its buttons: others open in the private chat of
    whoever tapped. So do those of a card in a chat that is the team's no more, and it loses its
    own. Tapped on a message that is the card no more, a fresh one comes at the bottom.
    """
    if chat_id < 0:
        if staff.by_chat(act.session, chat_id) is None:
            strip = {"kind": "strip", "message_id": message_id}
            act.turn.owe(chat_id, strip, lane=Lane.REMINDER)
            act.turn.owe(act.actor.telegram_id, parcel.message(say(NOT_THERE)))
        show(act, report, act.actor.telegram_id, face, asked)
        return
    act.turn.flush()
    carrier = cards.letter_of(act.session, chat_id, subject(report))
    standing = letter.by_id(act.session, carrier) if carrier is not None else None
    tapped = standing is not None and standing["message_id"] == message_id
    card = team_card.card(act, report, face, asked)
    act.turn.card(chat_id, subject(report), card, anew=not tapped)


def hand_out(act: Act, report: Report) -> None:
    """Give a new report to the team: a card at once, or with each gestor's next digest."""
    deadlines.watch(act, report)
    mornings.plan(act)
    for group in staff.groups(act.session):
        put(act, report, group.chat_id)
    for person in handed_to(act):
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


def handed_to(act: Act) -> list[Person]:
    """Whom new reports are handed to: the gestores; the admins who have agreed while there is
    none."""
    admins = (people.by_telegram(act.session, admin) for admin in sorted(act.world.admins))
    gestores = people.holders(act.session, people.GESTOR)
    return gestores or [person for person in admins if person is not None]
