"""A working group's Telegram chat: linked by who leads the group, followed when Telegram moves it,
let go of when we are put out. Links into it are personal and work once.
"""

from __future__ import annotations

from typing import Any

from actions import group_words as words
from actions import staff
from actions.act import ANYONE, CITIZEN, LEADER, NOT_YOURS, SYSTEM, Act, Refused, action
from civic.words import fold
from flows.phrase import N_, Phrase, say
from storage import group as groups
from storage import letter, parcel
from storage import person as people
from storage.group import WorkingGroup
from storage.letter import Lane
from storage.person import Person

NOT_IN_IT = N_("You are not in this group.")
NO_CHAT = N_("This group has no Telegram chat yet.")
ASKED_ALREADY = N_(
    "I asked for your link a short while ago: look further up, or try again in an hour."
)
ANOTHER_CHAT = N_("This chat belongs to the group “{group}”, which you do not lead.")
NO_SUCH_GROUP = N_("There is no such group among those you lead.")


def ask_link(act: Act, group: WorkingGroup) -> bool:
    """Ask Telegram for a link of one's own into a group's chat, at most one an hour.

    False when there is no chat, or one was asked for a short while ago.
    """
    return _ask(act, group, act.me)


def _ask(act: Act, group: WorkingGroup, person: Person) -> bool:
    chat = group.telegram_id
    if chat is None:
        return False
    about = {"kind": "group_link", "group": group.id, "person": person.id, "chat": chat}
    asked = act.turn.owe_once(
        chat,
        parcel.invite_link(chat, person.telegram_id, about),
        dedupe=f"group_link:{group.id}:{person.id}:{chat}:{act.now:%Y-%m-%dT%H}",
        lane=Lane.REPLY,
    )
    return asked is not None


@action(ANYONE)
def let_in(act: Act, group_id: int) -> None:
    """Let a member who asks to enter into their group's chat: nobody's consent to a newer text is
    needed for that."""
    _, chat_id = _my_chat(act, group_id)
    about = {"kind": "group_entry", "group": group_id, "person": act.my_id}
    act.turn.owe(chat_id, parcel.approve_join(chat_id, act.me.telegram_id, about))
    act.audit("let_in", f"group:{group_id}")


@action(SYSTEM)
def not_let_in(act: Act, answer: dict[str, Any]) -> None:
    """Telegram did not let a member in: they get a link of their own instead."""
    member = _member(act, answer["about"])
    if member is not None and not _ask(act, *member):
        act.turn.owe(member[1].telegram_id, parcel.message(say(ASKED_ALREADY)))


@action(CITIZEN)
def ask_link_again(act: Act, group_id: int) -> None:
    """Another link of one's own, for a member who lost the first."""
    group, _ = _my_chat(act, group_id)
    if not ask_link(act, group):
        raise Refused(say(ASKED_ALREADY))


@action(SYSTEM)
def link_arrived(act: Act, answer: dict[str, Any]) -> None:
    """Telegram's answer to the question for a link: give it to whom it is for, or say why not."""
    about = answer["about"]
    member = _member(act, about)
    if member is None:
        # They left in the meantime: the link goes nowhere, and nobody else can know it.
        return
    group, person = member
    if answer.get("link"):
        act.turn.owe(
            person.telegram_id,
            parcel.message(
                say(words.LINK_IS_HERE, group=group.name),
                [[parcel.link(say(words.ENTER), str(answer["link"]))]],
            ),
        )
        return
    if group.telegram_id not in (None, about["chat"]):
        # The chat got another number while we were asking: ask there.
        _ask(act, group, person)
        return
    act.turn.owe(person.telegram_id, parcel.message(say(words.NO_LINK, group=group.name)))
    trouble = say(words.NO_LINK_LEADER, person=person.name, group=group.name)
    tell_leaders(act, about["group"], trouble, f"no_link:{group.id}:{person.id}:{act.now:%Y-%m-%d}")


def _member(act: Act, about: dict[str, Any]) -> tuple[WorkingGroup, Person] | None:
    """The group and the person that an answer of Telegram's is about, while they are in it."""
    group = act.session.get(WorkingGroup, about["group"])
    person = act.session.get(Person, about["person"])
    if group is None or person is None:
        return None
    if groups.membership(act.session, about["group"], about["person"]) is None:
        return None
    return group, person


def _my_chat(act: Act, group_id: int) -> tuple[WorkingGroup, int]:
    """A group that one is in, and its chat. Raises Refused where there is none."""
    group = act.session.get(WorkingGroup, group_id)
    if group is None or groups.membership(act.session, group_id, act.my_id) is None:
        raise Refused(say(NOT_IN_IT))
    if group.telegram_id is None:
        raise Refused(say(NO_CHAT))
    return group, group.telegram_id


@action(LEADER)
def link_chat(act: Act, group_id: int, chat_id: int) -> WorkingGroup:
    """This Telegram chat is that working group's from now on; the one before is let go."""
    group = act.session.get(WorkingGroup, group_id)
    if group is None or group.ended_at is not None or not act.leads(group_id):
        raise Refused(say(NOT_YOURS))
    if staff.of_chat(act, chat_id) is not None:
        raise Refused(say(staff.THE_TEAMS))
    before = groups.by_telegram(act.session, chat_id)
    if before is not None and before.id != group_id:
        if before.id is None or not act.leads(before.id):
            raise Refused(say(ANOTHER_CHAT, group=before.name))
        before.telegram_id = None
        act.session.flush()
    group.telegram_id = chat_id
    act.session.flush()
    act.audit("link_chat", f"group:{group_id}")
    return group


def named(found: list[WorkingGroup], name: str) -> WorkingGroup:
    """The group somebody means by its name or its beginning. Raises Refused unless it is one."""
    wanted = fold(name)
    for matches in (
        [group for group in found if fold(group.name) == wanted],
        [group for group in found if wanted and fold(group.name).startswith(wanted)],
        [group for group in found if wanted and wanted in fold(group.name)],
    ):
        if len(matches) == 1:
            return matches[0]
    raise Refused(say(NO_SUCH_GROUP))


@action(ANYONE)
def chat_moved(act: Act, old: int, new: int) -> None:
    """Telegram says that a group became a supergroup: its own word, so nobody's role is asked."""
    group = groups.move_telegram(act.session, old, new)
    staff.moved(act, old, new)
    act.turn.flush()
    letter.move_chat(act.session, old, new)
    if group is not None:
        act.audit("chat_moved", f"group:{group.id}")


@action(ANYONE)
def chat_lost(act: Act, chat_id: int) -> None:
    """Telegram says that we were put out of a chat: its own word, so nobody's role is asked."""
    staff.lost(act, chat_id)
    group = groups.move_telegram(act.session, chat_id, None)
    if group is None or group.id is None:
        return
    act.audit("chat_lost", f"group:{group.id}")
    lost = say(words.CHAT_LOST, group=group.name)
    tell_leaders(act, group.id, lost, f"chat_lost:{group.id}:{act.now.isoformat()}")


def tell_leaders(act: Act, group_id: int, text: Phrase, dedupe: str) -> None:
    """Say something once to whoever leads a group; to the gestores where nobody does."""
    charge = groups.leaders(act.session, group_id) or people.holders(act.session, people.GESTOR)
    for person in charge:
        act.turn.owe_once(person.telegram_id, parcel.message(text), dedupe=f"{dedupe}:{person.id}")
