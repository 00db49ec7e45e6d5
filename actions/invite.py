"""An invitation gives a role once, to whoever opens its link in time; its secret is kept nowhere.

Gestores and leaders are invited by gestores (administrators are), or from the console. Only the
secret's hash is stored, so neither the database nor a backup of it can give anybody a role.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from actions.act import CITIZEN, GESTOR, LEADER, Act, Refused, action
from flows.phrase import N_, say
from storage import role as held
from storage.audit import Audit
from storage.group import WorkingGroup
from storage.person import Invite, Role, hash_of

DOOR = "role"
"""What a link's payload begins with: t.me/BOT?start=role-SECRET."""
VALID = timedelta(days=7)

UNKNOWN = N_("This invitation is not valid. Ask for a new one.")
USED = N_("This invitation has been used already. Each one works once: ask for a new one.")
EXPIRED = N_("This invitation has expired. Ask for a new one.")
GROUP_ENDED = N_("The group of this invitation has ended.")


class NoInvite(ValueError):
    """There is nothing to invite to; the message is for whoever runs the bot."""


def payload_of(secret: str) -> str:
    """The deep link's payload of an invitation (at most 64 characters, as Telegram allows)."""
    return f"{DOOR}-{secret}"


def make_invite(
    session: Session, role: str, group_id: int | None, made_by: int | None, now: datetime
) -> str:
    """Store an invitation to GESTOR, or to LEADER of a group, and return its secret.

    `made_by` is a person's number, None from the console. Raises NoInvite for another role, a
    leader without a group, a gestor with one, or a group that has ended.
    """
    if role == LEADER:
        group = session.get(WorkingGroup, group_id) if group_id is not None else None
        if group is None or group.ended_at is not None:
            raise NoInvite("a leader is invited to a working group that has not ended")
    elif role != GESTOR or group_id is not None:
        raise NoInvite("one can be invited as gestor, or as leader of a group")
    secret = secrets.token_hex(16)
    invite = Invite(
        hash=hash_of(secret),
        role=role,
        group_id=group_id,
        made_by=made_by,
        expires_at=now + VALID,
    )
    session.add(invite)
    session.flush()
    facts = {"role": role} | ({"group": group_id} if group_id is not None else {})
    session.add(
        Audit(
            at=now,
            person_id=made_by,
            action="make_invite",
            subject=f"invite:{invite.id}",
            facts=facts,
        )
    )
    session.flush()
    return secret


@action(GESTOR)
def invite_leader(act: Act, group_id: int) -> str:
    """Invite somebody to lead a group; returns the link's payload."""
    try:
        return payload_of(make_invite(act.session, LEADER, group_id, act.my_id, act.now))
    except NoInvite:
        raise Refused(say(GROUP_ENDED)) from None


@action(GESTOR)
def invite_gestor(act: Act) -> str:
    """Invite somebody to be a gestor; returns the link's payload."""
    return payload_of(make_invite(act.session, GESTOR, None, act.my_id, act.now))


@action(GESTOR)
def withdraw(act: Act) -> int:
    """Take back every invitation that nobody has taken yet, whoever made it; how many."""
    number = held.void_invites(act.session, act.now)
    if number:
        act.audit("withdraw_invites", "invites", number=number)
    return number


@action(CITIZEN)
def accept_invite(act: Act, secret: str) -> Role:
    """Take the role that an invitation gives. Opening one's own link again changes nothing.

    Raises Refused with a sentence when it is unknown, used, expired, or its group has ended.
    """
    session, me = act.session, act.my_id
    invite = session.exec(select(Invite).where(Invite.hash == hash_of(secret))).first()
    if invite is None:
        raise Refused(say(UNKNOWN))
    if invite.used_at is not None:
        standing = _role(session, me, invite.role, invite.group_id)
        # A role that was taken away does not come back by its old link.
        if invite.used_by != me or standing is None:
            raise Refused(say(USED))
        return standing
    if invite.expires_at <= act.now:
        raise Refused(say(EXPIRED))
    if invite.group_id is not None:
        group = session.get(WorkingGroup, invite.group_id)
        if group is None or group.ended_at is not None:
            raise Refused(say(GROUP_ENDED))
    invite.used_at, invite.used_by = act.now, me
    act.audit("accept_invite", f"invite:{invite.id}", role=invite.role)
    role = _role(session, me, invite.role, invite.group_id)
    if role is None:
        role = Role(
            person_id=me,
            role=invite.role,
            group_id=invite.group_id,
            given_by=invite.made_by,
            given_at=act.now,
        )
        session.add(role)
        act.actor._roles = None
    session.flush()
    return role


def _role(session: Session, person_id: int, role: str, group_id: int | None) -> Role | None:
    group = col(Role.group_id).is_(None) if group_id is None else Role.group_id == group_id
    return session.exec(
        select(Role).where(Role.person_id == person_id, Role.role == role, group)
    ).first()
