"""Working groups: who is in them, who may write to them, and how a new one is composed.

Joining and leaving are everybody's own; whoever writes to a group signs with their name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC

from actions import group_chats, meeting_words, quiet
from actions import group_words as words
from actions.act import ANYONE, CITIZEN, GESTOR, LEADER, NOT_YOURS, SYSTEM, Act, Refused, action
from civic.words import fold
from flows.phrase import N_, lines, say
from storage import due, letter, parcel
from storage import group as groups
from storage.group import Membership, WorkingGroup
from storage.letter import Lane
from storage.parcel import Parcel
from storage.person import Person

NO_SUCH_GROUP = N_("That group is no longer there. See the others with /grupos.")
IN_IT = N_("You are in this group already.")
NOT_IN_IT = N_("You are not in this group.")
SAME_NAME = N_("There is a group with that name already. Please give this one another name.")
NO_SUCH_PLACE = N_("That part of town is no longer on the list. Please begin again.")
ENOUGH = N_("This group was written to {number} times today. Please wait until tomorrow.")
NOBODY = N_("Nobody is in this group yet, so there is nobody to write to.")

A_DAY = 3
"""How often a group may be written to on one day of the town's calendar."""


def get(act: Act, group_id: int) -> WorkingGroup:
    """A group by its number. Raises Refused when there is none, or it has ended."""
    group = act.session.get(WorkingGroup, group_id)
    if group is None or group.ended_at is not None:
        raise Refused(say(NO_SUCH_GROUP))
    return group


def led(act: Act, group_id: int) -> WorkingGroup:
    """A group that whoever acts may lead. Raises Refused for any other."""
    group = get(act, group_id)
    if not act.leads(group_id):
        raise Refused(say(NOT_YOURS))
    return group


def to_lead(act: Act) -> list[WorkingGroup]:
    """The groups that whoever acts may lead: their own, and for gestores all of them."""
    own = act.led_groups()
    found = groups.active(act.session) if own or act.is_gestor() else []
    if act.is_gestor():
        return sorted(found, key=lambda group: group.id not in own)
    return [group for group in found if group.id in own]


def is_member(act: Act, group_id: int) -> bool:
    """Whether whoever acts is in a group."""
    person = act.actor.person
    return (
        person is not None
        and person.id is not None
        and groups.membership(act.session, group_id, person.id) is not None
    )


@action(ANYONE)
def listed(act: Act, theme: str | None = None) -> list[WorkingGroup]:
    """Every group, or those of a theme: of one's own barrio first, then of the whole town."""
    found = [g for g in groups.active(act.session) if theme is None or g.theme == theme]
    home = act.actor.person.territory_id if act.actor.person else None
    if home is None:
        return found
    atlas = act.town.atlas
    near = {place.id for place in atlas.path(home)} | atlas.below(home)

    def distance(group: WorkingGroup) -> int:
        if group.territory_id is None:
            return 1
        return 0 if group.territory_id in near else 2

    return sorted(found, key=distance)


@action(CITIZEN)
def join(act: Act, group_id: int) -> WorkingGroup:
    """Come into a group; its meetings to come are told, and a link into its chat is asked for."""
    group = get(act, group_id)
    if is_member(act, group_id):
        raise Refused(say(IN_IT))
    act.session.add(Membership(group_id=group_id, person_id=act.my_id, joined_at=act.now))
    act.session.flush()
    act.audit("join", f"group:{group_id}")
    group_chats.ask_link(act, group)
    return group


@action(CITIZEN)
def leave(act: Act, group_id: int) -> WorkingGroup:
    """Go out of a group; its meetings no longer count on them."""
    group = act.session.get(WorkingGroup, group_id)
    place = groups.membership(act.session, group_id, act.my_id)
    if group is None or place is None:
        raise Refused(say(NOT_IN_IT))
    act.session.delete(place)
    act.session.flush()
    for meeting in groups.forget_attendance(act.session, group_id, act.my_id, act.now):
        meeting_words.refresh(act, meeting, group)
    act.audit("leave", f"group:{group_id}")
    return group


@action(GESTOR)
def create(
    act: Act, *, name: str, theme: str, territory_id: int | None, purpose: str
) -> WorkingGroup:
    """Set up a group; a name like another's would confuse people, so it is refused."""
    if territory_id is not None and not act.town.offers(territory_id):
        raise Refused(say(NO_SUCH_PLACE))
    if any(fold(other.name) == fold(name) for other in groups.active(act.session)):
        raise Refused(say(SAME_NAME))
    group = WorkingGroup(
        name=name,
        theme=theme,
        purpose=purpose,
        territory_id=territory_id,
        created_at=act.now,
    )
    act.session.add(group)
    act.session.flush()
    act.audit("create", f"group:{group.id}", territory=territory_id)
    return group


@action(LEADER)
def write(act: Act, group_id: int, said: str) -> int:
    """Write to everybody in a group, a few times a day at most; how many are in it."""
    led(act, group_id)
    size = groups.sizes(act.session, [group_id]).get(group_id, 0)
    if not size:
        raise Refused(say(NOBODY))
    today = act.now.astimezone(act.town.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    written = groups.written_since(act.session, group_id, today.astimezone(UTC))
    if written >= A_DAY:
        raise Refused(say(ENOUGH, number=A_DAY))
    due.plan(
        act.session,
        f"group_write:{group_id}:{today:%Y-%m-%d}:{written + 1}",
        "group_write",
        group_id,
        act.now,
        words=said,
        leader=act.me.name,
    )
    act.audit("write", f"group:{group_id}", members=size)
    return size


@action(SYSTEM)
def deliver(
    act: Act, group_id: int, said: str, leader: str, key: str, after: int, most: int
) -> tuple[int | None, int]:
    """Owe a piece of what was written to a group; where to go on, and how many letters."""
    group = act.session.get(WorkingGroup, group_id)
    if group is None:
        return None, 0
    text = lines(
        [say(words.WRITTEN, leader=leader, group=group.name), "", say(words.QUOTE, words=said)]
    )
    told = parcel.message(text, words.open_button(group_id))
    found, go_on = recipients(act, group_id, after, most)
    return go_on, quiet.owe(act, [(p.telegram_id, f"{key}:{p.id}", told) for p in found])


def recipients(act: Act, group_id: int, after: int, most: int) -> tuple[list[Person], int | None]:
    """The next members (those after person number `after`) who can be written to, and from
    where to go on: None when there are no more."""
    found = groups.members(act.session, group_id, after, most)
    go_on = found[-1].id if len(found) == most else None
    return [p for p in found if _hears(p)], go_on


def still(act: Act, group_id: int, person_ids: Sequence[int]) -> list[Person]:
    """Those of these people who are members and can be written to."""
    return [p for p in groups.members_of(act.session, group_id, person_ids) if _hears(p)]


def _hears(person: Person) -> bool:
    return person.reachable and person.privacy_version is not None


def owe_new(act: Act, told: Iterable[tuple[int, str, Parcel]]) -> int:
    """Owe (chat, dedupe key, parcel) as reminders that cannot wait, but for those owed before; how
    many."""
    told = list(told)
    act.turn.flush()
    known = letter.known_dedupes(act.session, [key for _, key, _ in told]) if told else set()
    fresh = [item for item in told if item[1] not in known]
    for chat_id, key, body in fresh:
        act.turn.owe(chat_id, body, lane=Lane.REMINDER, dedupe=key)
    return len(fresh)
