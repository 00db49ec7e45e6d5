"""The team's own Telegram groups: each report is one card there, kept up to date for all of them.

Whoever is in such a chat reads every report, private ones too; what they may do is asked of each
of them at each press. Only a gestor links one, and it belongs to no working group.
"""

from __future__ import annotations

from actions.act import ANYONE, GESTOR, SYSTEM, Act, Refused, action
from flows.phrase import N_, Phrase, say
from storage import group as groups
from storage import parcel, staff
from storage import person as people
from storage.letter import Lane
from storage.staff import StaffGroup

NOT_LINKED = N_("This chat is not the team's any more.")
A_WORKING_GROUP = N_(
    "This is the chat of the working group “{group}”, so it cannot be the team's too. Please "
    "create another chat for the team."
)
THE_TEAMS = N_("This is the team's own chat, so it cannot be a working group's too.")
LOST = N_(
    "I was put out of the team's chat “{title}”, so no reports go there any more. To have them "
    "there again, add me to it and write /equipo in it."
)


def of_chat(act: Act, chat_id: int) -> StaffGroup | None:
    """The team's group in this chat, if it is one."""
    return staff.by_chat(act.session, chat_id)


@action(GESTOR)
def may_link(act: Act, chat_id: int) -> None:
    """Raises Refused where this chat cannot become the team's."""
    working = groups.by_telegram(act.session, chat_id)
    if working is not None:
        raise Refused(say(A_WORKING_GROUP, group=working.name))


@action(GESTOR)
def link(act: Act, chat_id: int, title: str) -> StaffGroup:
    """From now on each report is a card in this chat; linking it again changes nothing."""
    may_link(act, chat_id)
    known = of_chat(act, chat_id)
    if known is not None:
        return known
    made = StaffGroup(chat_id=chat_id, title=title, linked_by=act.my_id, linked_at=act.now)
    act.session.add(made)
    act.session.flush()
    act.audit("link_staff", f"staff_group:{made.id}")
    return made


@action(GESTOR)
def unlink(act: Act, number: int) -> StaffGroup:
    """No more cards in this chat; those that stand there stay as they are. The group as it was."""
    group = act.session.get(StaffGroup, number)
    if group is None:
        raise Refused(say(NOT_LINKED))
    act.session.delete(group)
    act.session.flush()
    act.audit("unlink_staff", f"staff_group:{number}")
    return group


@action(ANYONE)
def moved(act: Act, old: int, new: int) -> None:
    """A chat got another number: the team's goes along. Telegram's word: nobody's role is asked."""
    group = staff.move(act.session, old, new)
    if group is not None:
        act.audit("staff_moved", f"staff_group:{group.id}")


@action(ANYONE)
def lost(act: Act, chat_id: int) -> None:
    """We were put out of a chat: if it was the team's, the admins hear once.

    It is Telegram's word, so nobody's role is asked.
    """
    group = of_chat(act, chat_id)
    if group is None:
        return
    number, text = group.id, say(LOST, title=group.title)
    act.session.delete(group)
    act.session.flush()
    act.audit("staff_lost", f"staff_group:{number}")
    tell_admins(act, text, f"staff_lost:{number}:{act.now.isoformat()}")


@action(SYSTEM)
def look_round(act: Act) -> int:
    """Let go of the chats we were put out of while we could not hear of it; how many."""
    gone = [g for g in staff.groups(act.session) if staff.turned_away(act.session, g.chat_id)]
    for group in gone:
        lost(act, group.chat_id)
    return len(gone)


def tell_admins(act: Act, text: Phrase, key: str) -> None:
    """Say something once to each administrator; to the gestores where none is known to us."""
    known = [people.by_telegram(act.session, number) for number in sorted(act.world.admins)]
    admins = [admin for admin in known if admin is not None]
    for person in admins or people.holders(act.session, people.GESTOR):
        act.turn.owe_once(
            person.telegram_id,
            parcel.message(text),
            dedupe=f"{key}:{person.id}",
            lane=Lane.REMINDER,
        )
