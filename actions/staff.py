"""The team's own Telegram groups: each report is one card there, kept up to date for all of them.

Whoever is in such a chat reads every report, private ones too; what they may do is asked of each
of them at each press. Only a gestor links one, and it belongs to no working group.
"""

from __future__ import annotations

from typing import Any

from actions import staff_cards, team_card
from actions.act import ANYONE, GESTOR, SYSTEM, Act, Refused, action
from flows.phrase import N_, Phrase, say
from storage import group as groups
from storage import parcel, staff
from storage.letter import Lane
from storage.person import Person
from storage.staff import StaffGroup

NOT_IN_IT = frozenset({"left", "kicked"})
"""How somebody stands in a chat who does not read it."""
NOT_LINKED = N_("This chat is not the team's any more.")
A_WORKING_GROUP = N_(
    "This is the chat of the working group “{group}”, so it cannot be the team's too. Please "
    "create another chat for the team."
)
IS_PUBLIC = N_(
    "Anybody can find and read this chat, since it has a public name: @{name}. Make it private, or "
    "create another chat for the team."
)
STILL_THERE = N_(
    "{person} is not of the team any more. If they are still in the team's chat “{title}”, please "
    "take them out of it: everybody there reads every report."
)
THE_TEAMS = N_("This is the team's own chat, so it cannot be a working group's too.")
LOST = N_(
    "I was put out of the team's chat “{title}”, so no reports go there any more. To have them "
    "there again, add me to it and write /equipo in it."
)
IS_GONE = N_(
    "The team's chat “{title}” is not there any more, so no reports go there. To have them in a "
    "chat again, add me to one and write /equipo in it."
)
SILENCED = N_(
    "I may not write in the team's chat “{title}”, so no reports arrive there. Whoever "
    "administers it can allow me to send messages."
)
TOPIC_CLOSED = N_(
    "The topic in which I write is closed in the team's chat “{title}”, so no reports arrive "
    "there. Whoever administers it can open it again."
)


def of_chat(act: Act, chat_id: int) -> StaffGroup | None:
    """The team's group in this chat, if it is one."""
    return staff.by_chat(act.session, chat_id)


@action(GESTOR)
def may_link(act: Act, chat_id: int, name: str | None = None) -> None:
    """Raises Refused where this chat cannot become the team's; `name` is its public one."""
    if name:
        raise Refused(say(IS_PUBLIC, name=name))
    working = groups.by_telegram(act.session, chat_id)
    if working is not None:
        raise Refused(say(A_WORKING_GROUP, group=working.name))


@action(GESTOR)
def link(act: Act, chat_id: int, title: str, name: str | None = None) -> StaffGroup:
    """From now on each report is a card in this chat, what is open already too; linking it again
    changes nothing."""
    may_link(act, chat_id, name)
    known = of_chat(act, chat_id)
    if known is not None:
        return known
    made = StaffGroup(chat_id=chat_id, title=title, linked_by=act.my_id, linked_at=act.now)
    act.session.add(made)
    act.session.flush()
    act.audit("link_staff", f"staff_group:{made.id}")
    staff_cards.plan(act, made)
    return made


@action(GESTOR)
def unlink(act: Act, number: int) -> StaffGroup:
    """No more cards in this chat; those there lose their buttons. The group as it was."""
    group = act.session.get(StaffGroup, number)
    if group is None:
        raise Refused(say(NOT_LINKED))
    staff_cards.stop(act, group)
    staff_cards.strip(act, group)
    act.session.delete(group)
    act.session.flush()
    act.audit("unlink_staff", f"staff_group:{number}")
    return group


def ask_who_stays(act: Act, person: Person) -> None:
    """Somebody is of the team no more: have Telegram say whether they are in its chats still."""
    for group in staff.groups(act.session):
        about = {
            "kind": "left_team",
            "group": group.id,
            "person": person.id,
            "told": act.actor.telegram_id,
        }
        # Owed to whoever acts: what is asked about a chat says nothing of whether it hears us.
        act.turn.owe(act.actor.telegram_id, parcel.member(group.chat_id, person.telegram_id, about))


@action(SYSTEM)
def who_stays(act: Act, answer: dict[str, Any]) -> None:
    """Telegram's answer: whoever is in a chat of the team and not of it is to be taken out.

    Where Telegram does not know, it is said all the same: it says "if".
    """
    about = answer["about"]
    group = act.session.get(StaffGroup, about["group"])
    person = act.session.get(Person, about["person"])
    if group is None or person is None or answer.get("standing") in NOT_IN_IT:
        return
    if person.id in {one.id for one in team_card.colleagues(act)}:
        return
    text = parcel.message(say(STILL_THERE, person=person.name, title=group.title))
    act.turn.owe(group.chat_id, text)
    if about["told"] != person.telegram_id:
        act.turn.owe(about["told"], text)


@action(ANYONE)
def moved(act: Act, old: int, new: int) -> None:
    """A chat got another number: the team's goes along. Telegram's word: nobody's role is asked."""
    group = staff.move(act.session, old, new)
    if group is not None:
        act.audit("staff_moved", f"staff_group:{group.id}")


@action(ANYONE)
def lost(act: Act, chat_id: int, why: str = LOST) -> None:
    """We are in a chat no more: if it was the team's, the team hears once.

    It is Telegram's word, so nobody's role is asked.
    """
    group = of_chat(act, chat_id)
    if group is None:
        return
    number, text = group.id, say(why, title=group.title)
    staff_cards.stop(act, group)
    act.session.delete(group)
    act.session.flush()
    act.audit("staff_lost", f"staff_group:{number}")
    tell_team(act, text, f"staff_lost:{number}:{act.now.isoformat()}")


@action(SYSTEM)
def look_round(act: Act) -> int:
    """Let go of the chats we were put out of while we could not hear of it; how many.

    Where we only may not write, the chat stays the team's, and the team hears of it once.
    """
    gone = 0
    for group in staff.groups(act.session):
        why = staff.refusal(act.session, group.chat_id)
        if why in staff.PUT_OUT or why in staff.GONE:
            lost(act, group.chat_id, LOST if why in staff.PUT_OUT else IS_GONE)
            gone += 1
        elif why in staff.SILENCED or why == staff.TOPIC_CLOSED:
            text = TOPIC_CLOSED if why == staff.TOPIC_CLOSED else SILENCED
            key = f"staff_silent:{group.id}:{group.linked_at.isoformat()}:{why}"
            tell_team(act, say(text, title=group.title), key)
    return gone


def tell_team(act: Act, text: Phrase, key: str) -> None:
    """Say something once to each of the team in private: gestores and administrators."""
    for one in team_card.colleagues(act):
        act.turn.owe_once(
            one.telegram_id, parcel.message(text), dedupe=f"{key}:{one.id}", lane=Lane.REMINDER
        )
