"""A half-finished draft is reminded of once, and let go of after its time; it wakes nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, update

from actions import quiet
from actions.act import SYSTEM, Act, action
from flows import engine
from flows.phrase import N_, say
from storage import due, parcel
from storage.conversation import TABLE
from storage.due import Planned
from storage.letter import Lane
from storage.parcel import Parcel
from storage.person import Person

EXPIRED = N_("What you had left half-finished was let go after some days. Nothing of it was kept.")


@action(SYSTEM)
def nudge(act: Act, offer: Callable[[dict[str, object]], Parcel | None], most: int = 500) -> int:
    """Remind everybody who left a flow open for the town's while; how many.

    Where none is active it is of the one parked last. `offer` says None for a flow that is there
    no more: nothing is said of it.
    """
    limit = act.now - timedelta(minutes=act.town.nudge_minutes)
    rows = act.session.connection().execute(
        select(TABLE.c.chat_id, TABLE.c.active, TABLE.c.parked)
        .where(TABLE.c.open, TABLE.c.nudged.is_(None), TABLE.c.touched <= limit)
        .order_by(TABLE.c.touched)
        .limit(most)
    )
    left = rows.all()
    chats = [chat_id for chat_id, _, _ in left]
    asleep = quiet.until(act, chats)
    for chat_id, active, parked in left:
        if chat_id in asleep:
            continue
        drafts = filter(None, [active, *reversed(parked or [])])
        told = next(filter(None, map(offer, drafts)), None)
        if told is not None:
            act.turn.owe(chat_id, told, lane=Lane.REMINDER)
    due.plan_all(
        act.session,
        [
            Planned(
                key=f"{quiet.DRAFT_LATER}:{person_id}:{at.isoformat()}",
                kind=quiet.DRAFT_LATER,
                subject=person_id,
                at=at,
                facts={},
            )
            for person_id, at in asleep.values()
        ],
    )
    if chats:
        act.session.connection().execute(
            update(TABLE).where(TABLE.c.chat_id.in_(chats)).values(nudged=act.now)
        )
    return len(chats)


@action(SYSTEM)
def look_again(act: Act, person_id: int) -> None:
    """Whoever was quiet when they were to be reminded is as if nobody had looked yet."""
    person = act.session.get(Person, person_id)
    if person is not None:
        act.session.connection().execute(
            update(TABLE).where(TABLE.c.chat_id == person.telegram_id).values(nudged=None)
        )


@action(SYSTEM)
def expire(act: Act, most: int = 500) -> int:
    """Let go of what nobody came back to; how many people were told."""
    limit = act.now - timedelta(hours=act.town.expire_hours)
    rows = act.session.connection().execute(
        select(TABLE.c.chat_id, TABLE.c.active)
        .where(TABLE.c.open, TABLE.c.touched <= limit)
        .order_by(TABLE.c.touched)
        .limit(most)
    )
    left = rows.all()
    chats = [chat_id for chat_id, _ in left]
    told = []
    for chat_id, active in left:
        keys = bool(active) and engine.shows_keys(active["talk"])
        gone = parcel.message(say(EXPIRED), clear_keys=keys)
        told.append((chat_id, f"expired:{chat_id}:{act.now.isoformat()}", gone))
    quiet.owe(act, told)
    if chats:
        act.session.connection().execute(
            update(TABLE)
            .where(TABLE.c.chat_id.in_(chats))
            .values(active=None, parked=[], open=False)
        )
    return len(chats)


def next_moment(act: Act) -> datetime | None:
    """When the next draft is to be reminded of or let go."""
    nudge_from = act.session.connection().scalar(
        select(func.min(TABLE.c.touched)).where(and_(TABLE.c.open, TABLE.c.nudged.is_(None)))
    )
    expire_from = act.session.connection().scalar(
        select(func.min(TABLE.c.touched)).where(TABLE.c.open)
    )
    moments = []
    if nudge_from is not None:
        moments.append(nudge_from + timedelta(minutes=act.town.nudge_minutes))
    if expire_from is not None:
        moments.append(expire_from + timedelta(hours=act.town.expire_hours))
    return min(moments, default=None)
