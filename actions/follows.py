"""What somebody follows beyond their own reports: barrios, categories, and circles on the map."""

from __future__ import annotations

from actions.act import CITIZEN, Act, Refused, action
from civic import nearness
from flows.phrase import N_, count, say
from storage import follow
from storage.follow import CATEGORY, PLACE, TERRITORY, Follow

MOST = 10
"""Of one person."""
NARROWEST, WIDEST = 100, follow.WIDEST
"""The radius of a circle, in metres."""
GONE = N_("That is no longer on our list.")
NO_RADIUS = N_("A circle has a radius of {least} to {most} metres.")


@action(CITIZEN)
def turn(act: Act, kind: str, about: int) -> bool:
    """Begin to follow a territory or a category, or end it; whether it is followed now."""
    if kind == TERRITORY:
        known = about in {place.id for place in act.town.territories}
    else:
        known = kind == CATEGORY and about in {one.id for one in act.town.categories}
    standing = find(act, kind, about)
    if standing is not None:
        drop(act, standing.id or 0)
        return False
    if not known:
        raise Refused(say(GONE))
    room(act)
    act.session.add(
        Follow(
            person_id=act.my_id,
            kind=kind,
            territory_id=about if kind == TERRITORY else None,
            category_id=about if kind == CATEGORY else None,
            created_at=act.now,
        )
    )
    act.session.flush()
    act.audit("follow", f"{kind}:{about}")
    return True


@action(CITIZEN)
def follow_place(
    act: Act, latitude: float, longitude: float, radius_m: int, label: str | None
) -> Follow:
    """Follow what happens within `radius_m` metres of a point (degrees, WGS 84)."""
    if not NARROWEST <= radius_m <= WIDEST:
        raise Refused(say(NO_RADIUS, least=NARROWEST, most=WIDEST))
    for one in follow.of(act.session, act.my_id):
        if one.kind == PLACE and (one.latitude, one.longitude) == (latitude, longitude):
            # The same place again: a wider or narrower circle round it.
            one.radius_m, one.label = radius_m, label or one.label
            act.session.flush()
            act.audit("follow", f"follow:{one.id}", radius=radius_m)
            return one
    room(act)
    made = Follow(
        person_id=act.my_id,
        kind=PLACE,
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
        cell=nearness.cell(latitude, longitude, nearness.WIDE),
        label=label,
        created_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    act.audit("follow", f"follow:{made.id}", radius=radius_m)
    return made


@action(CITIZEN)
def drop(act: Act, follow_id: int) -> None:
    """Follow it no longer; what is not there any more stays so."""
    standing = act.session.get(Follow, follow_id)
    if standing is None or standing.person_id != act.my_id:
        return
    act.session.delete(standing)
    act.session.flush()
    act.audit("unfollow", f"follow:{follow_id}", kind=standing.kind)


@action(CITIZEN)
def room(act: Act) -> None:
    """Raise Refused for somebody who follows as much as one can."""
    if len(follow.of(act.session, act.my_id)) >= MOST:
        raise Refused(
            count(
                "You follow {count} thing already, as many as can be. Take one off first.",
                "You follow {count} things already, as many as can be. Take one off first.",
                MOST,
            )
        )


def find(act: Act, kind: str, about: int) -> Follow | None:
    """What this person follows of that, if they do."""
    for one in follow.of(act.session, act.my_id):
        if one.kind == kind and about in (one.territory_id, one.category_id):
            return one
    return None
