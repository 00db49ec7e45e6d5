"""Roles are given by an invitation and ended by a tap; whoever is concerned is told both times.

Administrators come from the settings alone: nobody ends what they may do, and a gestor does not
end theirs.
"""

from __future__ import annotations

from actions import groups, invite, quiet, staff
from actions.act import CITIZEN, GESTOR, Act, Refused, action
from flows.phrase import N_, Phrase, say
from storage import due, parcel
from storage import role as stored
from storage.group import WorkingGroup
from storage.person import LEADER, Person, Role

NO_SUCH_ROLE = N_("That role has ended already.")
AN_ADMIN = N_("{person} is an administrator: only another one can change that.")
GESTOR_NAME = N_("gestor")
LEADER_NAME = N_("leader of {group}")
ACCEPTED = N_("✅ {person} accepted your invitation: {role}.")
ENDED = N_("Your role has ended: {role}. Thank you for what you did for your neighbours.")


def name_of(role: str, group: WorkingGroup | None) -> Phrase:
    """A role in words."""
    if role == LEADER:
        return say(LEADER_NAME, group=group.name if group else "…")
    return say(GESTOR_NAME)


@action(CITIZEN)
def accept(act: Act, secret: str) -> tuple[Role, WorkingGroup | None]:
    """Take the role of an invitation; whoever made it hears so. Raises Refused where it fails."""
    held = {role for role, _ in act.roles()}, act.led_groups()
    role = invite.accept_invite(act, secret)
    group = act.session.get(WorkingGroup, role.group_id) if role.group_id is not None else None
    fresh = role.group_id not in held[1] if role.role == LEADER else role.role not in held[0]
    if fresh and group is not None and not groups.is_member(act, group.id or 0):
        # Whoever leads a group is in it, and hears of its meetings like everybody.
        groups.join(act, group.id or 0)
    maker = act.session.get(Person, role.given_by) if role.given_by is not None else None
    if fresh and maker is not None:
        told = say(ACCEPTED, person=act.me.name, role=name_of(role.role, group))
        act.turn.owe(maker.telegram_id, parcel.message(told))
    return role, group


def get(act: Act, role_id: int) -> tuple[Role, Person, WorkingGroup | None]:
    """A role that is held, by whom, and of which group. Raises Refused when it has ended."""
    role = act.session.get(Role, role_id)
    person = act.session.get(Person, role.person_id) if role is not None else None
    if role is None or person is None:
        raise Refused(say(NO_SUCH_ROLE))
    group = act.session.get(WorkingGroup, role.group_id) if role.group_id is not None else None
    return role, person, group


def endable(act: Act, role_id: int) -> tuple[Role, Person, WorkingGroup | None]:
    """A role that whoever acts may end. Raises Refused for any other."""
    role, person, group = get(act, role_id)
    if person.telegram_id in act.world.admins and not act.is_admin():
        raise Refused(say(AN_ADMIN, person=person.name))
    return role, person, group


@action(GESTOR)
def end(act: Act, role_id: int) -> None:
    """Take a role back; whoever held it is told, unless they did it themselves."""
    role, person, group = endable(act, role_id)
    name = name_of(role.role, group)
    act.session.delete(role)
    act.session.flush()
    act.audit("end_role", f"person:{person.id}", role=role.role, group=role.group_id)
    if role.role == GESTOR and person.id is not None:
        # Nobody comes back by an invitation they made for themselves.
        stored.void_invites(act.session, act.now, person.id)
        # What they looked after is everybody's again.
        due.plan(
            act.session, f"release:{person.id}:{act.now.isoformat()}", "release", person.id, act.now
        )
        if person.telegram_id not in act.world.admins:
            staff.ask_who_stays(act, person)
    if person.id == act.my_id:
        act.actor._roles = None
    else:
        key = f"end_role:{role_id}:{act.now.isoformat()}"
        quiet.owe(act, [(person.telegram_id, key, parcel.message(say(ENDED, role=name)))])
